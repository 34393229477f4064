import { expect, test } from 'bun:test';
import { MINUTE } from '../../src/core/time.ts';
import {
  type ClaimInput,
  claimDue,
  type DueNotification,
  renewLeases,
} from '../../src/store/commands/deliveries/claim.ts';
import { type DeliveryResult, finishDelivery } from '../../src/store/commands/deliveries/finish.ts';
import { type Resending, resendNotification } from '../../src/store/commands/deliveries/resend.ts';
import { enterAlone } from '../../src/store/commands/nodes.ts';
import { notifyShop } from '../../src/store/commands/notifications.ts';
import { findNextDue } from '../../src/store/queries/deliveries.ts';
import { findRow, findRows } from '../../src/store/table.ts';
import type { Tx } from '../../src/store/tx.ts';
import { present } from '../support/parts.ts';
import { chapters, type OpenEngine } from './open.ts';
import { makeWorld, type World } from './world.ts';

const LEASE = 2 * MINUTE;

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
    fill,
    claim: (change: Partial<ClaimInput> = {}) =>
      write((tx) =>
        claimDue(tx, {
          now: clock.now(),
          limit: 100,
          owner: 'one',
          leaseMs: LEASE,
          ...change,
        }),
      ),
    finish: (item: DueNotification, result: DeliveryResult, owner = 'one') =>
      write((tx) => finishDelivery(tx, item, result, clock.now(), owner)),
    renew: (items: readonly DueNotification[], owner = 'one') =>
      write((tx) => renewLeases(tx, items, { now: clock.now(), owner, leaseMs: LEASE })),
    next: () => findNextDue(reader),
    row: async ({ id }: Pick<DueNotification, 'id'>) => present(await findRow(reader, 'outbox', { id })),
    lastEvent: async ({ paymentId }: DueNotification) => (await findRows(reader, 'events', { paymentId })).at(-1),
    resend: (paymentId: number, more: Partial<Resending> = {}) =>
      write((tx) => resendNotification(tx, paymentId, { by: { type: 'api_key', id: 1 }, ...more }, clock.now())),
  };
}

const A = 'https://a.example/';
const B = 'https://b.example/';
const C = 'https://c.example/';

