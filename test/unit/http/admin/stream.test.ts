import { describe, expect, test } from 'bun:test';
import { streamText } from '../../../../src/http/admin/stream.ts';

function createSource(pieces: readonly string[] | null) {
  const seen = { made: 0, ended: 0, returned: 0, errors: [] as unknown[] };
  async function* make(): AsyncGenerator<string> {
    try {
      for (let at = 0; pieces === null || at < pieces.length; at += 1) {
        seen.made += 1;
        yield pieces?.[at] ?? 'more';
      }
    } finally {
      seen.returned += 1;
    }
  }
  const ends = {
    onEnd: () => {
      seen.ended += 1;
    },
    onError: (error: unknown) => void seen.errors.push(error),
  };
  return { seen, make, ends };
}

describe('a body in pieces', () => {
  test('is what its pieces are, one after the other, and says once that it has ended', async () => {
    const { seen, make, ends } = createSource(['一', 'two', '\u{feff}three']);
    const body = streamText(make(), ends);
    expect(await new Response(body).bytes()).toEqual(new TextEncoder().encode('一two\u{feff}three'));
    expect(seen).toEqual({ made: 3, ended: 1, returned: 1, errors: [] });
  });

  test('lets others be served between two pieces, however quickly it is read', async () => {
    const { ends } = createSource(null);
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 0);
    const at: number[] = [];
    async function* make(): AsyncGenerator<string> {
      for (let piece = 0; piece < 5; piece += 1) {
        at.push(turns);
        yield 'piece';
      }
    }
    await new Response(streamText(make(), ends)).text();
    clearInterval(others);
    expect(new Set(at).size).toBe(5);
  });

  test('makes no piece that nobody takes, and stops when its reader goes away', async () => {
    const { seen, make, ends } = createSource(null);
    const reader = streamText(make(), ends).getReader();
    await reader.read();
    await Bun.sleep(5);
    expect(seen.made).toBeLessThanOrEqual(2);
    await reader.cancel();
    expect(seen).toMatchObject({ ended: 1, returned: 1, errors: [] });
  });

  test('breaks off where a piece cannot be made, so that nobody takes a part for the whole', async () => {
    const { seen, ends } = createSource(null);
    const broken = new Error('no database');
    async function* make(): AsyncGenerator<string> {
      yield 'first';
      throw broken;
    }
    const reader = streamText(make(), ends).getReader();
    await reader.read();
    expect(await reader.read().catch((error: unknown) => error)).toBe(broken);
    expect([seen.ended, seen.errors]).toEqual([1, [broken]]);
  });

  test('does not wait for ever for who takes nothing', async () => {
    const { seen, make, ends } = createSource(null);
    const reader = streamText(make(), ends, 20).getReader();
    await reader.read();
    while (seen.ended === 0) await Bun.sleep(5);
    expect(seen.returned).toBe(1);
    await reader.read().catch(() => {});
    expect(await reader.read().catch((error: Error) => error.message)).toContain('nobody took the next piece');
  });
});
