import { expect, test } from 'bun:test';
import { MINUTE } from '../../src/core/time.ts';
import { type ClaimInput, claimDue, type DueNotification } from '../../src/store/commands/deliveries/claim.ts';
import { type DeliveryResult, finishDelivery } from '../../src/store/commands/deliveries/finish.ts';
import { voidLeases } from '../../src/store/commands/deliveries/leases.ts';
import { resendNotification } from '../../src/store/commands/deliveries/resend.ts';
import { notifyShop } from '../../src/store/commands/notifications.ts';
import { findNextDue } from '../../src/store/queries/deliveries.ts';
import { findRow, findRows } from '../../src/store/table.ts';
import { present } from '../support/parts.ts';
import { chapters, type OpenEngine } from './open.ts';
import { makeWorld, type World } from './world.ts';

const LEASE = 2 * MINUTE;
const NOBODY: ReadonlyMap<string, number> = new Map();

async function start(engine: World['engine'], urls: readonly string[]) {
  const w = await makeWorld(engine);
  const { clock } = w;
  const { write, reader } = engine;
  /** One paid payment an address, so one due notification each, a second apart. */
  const fill = async (addresses: readonly string[]) => {
    for (const payokUrl of addresses) {
      const payment = await w.addPayment({ status: 'paid', order: { payokUrl } });
      await write((tx) => notifyShop(tx, payment, null, [{ event: 'payment.paid' }], w.telling()));
      clock.advance(1000);
    }
  };
  await fill(urls);
  return {
    ...w,
    claim: (change: Partial<ClaimInput> = {}) =>
      write((tx) =>
        claimDue(tx, {
          now: clock.now(),
          limit: 100,
          underWay: NOBODY,
          perTarget: 4,
          after: '',
          owner: 'one',
          leaseMs: LEASE,
          ...change,
        }),
      ),
    finish: (item: DueNotification, result: DeliveryResult, owner = 'one') =>
      write((tx) => finishDelivery(tx, item, result, clock.now(), owner)),
    next: (underWay = NOBODY) => findNextDue(reader, underWay, 4),
    row: async ({ id }: Pick<DueNotification, 'id'>) => present(await findRow(reader, 'outbox', { id })),
    lastEvent: async ({ paymentId }: DueNotification) => (await findRows(reader, 'events', { paymentId })).at(-1),
    resend: (paymentId: number) => write((tx) => resendNotification(tx, paymentId, clock.now())),
  };
}

const A = 'https://a.example/';
const B = 'https://b.example/';
const C = 'https://c.example/';

const targetsOf = (items: readonly DueNotification[]) => items.map((item) => item.target).sort();
const DELIVERED: DeliveryResult = { outcome: 'delivered', status: 204 };

export const describeOutbox = chapters<OpenEngine>({
  'claiming due notifications': describeClaims,
  'a lease': describeLeases,
  'the end of a try': describeEnds,
  'sending again': describeResends,
});

