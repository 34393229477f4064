import { expect, test } from 'bun:test';
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts';
import { claimDue } from '../../src/store/commands/deliveries/claim.ts';
import { type DeliveryResult, finishDelivery } from '../../src/store/commands/deliveries/finish.ts';
import { resendDead, resendDelivery } from '../../src/store/commands/deliveries/resend.ts';
import { notifyShop } from '../../src/store/commands/notifications.ts';
import {
  countDead,
  type DeliveryEffort,
  type DeliveryQuery,
  findDelivery,
  listDeliveries,
  listTries,
} from '../../src/store/queries/delivery-list.ts';
import { findRow } from '../../src/store/table.ts';
import { present } from '../support/parts.ts';
import { chapters, type OpenEngine } from './open.ts';
import { makeWorld, SHOP_URL, type World } from './world.ts';

type Event = Parameters<typeof notifyShop>[3][number]['event'];
const GONE: DeliveryResult = { outcome: 'dead', status: 500, reason: 'the shop answered HTTP 500', answer: 'no' };
const START_OF_LIST = { at: 0, id: 0 };

/** Notifications a minute apart, named by their payments: ORDER-1 is the oldest. */
async function start(engine: World['engine']) {
  const w = await makeWorld(engine, ['payment.paid', 'payment.refunded', 'payment.failed']);
  const { clock } = w;
  const { write, reader } = engine;
  const tell = async (event: Event = 'payment.paid', from: World = w, change: object = {}) => {
    const payment = await from.addPayment({ status: 'paid', ...change });
    await write((tx) => notifyShop(tx, payment, null, [{ event }], w.telling()));
    clock.advance(MINUTE);
    return payment;
  };
  const claim = (limit = 100) =>
    write((tx) => claimDue(tx, { now: clock.now(), limit, owner: 'one', leaseMs: 2 * MINUTE }));
  /** Whatever is due ends like this. */
  const end = async (result: DeliveryResult) => {
    const items = await claim();
    for (const item of items) await write((tx) => finishDelivery(tx, item, result, clock.now(), 'one'));
  };
  const list = async (query: Partial<DeliveryQuery> = {}, effort?: DeliveryEffort) => {
    const usual = { projectIds: [w.project.id], keyKinds: ['test'], since: 0, before: null, limit: 50 } as const;
    const page = await listDeliveries(reader, { ...usual, ...query }, effort);
    return { ...page, orders: page.deliveries.map(({ merchantOrderNo }) => merchantOrderNo) };
  };
  const rowOf = async ({ id: paymentId }: { readonly id: number }) =>
    present(await findRow(reader, 'outbox', { paymentId }));
  const resendAll = (change: Partial<Parameters<typeof resendDead>[1]> = {}) =>
    write((tx) =>
      resendDead(tx, {
        ...{ projectId: w.project.id, keyKind: 'test', since: 0, after: START_OF_LIST },
        ...{ now: clock.now(), limit: 100, ...change },
      }),
    );
  return { ...w, tell, claim, end, list, rowOf, resendAll };
}

export const describeDeliveries = chapters<OpenEngine>({
  'notifications as a desk lists them': describeList,
  'one notification': describeOne,
  'sending again what was given up': describeResends,
});

