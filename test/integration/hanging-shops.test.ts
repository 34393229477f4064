import { expect, spyOn, test } from 'bun:test';
import { SECOND } from '../../src/core/time.ts';
import { insertRows } from '../../src/store/table.ts';
import type { TestApp } from '../support/app.ts';
import { useApp, useStandIn } from '../support/apps.ts';
import { present } from '../support/parts.ts';

/** Shops that hang or fail beside shops that answer; every name is this machine. */

const LOCAL = [{ address: '127.0.0.1', family: 4 }] as const;
const app = useApp({ lookup: async () => LOCAL });
const dead = useStandIn();

let told = 0;

/** So many notifications to each of these addresses, as those of one payment: what is sent is all that matters here. */
async function tell(urls: readonly string[], { count = 1, projectId = 1, tries = 0 } = {}): Promise<void> {
  const known = await app.rows.payments();
  const { id: paymentId } = known[0] ?? (await makePayment(app));
  const now = app.clock.now();
  const rows = urls.flatMap((url) =>
    Array.from({ length: count }, () => ({
      ...{ webhookId: `msg_${++told}`, paymentId, projectId, event: 'payment.attention' as const, about: `${told}` },
      ...{ url, target: `${projectId} ${new URL(url).origin}`, body: '{}', state: 'pending' as const },
      ...{ tries, dueAt: now, createdAt: now, updatedAt: now },
    })),
  );
  for (let at = 0; at < rows.length; at += 100) {
    await app.engine.write((tx) => insertRows(tx, 'outbox', rows.slice(at, at + 100)));
  }
}

async function makePayment({ create, rows }: TestApp) {
  await create('ecpay/atm');
  return present((await rows.payments())[0]);
}

const shopsAt = (url: string, name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${url.replace('127.0.0.1', `${name}-${n}.example`)}/payok`);

const idsOf = (requests: TestApp['shop']['received']) => requests.map(({ headers }) => headers['webhook-id']);
const hostsOf = (requests: TestApp['shop']['received']) => requests.map(({ headers }) => headers.host);

/** Nobody is answered before the test says so. */
function hang(answer: () => Response = () => new Response(null, { status: 204 })) {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  dead.answer = async () => {
    await held;
    return answer();
  };
  return () => release();
}

/** Wakes the work until so many have been heard, as whoever ends does. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turns = 0; !isSo(); turns += 1) {
    if (turns > 2000) throw new Error('it does not happen');
    await app.startDeliveries();
    await Bun.sleep(2);
  }
}

test('a hundred shops that hang have a place each, whatever waits for them, and others are told at once', async () => {
  await tell(shopsAt(dead.url, 'dead', 100), { count: 10 });
  const release = hang(() => new Response(null, { status: 410 }));
  await until(() => dead.received.length === 100);
  for (let round = 1; round <= 2; round += 1) {
    await tell(shopsAt(app.shop.url, 'shop', 30), { count: 2 });
    await until(() => app.shop.received.length === round * 60);
  }
  expect(new Set(hostsOf(dead.received)).size).toBe(100);
  expect(dead.received).toHaveLength(100);
  release();
});

test('shops whose last try failed have half of the places together, also for a process that has just begun', async () => {
  await tell(shopsAt(dead.url, 'dead', 150), { tries: 1 });
  const release = hang();
  await until(() => dead.received.length === 128);
  await tell(shopsAt(app.shop.url, 'shop', 40));
  await until(() => app.shop.received.length === 40);
  expect(dead.received).toHaveLength(128);
  release();
  await app.deliver();
  expect(dead.received).toHaveLength(150);
});

test('a second notification is sent once while the first is under way, and none of another shop at that host waits', async () => {
  const release = hang();
  const other = app.shop.url.replace('127.0.0.1', 'host.example');
  const hanging = dead.url.replace('127.0.0.1', 'host.example');
  await tell([`${hanging}/payok`]);
  await until(() => dead.received.length === 1);
  await tell([`${hanging}/payok`], { count: 20 });
  await tell([`${other}/payok`], { count: 20 });
  // Another project’s shop at the same origin is another shop.
  await tell([`${hanging}/payok`], { projectId: 2 });
  await until(() => app.shop.received.length === 20);
  await until(() => dead.received.length === 2);
  for (let wakes = 0; wakes < 10; wakes += 1) await app.startDeliveries();
  expect(dead.received).toHaveLength(2);
  release();
  await app.deliver();
  const ids = [...idsOf(dead.received), ...idsOf(app.shop.received)];
  expect([ids.length, new Set(ids).size]).toEqual([42, 42]);
  expect(new Set((await app.rows.outbox()).map(({ state }) => state))).toEqual(new Set(['delivered']));
});

test('what waits behind a shop that hangs is tried when it has a place, also when that takes longer than its lease', async () => {
  const release = hang();
  await tell([`${dead.url}/payok`], { count: 3 });
  await until(() => dead.received.length === 1);
  for (let minutes = 0; minutes < 3; minutes += 1) {
    app.clock.advance(50 * SECOND);
    await app.startDeliveries();
  }
  release();
  await app.deliver();
  const tried = new Map<string | undefined, number>();
  for (const id of idsOf(dead.received)) tried.set(id, (tried.get(id) ?? 0) + 1);
  expect(tried.size).toBe(3);
  expect(new Set((await app.rows.outbox()).map(({ state }) => state))).toEqual(new Set(['delivered']));
});

test('two processes deliver each notification once', async () => {
  const twin = app.createTwin({ processId: 'two' }).jobs.notifications;
  const own = app.program.jobs.notifications;
  await tell(shopsAt(app.shop.url, 'shop', 12), { count: 10 });
  while ((await app.rows.outbox({ state: 'pending' })).length > 0) {
    await Promise.all([own.run(), twin.run(), own.run(), twin.run()]);
    await Promise.all([own.settled(), twin.settled()]);
    app.clock.advance(SECOND);
  }
  const ids = idsOf(app.shop.received);
  expect([ids.length, new Set(ids).size]).toEqual([120, 120]);
  expect(new Set((await app.rows.outbox()).map(({ tries }) => tries))).toEqual(new Set([1]));
});

test('a shop has twenty seconds to answer, and for longer than that nobody else may try', async () => {
  const release = hang();
  const timers = spyOn(globalThis, 'setTimeout');
  await tell([`${dead.url}/payok`]);
  await until(() => dead.received.length === 1);
  const waits = timers.mock.calls.map(([, ms]) => ms ?? 0);
  timers.mockRestore();
  expect(waits).toContain(20 * SECOND);
  const [row] = await app.rows.outbox();
  expect(row?.leasedUntil).toBeGreaterThanOrEqual(app.clock.now() + 40 * SECOND);
  release();
  await app.deliver();
});
