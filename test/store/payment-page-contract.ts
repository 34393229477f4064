import { expect, test } from 'bun:test';
import { cancelPayment } from '../../src/store/commands/cancel-payment.ts';
import { resendNotification } from '../../src/store/commands/deliveries/resend.ts';
import { recordEvent } from '../../src/store/commands/events.ts';
import { notifyShop } from '../../src/store/commands/notifications.ts';
import {
  findCallbackBody,
  listDeskTimeline,
  listLatestEvents,
  listNotifications,
} from '../../src/store/queries/payment-page.ts';
import { listTimeline } from '../../src/store/queries/timeline.ts';
import { present } from '../support/parts.ts';
import { chapters, type OpenEngine, type TestEngine } from './open.ts';
import { payOne } from './refunds-support.ts';
import { makeWorld } from './world.ts';

/** What a person sees of one payment, and what is kept of what he did. */

const MEI = { type: 'person', id: 7, name: '陳美' } as const;
const KEY = { type: 'api_key', id: 1 } as const;

/** A payment with so many syncs on its timeline. */
async function begin(engine: TestEngine, syncs: number) {
  const w = await makeWorld(engine);
  const payment = await w.addPayment();
  const attempt = await w.addAttempt(payment);
  const add = (n: number, body?: Uint8Array) =>
    engine.write((tx) =>
      recordEvent(tx, {
        ...{ paymentId: payment.id, attemptId: attempt.id, type: 'sync', data: { n }, at: w.clock.now() },
        ...(body ? { digest: new Uint8Array([n]), contentType: 'text/plain', body, outcome: 'applied' as const } : {}),
      }),
    );
  for (let n = 1; n <= syncs; n += 1) await add(n);
  const read = (before: number | null, limit: number, maxBody = 100) =>
    listDeskTimeline(engine.reader, payment.id, { before, limit, maxBody });
  return { w, payment, attempt, add, read };
}

const typesOf = async (engine: TestEngine, paymentId: number) =>
  (await listTimeline(engine.reader, paymentId, 0, 100)).map(({ type, data: { by, ...data } }) => [type, by, data]);

function describePages(open: OpenEngine): void {
  test('comes in pages from the end, each in the order of happening', async () => {
    await using engine = await open();
    const { read, attempt, payment } = await begin(engine, 5);
    const last = await read(null, 2);
    expect(last.map(({ data }) => data.n)).toEqual([4, 5]);
    const earlier = await read(present(last[0]).id, 10);
    expect(earlier.map(({ data }) => data.n)).toEqual([1, 2, 3]);
    expect(earlier[0]).toMatchObject({ gatewayOrderNo: attempt.gatewayOrderNo, size: null, body: null, seen: 1 });
    const latest = await listLatestEvents(engine.reader, payment.id, 3);
    expect(latest.map(({ data }) => data.n)).toEqual([5, 4, 3]);
    expect(await listDeskTimeline(engine.reader, 999, { before: null, limit: 9, maxBody: 1 })).toEqual([]);
  });

  test('brings the bytes of a callback along when they are few, and tells how many they are when not', async () => {
    await using engine = await open();
    const { add, read, payment } = await begin(engine, 0);
    const [short, long] = [new Uint8Array([0xb4, 0xfa, 0, 0xff]), new Uint8Array(101).fill(0x41)];
    await add(1, short);
    await add(2, long);
    const [one, two] = await read(null, 10);
    expect(one).toMatchObject({ contentType: 'text/plain', outcome: 'applied', size: 4 });
    expect([...present(present(one).body)]).toEqual([...short]);
    expect(two).toMatchObject({ size: 101, body: null });
    const kept = present(await findCallbackBody(engine.reader, payment.id, present(two).id));
    expect([...kept.body]).toEqual([...long]);
    expect(await findCallbackBody(engine.reader, payment.id + 1, present(two).id)).toBeNull();
    await add(3);
    expect(await findCallbackBody(engine.reader, payment.id, present((await read(null, 1))[0]).id)).toBeNull();
  });

  test('lists the notifications of this payment, newest first', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const [one, other] = [await w.addPayment({ status: 'paid' }), await w.addPayment({ status: 'paid' })];
    const tell = (payment: typeof one, event: 'payment.paid' | 'payment.attention') =>
      engine.write((tx) => notifyShop(tx, payment, null, [{ event, about: '' }], w.telling()));
    await tell(one, 'payment.paid');
    await tell(other, 'payment.paid');
    await tell(one, 'payment.attention');
    const sent = await listNotifications(engine.reader, one.id, 10);
    expect(sent.map(({ event, state, tries }) => [event, state, tries])).toEqual([
      ['payment.attention', 'pending', 0],
      ['payment.paid', 'pending', 0],
    ]);
    expect(await listNotifications(engine.reader, one.id, 1)).toHaveLength(1);
  });
}