const shopsOf = (items: readonly DueNotification[]) => items.map(({ url }) => new URL(url).host).sort();
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
    const { state, about, leasedBy, lastStatus, lastError, lastAnswer, keyKind, createdAt, updatedAt, ...row } =
      await t.row(present(item));
    expect(item).toEqual({ ...row, hasFailed: false });
    expect(JSON.parse(row.body)).toMatchObject({ event: 'payment.paid', merchant_order_no: 'ORDER-1' });
    expect(shopsOf(await t.claim())).toEqual(['b.example']);
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

  test('knows a shop by its project and its origin', async () => {
    await using engine = await open();
    const t = await start(engine, ['https://A.example/x?y', 'http://a.example/', 'https://a.example:8443/', A]);
    const other = await makeWorld(engine, undefined, 'other');
    const payment = await other.addPayment({ status: 'paid', order: { payokUrl: A } });
    await engine.write((tx) => notifyShop(tx, payment, null, [{ event: 'payment.paid' }], t.telling()));
    const [one, two] = [t.project.id, other.project.id];
    expect((await t.claim()).map(({ target }) => target)).toEqual([
      `${one} https://a.example`,
      `${one} http://a.example`,
      `${one} https://a.example:8443`,
      `${one} https://a.example`,
      `${two} https://a.example`,
    ]);
  });

  test('says of which shops something waits for another try, until that is over', async () => {
    await using engine = await open();
    const t = await start(engine, [A, B, A, A]);
    const failed = async () => (await t.claim()).map((item) => `${shopsOf([item])} ${item.hasFailed}`);
    const [first, second] = await t.claim({ limit: 2 });
    await t.finish(present(first), { outcome: 'retry', status: 500, reason: 'HTTP 500', dueAt: t.clock.now() + LEASE });
    await t.finish(present(second), DELIVERED);
    await t.fill([B]);
    expect(await failed()).toEqual(['a.example true', 'a.example true', 'b.example false']);
    t.clock.advance(LEASE);
    const again = present((await t.claim()).find(({ id }) => id === present(first).id));
    expect(again.hasFailed).toBe(true);
    await t.finish(again, DELIVERED);
    t.clock.advance(LEASE);
    expect(await failed()).toEqual(['a.example false', 'a.example false', 'b.example false']);
  });

  test('is as many statements for many shops as for one, and goes through no more rows than its limit', async () => {
    await using engine = await open();
    const t = await start(engine, [A]);
    await t.fill(Array.from({ length: 40 }, (_, n) => `https://shop-${n}.example/`));
    const asked: number[] = [];
    const count = (tx: Tx): Tx => ({
      ...tx,
      run: async (...args) => {
        asked.push(0);
        return tx.run(...args);
      },
      all: async (...args) => {
        const rows = await tx.all(...args);
        asked.push(rows.length);
        return rows;
      },
    });
    const claim = (limit: number) =>
      engine.write(async (tx) => {
        asked.length = 0;
        const input = { now: t.clock.now(), limit, owner: 'one', leaseMs: LEASE };
        const { length } = await claimDue(count(tx), input);
        return [length, asked.length, Math.max(...asked)];
      });
    expect([await claim(1), await claim(30)]).toEqual([
      [1, 3, 1],
      [30, 3, 30],
    ]);
  });

  test('leaves what is not yet due, takes what is due this very millisecond; the oldest first', async () => {
    await using engine = await open();
    const t = await start(engine, [B, A, C]);
    const first = present(await t.next());
    expect(await t.claim({ now: first - 1 })).toEqual([]);
    const [b] = await t.claim({ now: first });
    expect(shopsOf([present(b)])).toEqual(['b.example']);
    // Due again between the others, though it is the oldest row.
    await t.finish(present(b), { outcome: 'retry', status: 500, reason: 'HTTP 500', dueAt: first + 1500 });
    expect(await t.next()).toBe(first + 1000);
    const turns = [await t.claim({ limit: 2 }), await t.claim()];
    expect(turns.map((claimed) => claimed.map((item) => shopsOf([item])[0]))).toEqual([
      ['a.example', 'b.example'],
      ['c.example'],
    ]);
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
    expect(shopsOf([...claims.flat(), ...last])).toEqual(['a.example', 'b.example', 'c.example']);
  });

  test('is taken anew by its owner alone, as long as it is the one that he has', async () => {
    await using engine = await open();
    const t = await start(engine, [A, B, C]);
    const [a, b, c] = await t.claim();
    t.clock.advance(LEASE - 1);
    expect(await t.renew([present(a), present(b)], 'two')).toEqual([]);
    const [renewed] = await t.renew([present(a)]);
    expect(renewed).toMatchObject({ id: present(a).id, leasedUntil: t.clock.now() + LEASE });
    // It has been taken anew already.
    expect(await t.renew([present(a)])).toEqual([]);
    t.clock.advance(1);
    expect(shopsOf(await t.claim({ owner: 'two' }))).toEqual(['b.example', 'c.example']);
    expect(await t.renew([present(b), present(c)])).toEqual([]);
    expect(await t.finish(present(a), DELIVERED)).toBe(false);
    expect(await t.finish(present(renewed), DELIVERED)).toBe(true);
  });

  test('that ends leaves room for what is new: of many a few come back at a time', async () => {
    await using engine = await open();
    const t = await start(engine, [A, A, A, A, A]);
    await t.claim();
    t.clock.advance(LEASE);
    await t.fill([B, B]);
    const claims = [await t.claim({ limit: 4 }), await t.claim({ limit: 8 }), await t.claim()];
    expect(claims.map(shopsOf)).toEqual([
      ['a.example', 'b.example', 'b.example'],
      ['a.example', 'a.example'],
      ['a.example', 'a.example'],
    ]);
  });

  test('of another process is void where one process serves a database; one of this process stays', async () => {
    await using engine = await open();
    const t = await start(engine, [A, B]);
    await t.claim({ limit: 1, owner: 'gone' });
    await t.claim({ limit: 1, owner: 'this' });
    const node = { id: 'this', name: 'this:8080', version: '1', publicUrl: A, now: t.clock.now() };
    await engine.write((tx) => enterAlone(tx, node, MINUTE));
    expect(shopsOf(await t.claim({ owner: 'this' }))).toEqual(['a.example']);
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
    expect(await t.claim({ now: dueAt })).toEqual([
      { ...item, tries: 1, dueAt, leasedUntil: dueAt + LEASE, hasFailed: true },
    ]);
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
    expect(await t.resend(item.paymentId)).toEqual({
      event: 'payment.paid',
      webhookId: item.webhookId,
      underWay: false,
    });
    expect(await t.claim()).toEqual([{ ...item, dueAt: t.clock.now() }]);
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
