import { describe, expect, test } from 'bun:test';
import { createTracer } from '../../../src/http/trace.ts';
import { createScheduler } from '../../../src/jobs/scheduler.ts';
import { createLog } from '../../../src/log.ts';
import { currentScope } from '../../../src/scope.ts';
import { createClock, seedRandom } from '../../support/clock.ts';

const trace = () => createTracer({ random: seedRandom(7) });
const idOf = (response: Response) => response.headers.get('x-request-id') ?? '';
const ask = (id?: string) =>
  new Request('http://pay.example/', { headers: id === undefined ? {} : { 'x-request-id': id } });

describe('the id of a request', () => {
  test('is kept when it is sound', async () => {
    const handle = trace()(() => new Response('x'));
    for (const id of ['a', 'Shop-1.2_3', '0', 'x'.repeat(64)]) expect(idOf(await handle(ask(id)))).toBe(id);
  });

  test('is made new when it is not', async () => {
    const handle = trace()(() => new Response('x'));
    const bad = [
      '',
      ' ',
      'a b',
      'a,b',
      'x'.repeat(65),
      'x'.repeat(100_000),
      '<script>',
      'a"b',
      'a;b',
      'a/b',
      'é',
      '%0d%0aset-cookie:a=b',
    ];
    for (const id of bad) expect(idOf(await handle(ask(id)))).toMatch(/^req_[0-9a-f]{20}$/);
  });

  test('is never the same twice, also when the drawn bytes run out', async () => {
    const handle = trace()(() => new Response('x'));
    const ids = new Set<string>();
    for (let i = 0; i < 1000; i += 1) ids.add(idOf(await handle(ask())));
    expect(ids.size).toBe(1000);
  });

  test('is on every kind of answer, at once or later', async () => {
    const answers = [
      () => new Response('x'),
      () => Response.json({}),
      () => new Response(null, { status: 303, headers: { location: '/' } }),
      async () => new Response(null, { status: 304 }),
    ];
    for (const answer of answers) expect(idOf(await trace()(answer)(ask('mine')))).toBe('mine');
  });
});

describe('the log', () => {
  function setUp() {
    const lines: Record<string, unknown>[] = [];
    return { lines, log: createLog({ level: 'debug', now: () => 0, write: (line) => lines.push(JSON.parse(line)) }) };
  }

  test('names the request in every line of its work, each its own, however they mingle', async () => {
    const { lines, log } = setUp();
    const handle = trace()(async (request) => {
      log.info('before', { own: idFrom(request) });
      for (let i = 0; i < 5; i += 1) await new Promise(setImmediate);
      log.child({ part: 'x' }).warn('after', { own: idFrom(request) });
      return new Response('x');
    });
    await Promise.all(Array.from({ length: 20 }, (_, index) => handle(ask(`r${index}`))));
    expect(lines).toHaveLength(40);
    for (const line of lines) expect(line.request_id).toBe(line.own);
  });

  test('names none outside of a request, nor in the background work that a request woke', async () => {
    const { lines, log } = setUp();
    let runs = 0;
    await new Promise<void>((resolve) => {
      const work = async () => {
        runs += 1;
        log.info('background');
        if (runs === 3) resolve();
      };
      const job = { name: 'work', nextDue: async () => (woken && runs < 3 ? 0 : null), run: work };
      const scheduler = createScheduler([job], { clock: createClock(1), log });
      let woken = false;
      scheduler.start();
      const handle = trace()(() => {
        woken = true;
        scheduler.wake();
        log.info('request');
        return new Response('x');
      });
      setTimeout(() => handle(ask('waker')), 20);
    });
    log.info('outside');
    expect(lines.map(({ msg, request_id }) => [msg, request_id])).toEqual([
      ['request', 'waker'],
      ['background', undefined],
      ['background', undefined],
      ['background', undefined],
      ['outside', undefined],
    ]);
    expect(currentScope()).toBeNull();
  });
});

function idFrom(request: Request): string {
  return request.headers.get('x-request-id') ?? '';
}