function describeList(open: OpenEngine): void {
  test('come newest first, each with its payment, address, tries and what the shop said last', async () => {
    await using engine = await open();
    const t = await start(engine);
    const payment = await t.tell();
    await t.end(GONE);
    await t.tell('payment.refunded');
    const { deliveries, next } = await t.list();
    expect([deliveries.map(({ event }) => event), next]).toEqual([['payment.refunded', 'payment.paid'], null]);
    expect(deliveries[1]).toMatchObject({
      ...{ paymentNo: payment.paymentNo, merchantOrderNo: 'ORDER-1', projectId: t.project.id, keyKind: 'test' },
      ...{ url: SHOP_URL, state: 'dead', tries: 1, lastStatus: 500, lastAnswer: 'no', leasedUntil: null },
    });
  });

  test('are those of the projects and the kind of key in view alone', async () => {
    await using engine = await open();
    const t = await start(engine);
    const other = await makeWorld(engine, undefined, 'other');
    await t.tell();
    await t.tell('payment.paid', t, { keyKind: 'live', livemode: true });
    await t.tell('payment.paid', other);
    expect((await t.list()).orders).toEqual(['ORDER-1']);
    expect((await t.list({ keyKinds: ['live'] })).orders).toEqual(['ORDER-2']);
    expect((await t.list({ keyKinds: ['live', 'test'] })).orders).toEqual(['ORDER-2', 'ORDER-1']);
    const both = await t.list({ projectIds: [t.project.id, other.project.id] });
    expect(both.deliveries.map(({ projectId }) => projectId)).toEqual([other.project.id, t.project.id]);
    expect((await t.list({ projectIds: [] })).orders).toEqual([]);
  });

  test('are found by state, event and time, each by itself and together', async () => {
    await using engine = await open();
    const t = await start(engine);
    await t.tell();
    await t.tell('payment.refunded');
    await t.end(GONE);
    await t.tell();
    await t.tell('payment.refunded');
    await t.end({ outcome: 'delivered', status: 200 });
    const noon = t.clock.now();
    await t.tell('payment.failed');
    await t.tell();
    await t.claim(1);
    const of = async (query: Partial<DeliveryQuery>) => (await t.list(query)).orders.join(' ').replaceAll('ORDER-', '');
    expect(await of({})).toBe('6 5 4 3 2 1');
    expect(await of({ state: 'dead' })).toBe('2 1');
    expect(await of({ state: 'delivered' })).toBe('4 3');
    // One of them is being sent.
    expect(await of({ state: 'pending' })).toBe('6 5');
    expect(await of({ event: 'payment.refunded' })).toBe('4 2');
    expect(await of({ event: 'payment.paid' })).toBe('6 3 1');
    expect(await of({ state: 'dead', event: 'payment.refunded' })).toBe('2');
    expect(await of({ state: 'dead', event: 'payment.paid' })).toBe('1');
    expect(await of({ state: 'pending', event: 'payment.failed' })).toBe('5');
    expect(await of({ since: noon })).toBe('6 5');
    expect(await of({ since: noon, state: 'dead' })).toBe('');
  });

  test.each([{}, { state: 'dead' }, { state: 'pending' }, { event: 'payment.refunded' }] as const)(
    'go on behind the page before, without a gap and without doubles: %o',
    async (query) => {
      await using engine = await open();
      const t = await start(engine);
      for (let n = 0; n < 7; n += 1) await t.tell('payment.refunded');
      if ('state' in query && query.state === 'dead') await t.end(GONE);
      const seen: string[] = [];
      let before: DeliveryQuery['before'] = null;
      do {
        const page: Awaited<ReturnType<typeof t.list>> = await t.list({ ...query, before, limit: 3 });
        seen.push(...page.orders);
        before = page.next;
      } while (before);
      expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map((n) => `ORDER-${n}`));
    },
  );

  test('among very many that do not fit are looked for on several pages, and none is missed', async () => {
    await using engine = await open();
    const t = await start(engine);
    for (let n = 0; n < 9; n += 1) {
      await t.tell();
      await t.end(n === 1 ? { outcome: 'delivered', status: 200 } : GONE);
    }
    const effort = { scanned: 4, sorted: 4 };
    const pages: string[][] = [];
    let before: DeliveryQuery['before'] = null;
    do {
      const page: Awaited<ReturnType<typeof t.list>> = await t.list({ state: 'delivered', before }, effort);
      pages.push(page.orders);
      before = page.next;
    } while (before);
    expect(pages).toEqual([[], ['ORDER-2'], []].slice(0, pages.length));
    expect(pages.flat()).toEqual(['ORDER-2']);
    // More wait than are put in order: they are found all the same.
    for (let n = 0; n < 5; n += 1) await t.tell();
    const waiting = await t.list({ state: 'pending' }, { scanned: 100, sorted: 4 });
    expect(waiting.orders).toEqual([14, 13, 12, 11, 10].map((n) => `ORDER-${n}`));
  });
}