function describeDecisions(open: OpenEngine): void {
  test('a person who cancels stands before what comes of it; a key stands in that alone', async () => {
    await using engine = await open();
    const { w, payment } = await begin(engine, 0);
    const other = await w.addPayment();
    const cancel = (paymentId: number, by: typeof MEI | typeof KEY) =>
      engine.write((tx) => cancelPayment(tx, { paymentId, by, ...w.telling() }));
    await cancel(payment.id, MEI);
    await cancel(other.id, KEY);
    expect(await typesOf(engine, payment.id)).toEqual([
      ['admin.cancel', MEI, {}],
      ['attempt.ended', MEI, { reason: 'CANCELLED' }],
      ['payment.failed', MEI, { flags: [], reason: 'CANCELLED' }],
    ]);
    expect((await typesOf(engine, other.id)).map(([type]) => type)).toEqual(['payment.failed']);
    // What is over stays as it is, and nobody has cancelled it.
    await cancel(payment.id, MEI);
    expect(await typesOf(engine, payment.id)).toHaveLength(3);
  });

  test('a person who pays back stands before the refund', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    const refund = await r.make(10_000, { by: MEI, reason: '退貨' });
    const told = { refund_no: refund.refundNo, amount: 10_000, reason: '退貨' };
    expect(await typesOf(engine, r.payment.id)).toEqual([
      ['admin.refund', MEI, told],
      ['refund.created', MEI, { ...told, source: 'api' }],
    ]);
  });

  test('a person who sends a notification again says which; any of the payment’s can be sent, and no other’s', async () => {
    await using engine = await open();
    const w = await makeWorld(engine);
    const payment = await w.addPayment({ status: 'paid' });
    for (const event of ['payment.paid', 'payment.attention'] as const) {
      await engine.write((tx) => notifyShop(tx, payment, null, [{ event, about: '' }], w.telling()));
    }
    const [attention] = await listNotifications(engine.reader, payment.id, 1);
    const { webhookId } = present(attention);
    const resend = (paymentId: number, by: typeof MEI | typeof KEY) =>
      engine.write((tx) => resendNotification(tx, paymentId, { by, webhookId }, w.clock.now()));
    expect(await resend(payment.id, KEY)).toEqual({ event: 'payment.attention', webhookId, underWay: false });
    expect(await resend(payment.id, MEI)).not.toBeNull();
    expect(await resend(payment.id + 1, MEI)).toBeNull();
    const told = { event: 'payment.attention', webhook_id: webhookId };
    expect(await typesOf(engine, payment.id)).toEqual([['admin.resend', MEI, told]]);
  });
}

function describeSeen(open: OpenEngine): void {
  test('a refund that was made since somebody looked stops the next one, unless it came to nothing', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    const first = await r.make(10_000, { seen: 0 });
    expect(await r.open({ amount: 10_000, seen: 0 })).toBe('overtaken');
    expect(await r.list()).toHaveLength(1);
    await r.answer(first, { status: 'failed', gatewayRefundNo: null });
    const second = await r.make(10_000, { seen: 0 });
    expect((await r.make(10_000, { seen: second.id })).amount).toBe(10_000);
    // Programs do not say what they have seen.
    expect((await r.make(10_000)).amount).toBe(10_000);
  });

  test('of two people who have seen the same, one pays back; the same press twice is one refund', async () => {
    await using engine = await open();
    const r = await payOne(await makeWorld(engine));
    const form = (key: string) => ({ isRepeatable: true, makeRefundNo: (n: number) => `RF-${key}-${n}`, seen: 0 });
    const results = await Promise.all(['A', 'A', 'B'].map((key) => r.open({ amount: 10_000, ...form(key) })));
    expect(await r.list()).toHaveLength(1);
    expect(results.filter((one) => one === 'overtaken').length).toBeGreaterThan(0);
    expect(results.filter((one) => typeof one !== 'string' && one.created)).toHaveLength(1);
  });
}

export const describePaymentPage = chapters<OpenEngine>({
  'the page of a payment': describePages,
  'what a person did': describeDecisions,
  'a refund by what was seen': describeSeen,
});
