import { describe, expect, test } from 'bun:test';
import { PayCoreError } from '../../../src/core/errors.ts';
import { createIntake, type Door, type IntakeOptions, type Sending } from '../../../src/http/intake.ts';
import { type RequestScope, runInScope } from '../../../src/scope.ts';
import { holdTimers } from '../../support/clock.ts';

const KB = 1024;
const ROOM = { total: 100 * KB, perSender: 50 * KB };
const ROOMS = { keyed: ROOM, open: ROOM };

function setUp(options: IntakeOptions = {}) {
  const timers = { ...holdTimers(), cancelled: 0 };
  const intake = createIntake({
    rooms: ROOMS,
    setTimer(run, ms) {
      timers.setTimer(run, ms);
      return () => {
        timers.cancelled += 1;
      };
    },
    ...options,
  });

  /** A body of which nothing has come yet. */
  const begin = (from: Partial<Sending> & { readonly announced?: number } = {}) => {
    const { announced, ...sending } = from;
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const headers: Record<string, string> = announced === undefined ? {} : { 'content-length': String(announced) };
    const request = new Request('http://pay.example/', { method: 'POST', body: readable, headers });
    const scope: RequestScope = { requestId: 'r', quota: null, mustClose: false };
    const got = runInScope(scope, () =>
      intake.receive(request, { door: 'open', sender: 'a', limit: 50 * KB, ...sending }),
    );
    const state = { outcome: 'waiting' as string, scope };
    got.then(
      (bytes) => {
        state.outcome = `${bytes.byteLength} bytes`;
      },
      (error: unknown) => {
        state.outcome = error instanceof PayCoreError ? error.code : String(error);
      },
    );
    const writer = writable.getWriter();
    const finish = async (bytes = 10) => {
      await writer.write(new Uint8Array(bytes));
      await writer.close();
      await got.catch(() => {});
    };
    return Object.assign(state, { finish });
  };
  return { begin, timers };
}

const outcomes = async (all: readonly { readonly outcome: string }[]) => {
  await Bun.sleep(0);
  return all.map(({ outcome }) => outcome);
};

describe('a body on its way in', () => {
  test('has ten seconds, after which its connection ends', async () => {
    const { begin, timers } = setUp();
    const slow = begin();
    expect(timers.held.map(({ ms }) => ms)).toEqual([10_000]);
    expect(await outcomes([slow])).toEqual(['waiting']);
    timers.fire();
    expect(await outcomes([slow])).toEqual(['REQUEST_TIMEOUT']);
    expect(slow.scope.mustClose).toBe(true);
  });

  test('that is there in time is given whole, and its connection goes on', async () => {
    const { begin, timers } = setUp();
    const quick = begin();
    await quick.finish(20 * KB);
    expect(timers.cancelled).toBe(1);
    expect(await outcomes([quick])).toEqual([`${20 * KB} bytes`]);
    expect(quick.scope.mustClose).toBe(false);
  });

  test('is refused at once when it says that it is longer than it may be', async () => {
    const { begin, timers } = setUp();
    expect(await outcomes([begin({ announced: 50 * KB + 1 })])).toEqual(['PAYLOAD_TOO_LARGE']);
    expect(timers.held).toEqual([]);
  });
});

describe('room for bodies', () => {
  test('is made by those of the same sender who have kept us waiting for longest', async () => {
    const { begin } = setUp();
    const held = [20, 20, 20, 20].map((size) => begin({ announced: size * KB }));
    const other = begin({ sender: 'b', announced: 20 * KB });
    expect(await outcomes(held)).toEqual(['SERVER_BUSY', 'SERVER_BUSY', 'waiting', 'waiting']);
    expect(held.map(({ scope }) => scope.mustClose)).toEqual([true, true, false, false]);
    expect(await outcomes([other])).toEqual(['waiting']);
  });

  test('is made by the oldest of all when many senders fill it', async () => {
    const { begin } = setUp();
    const senders = ['a', 'b', 'c', 'd'].map((sender) => begin({ sender, announced: 30 * KB }));
    expect(await outcomes(senders)).toEqual(['SERVER_BUSY', 'waiting', 'waiting', 'waiting']);
    const honest = begin({ sender: 'e', announced: 30 * KB });
    await honest.finish();
    expect(await outcomes([honest])).toEqual(['10 bytes']);
  });

  test('is given back by what came whole, and by what timed out', async () => {
    const { begin, timers } = setUp();
    const late = begin({ announced: 50 * KB });
    timers.fire();
    await outcomes([late]);
    const patient = begin({ announced: 20 * KB });
    for (let n = 0; n < 5; n += 1) await begin({ announced: 30 * KB }).finish();
    expect(await outcomes([late, patient])).toEqual(['REQUEST_TIMEOUT', 'waiting']);
  });

  test('of unknown length counts as the longest that it may be, and of a few bytes as what a connection costs', async () => {
    const { begin } = setUp();
    const endless = [begin({ limit: 30 * KB }), begin({ limit: 30 * KB })];
    expect(await outcomes(endless)).toEqual(['SERVER_BUSY', 'waiting']);
    const short = Array.from({ length: 7 }, () => begin({ sender: 'b', announced: 1 }));
    expect(await outcomes(short)).toEqual(['SERVER_BUSY', ...Array.from({ length: 6 }, () => 'waiting')]);
  });

  test('of callers with a key is not what strangers fill', async () => {
    const { begin } = setUp();
    const at = (door: Door) => begin({ door, sender: '1', announced: 50 * KB });
    const keyed = at('keyed');
    const strangers = ['a', 'b', 'c'].map((sender) => begin({ sender, announced: 50 * KB }));
    expect(await outcomes([keyed, ...strangers])).toEqual(['waiting', 'SERVER_BUSY', 'waiting', 'waiting']);
  });

  test('is, unless told otherwise, 8 MB for an address and 32 MB for all', async () => {
    const { begin } = setUp({ rooms: undefined as never });
    const one = Array.from({ length: 129 }, () => begin({ announced: 64 * KB, limit: 64 * KB }));
    const counted = (await outcomes(one)).filter((outcome) => outcome === 'waiting');
    expect(counted).toHaveLength(128);
    const all = Array.from({ length: 600 }, (_, n) => begin({ sender: `s${n}`, announced: 64 * KB, limit: 64 * KB }));
    expect((await outcomes([...one, ...all])).filter((outcome) => outcome === 'waiting')).toHaveLength(512);
  });
});