function describeClaims(open: OpenEngine): void {
  test('gives what sending needs, and each row once', async () => {
    await using engine = await open();
    const t = await start(engine, [A, B]);
    const [item] = await t.claim({ limit: 1 });
    const { id, webhookId, paymentId, projectId, event, url, target, body, tries, leasedUntil } = await t.row(
      present(item),
    );
    expect(item).toEqual({ id, webhookId, paymentId, projectId, event, url, target, body, tries, leasedUntil });
    expect(JSON.parse(body)).toMatchObject({ event: 'payment.paid', merchant_order_no: 'ORDER-1' });
    expect(targetsOf(await t.claim())).toEqual(['b.example']);
    expect(await t.claim()).toEqual([]);
  });

  test('in parallel, also by two processes, shares the rows without doubles', async () => {
    await using engine = await open();
    const t = await start(engine, [A, B, C, ...Array.from({ length: 9 }, () => A)]);
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, n) => t.claim({ limit: 2, owner: n % 2 === 0 ? 'one' : 'two' })),
    );
    for (let more = await t.claim(); more.length > 0; more = await t.claim()) claims.push(more);
    const ids = claims.flat().map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([12, 12]);
    for (const claim of claims.slice(0, 8)) expect(claim.length).toBeLessThanOrEqual(2);
  });

  test('takes no more of one shop than its share, and others are not held up by it', async () => {
    await using engine = await open();
    const t = await start(engine, [...Array.from({ length: 6 }, () => A), B]);
    expect(targetsOf(await t.claim({ perTarget: 2, limit: 3 }))).toEqual(['a.example', 'a.example', 'b.example']);
    expect(await t.claim({ underWay: new Map([['a.example', 3]]) })).toHaveLength(1);
  });

  test('lets shops take turns: a busy one early in the alphabet does not keep the places of later ones', async () => {
    await using engine = await open();
    const t = await start(engine, [A, A, B, C]);
    const turns: string[] = [];
    for (const after of ['', 'a.example', 'b.example', 'c.example']) {
      turns.push(...targetsOf(await t.claim({ limit: 1, perTarget: 1, after })));
    }
    expect(turns).toEqual(['a.example', 'b.example', 'c.example', 'a.example']);
  });

  test('leaves busy targets alone, and so does the question what is next', async () => {
    await using engine = await open();
    const t = await start(engine, ['https://a.example:444/x', B]);
    const busy = new Map([['a.example:444', 4]]);
    const firstDue = present(await t.next());
    expect(await t.next(busy)).toBe(firstDue + 1000);
    expect(targetsOf(await t.claim({ underWay: busy }))).toEqual(['b.example']);
    expect(await t.next()).toBe(firstDue);
    // Nothing else waits; but should that delivery die, its row is free then.
    expect(await t.next(busy)).toBe(t.clock.now() + LEASE);
  });

  test('leaves what is not yet due, takes what is due this very millisecond; the oldest first', async () => {
    await using engine = await open();
    const t = await start(engine, [B, A, B]);
    const first = present(await t.next());
    expect(await t.claim({ now: first - 1 })).toEqual([]);
    expect(targetsOf(await t.claim({ now: first }))).toEqual(['b.example']);
    expect(targetsOf(await t.claim({ limit: 1 }))).toEqual(['a.example']);
  });
}

function describeLeases(open: OpenEngine): void {
  test('that has ended is taken over, and the late result of its first owner is not written', async () => {
    await using engine = await open();
    const t = await start(engine, [A]);
    const late = present((await t.claim())[0]);
    expect(await t.next()).toBe(t.clock.now() + LEASE);
    t.clock.advance(LEASE - 1);
    expect(await t.claim({ owner: 'two' })).toEqual([]);
    t.clock.advance(1);
    const again = present((await t.claim({ owner: 'two' }))[0]);
    expect(again.id).toBe(late.id);
    expect(await t.finish(late, { outcome: 'dead', status: null, reason: 'timeout' })).toBe(false);
    expect(await t.row(late)).toMatchObject({ state: 'pending', leasedBy: 'two', tries: 0, lastError: null });
    expect(await t.lastEvent(late)).toBeUndefined();
    expect(await t.finish(again, DELIVERED, 'two')).toBe(true);
    expect(await t.row(late)).toMatchObject({ state: 'delivered', leasedBy: null, leasedUntil: null, tries: 1 });
    expect(await t.finish(late, DELIVERED)).toBe(false);
    expect(await t.next()).toBeNull();
  });

  test('that the same process has taken anew does not take the result of the try before', async () => {
    await using engine = await open();
    const t = await start(engine, [A]);
    const late = present((await t.claim())[0]);
    t.clock.advance(LEASE);
    const again = present((await t.claim())[0]);
    expect(again.id).toBe(late.id);
    expect(await t.finish(late, DELIVERED)).toBe(false);
    expect(await t.finish(again, DELIVERED)).toBe(true);
    expect(await t.row(again)).toMatchObject({ state: 'delivered', tries: 1 });
  });

  test('that has ended is free for one alone of those who come', async () => {
    await using engine = await open();
    const t = await start(engine, [A, B, C]);
    await t.claim();
    t.clock.advance(LEASE);
    const owners = Array.from({ length: 6 }, (_, n) => `later ${n}`);
    const claims = await Promise.all(owners.map((owner) => t.claim({ owner })));
    const last = await t.claim({ owner: 'last' });
    expect(targetsOf([...claims.flat(), ...last])).toEqual(['a.example', 'b.example', 'c.example']);
  });

  test('of another process is void where one process serves a database; one of this process stays', async () => {
    await using engine = await open();
    const t = await start(engine, [A, B]);
    await t.claim({ limit: 1, owner: 'gone' });
    await t.claim({ limit: 1, owner: 'this' });
    await engine.write((tx) => voidLeases(tx, 'this'));
    expect(targetsOf(await t.claim({ owner: 'this' }))).toEqual(['a.example']);
  });
}