function describeOne(open: OpenEngine): void {
  test('is found by its webhook id, with its body and its tries, the last one first', async () => {
    await using engine = await open();
    const t = await start(engine);
    const payment = await t.tell();
    const { webhookId } = await t.rowOf(payment);
    await t.end({ outcome: 'retry', status: 503, reason: 'busy', dueAt: t.clock.now(), answer: 'later' });
    await t.end(GONE);
    const found = present(await findDelivery(engine.reader, webhookId));
    expect(found).toMatchObject({ webhookId, paymentNo: payment.paymentNo, state: 'dead', lastAnswer: 'no' });
    expect(JSON.parse(found.body)).toMatchObject({ payment_no: payment.paymentNo });
    const tries = await listTries(engine.reader, payment.id, 10);
    expect(tries.map(({ data }) => [data.webhook_id, data.try, data.status, data.final])).toEqual([
      [webhookId, 2, 500, true],
      [webhookId, 1, 503, false],
    ]);
    expect(await listTries(engine.reader, payment.id, 1)).toHaveLength(1);
    expect(await findDelivery(engine.reader, 'msg_unknown')).toBeNull();
  });

  test('forgets what the shop answered before when it does not answer at all', async () => {
    await using engine = await open();
    const t = await start(engine);
    const payment = await t.tell();
    await t.end({ outcome: 'retry', status: 503, reason: 'busy', dueAt: t.clock.now(), answer: 'later' });
    await t.end({ outcome: 'dead', status: null, reason: 'the connection was refused' });
    expect(await t.rowOf(payment)).toMatchObject({ lastStatus: null, lastAnswer: null });
  });

  test('is sent again whatever its event and state, but not while it is on its way', async () => {
    await using engine = await open();
    const t = await start(engine);
    const { webhookId } = await t.rowOf(await t.tell('payment.refunded'));
    const resend = (id = webhookId) =>
      engine.write((tx) => resendDelivery(tx, id, { type: 'operator' }, t.clock.now()));
    await t.end(GONE);
    expect(await resend()).toEqual({ event: 'payment.refunded', webhookId, underWay: false });
    const [item] = await t.claim();
    expect(item).toMatchObject({ webhookId, tries: 0 });
    expect(await resend()).toEqual({ event: 'payment.refunded', webhookId, underWay: true });
    expect(await resend('msg_unknown')).toBeNull();
  });
}

function describeResends(open: OpenEngine): void {
  test('makes all of a project and kind due at once, and leaves everything else as it is', async () => {
    await using engine = await open();
    const t = await start(engine);
    const other = await makeWorld(engine, undefined, 'other');
    const [dead, gone] = [await t.tell(), await t.tell()];
    const [live, theirs] = [await t.tell('payment.paid', t, { keyKind: 'live' }), await t.tell('payment.paid', other)];
    await t.end(GONE);
    const delivered = await t.tell();
    await t.end({ outcome: 'delivered', status: 200 });
    const waiting = await t.tell();
    await t.end({ outcome: 'retry', status: 500, reason: 'HTTP 500', dueAt: t.clock.now() + HOUR });
    const before = await t.rowOf(waiting);
    const scope = { projectIds: [t.project.id, other.project.id], keyKinds: ['test'], since: 0 } as const;
    expect(await countDead(engine.reader, scope, 100)).toBe(3);
    expect(await countDead(engine.reader, scope, 2)).toBe(2);
    const [first, second] = [await t.rowOf(dead), await t.rowOf(gone)];
    expect(await t.resendAll()).toEqual([first, second].map(({ createdAt, id }) => ({ at: createdAt, id })));
    for (const one of [dead, gone]) {
      expect(await t.rowOf(one)).toMatchObject({ state: 'pending', tries: 0, dueAt: t.clock.now() });
    }
    expect(await t.rowOf(waiting)).toEqual(before);
    const states = await Promise.all([live, theirs, delivered].map(async (one) => (await t.rowOf(one)).state));
    expect(states).toEqual(['dead', 'dead', 'delivered']);
    expect(await t.resendAll()).toEqual([]);
    expect(await countDead(engine.reader, scope, 100)).toBe(1);
  });

  test('since a time takes those that were made from then on', async () => {
    await using engine = await open();
    const t = await start(engine);
    await t.tell();
    t.clock.advance(DAY);
    const since = t.clock.now();
    const later = await t.tell();
    await t.end(GONE);
    expect(await countDead(engine.reader, { projectIds: [t.project.id], keyKinds: ['test'], since }, 100)).toBe(1);
    expect((await t.resendAll({ since })).map(({ id }) => id)).toEqual([(await t.rowOf(later)).id]);
  });

  test('goes in batches, and never comes back to what has ended again meanwhile', async () => {
    await using engine = await open();
    const t = await start(engine);
    const ids: number[] = [];
    for (let n = 0; n < 5; n += 1) ids.push((await t.rowOf(await t.tell())).id);
    await t.end(GONE);
    const sent: number[] = [];
    let after = START_OF_LIST;
    for (;;) {
      const batch = await t.resendAll({ after, limit: 2 });
      sent.push(...batch.map(({ id }) => id));
      await t.end(GONE);
      const last = batch.at(-1);
      if (!last) break;
      after = last;
    }
    expect(sent).toEqual(ids);
  });

  test('asked for by two at once sends each once', async () => {
    await using engine = await open();
    const t = await start(engine);
    for (let n = 0; n < 12; n += 1) await t.tell();
    await t.end(GONE);
    const batches = await Promise.all([1, 2, 3, 4].map(() => t.resendAll({ limit: 3 })));
    const rest = await t.resendAll();
    const ids = [...batches.flat(), ...rest].map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([12, 12]);
    expect(await t.claim()).toHaveLength(12);
  });
}