function describeEnds(open: OpenEngine): void {
  test('delivered: never claimed again, and the timeline says so', async () => {
    await using engine = await open();
    const t = await start(engine, [A]);
    const item = present((await t.claim())[0]);
    expect(await t.finish(item, DELIVERED)).toBe(true);
    expect(await t.row(item)).toMatchObject({ state: 'delivered', tries: 1, lastStatus: 204, lastError: null });
    expect(await t.claim({ now: Number.MAX_SAFE_INTEGER })).toEqual([]);
    expect(await t.lastEvent(item)).toMatchObject({
      type: 'notification.delivered',
      data: { event: 'payment.paid', try: 1, status: 204 },
    });
  });

  test('to be retried: due again then and not before, same id and same body', async () => {
    await using engine = await open();
    const t = await start(engine, [A]);
    const item = present((await t.claim())[0]);
    const dueAt = t.clock.now() + 5000;
    await t.finish(item, { outcome: 'retry', status: 500, reason: 'HTTP 500', dueAt });
    expect(await t.row(item)).toMatchObject({
      state: 'pending',
      tries: 1,
      dueAt,
      lastStatus: 500,
      lastError: 'HTTP 500',
    });
    expect([await t.next(), await t.claim()]).toEqual([dueAt, []]);
    expect(await t.claim({ now: dueAt })).toEqual([{ ...item, tries: 1, leasedUntil: dueAt + LEASE }]);
  });

  test('dead: never claimed again, and the timeline says that it was the last', async () => {
    await using engine = await open();
    const t = await start(engine, [A]);
    const item = present((await t.claim())[0]);
    const { dueAt } = await t.row(item);
    await t.finish(item, { outcome: 'dead', status: null, reason: 'forbidden address' });
    expect(await t.row(item)).toMatchObject({ state: 'dead', dueAt, leasedBy: null, lastError: 'forbidden address' });
    expect(await t.claim({ now: Number.MAX_SAFE_INTEGER })).toEqual([]);
    expect(await t.lastEvent(item)).toMatchObject({ type: 'notification.failed', data: { final: true } });
  });
}

function describeResends(open: OpenEngine): void {
  test('makes a notification due at once as if it were new, whatever became of it', async () => {
    await using engine = await open();
    const t = await start(engine, [A]);
    const item = present((await t.claim())[0]);
    await t.finish(item, { outcome: 'dead', status: null, reason: 'gone' });
    expect(await t.resend(item.paymentId)).toEqual({ webhookId: item.webhookId, underWay: false });
    expect(await t.claim()).toEqual([item]);
    expect(await t.resend(999_999)).toBeNull();
  });

  test('changes nothing while it is on its way, unless whoever had it is gone', async () => {
    await using engine = await open();
    const t = await start(engine, [A]);
    const item = present((await t.claim())[0]);
    expect(await t.resend(item.paymentId)).toMatchObject({ underWay: true });
    expect(await t.row(item)).toMatchObject({ leasedBy: 'one' });
    t.clock.advance(LEASE);
    expect(await t.resend(item.paymentId)).toMatchObject({ underWay: false });
    expect(await t.row(item)).toMatchObject({ leasedBy: null, leasedUntil: null, dueAt: t.clock.now() });
  });
}
