import { describe, expect, test } from 'bun:test';
import type { Attempt, Fact } from '../../../../src/core/attempt.ts';
import type { Payment } from '../../../../src/core/payment.ts';
import type { Located, Message, RawCallback, Secrets, Verification } from '../../../../src/gateways/gateway.ts';
import { callback } from '../../../../src/gateways/stripe/callback.ts';
import { START } from '../../../support/clock.ts';
import vectors from '../../../vectors/stripe.json';
import {
  ATTEMPT,
  INTENT,
  intent,
  ORDER_NO,
  PAYMENT,
  PAYMENT_NO,
  rawCallback,
  SECRETS,
  signHeader,
  stripeContext,
} from './support.ts';

const SIGNATURE = 'Stripe webhook signature is invalid.';
const SECRET = SECRETS.webhook_secret ?? '';

const event = (type: string, object: object, change: object = {}): string =>
  JSON.stringify({
    id: 'evt_1',
    object: 'event',
    created: START / 1000,
    data: { object },
    livemode: false,
    type,
    ...change,
  });
const succeeded = (change: object = {}) => intent({ status: 'succeeded', amount_received: 98_000, ...change });
const signed = (body: string, secret = SECRET): RawCallback => rawCallback(body, signHeader(body, secret));

function messageOf(raw: RawCallback): Message {
  const located: Located = callback.locate(raw);
  if (located.type !== 'clear') throw new Error(`the callback was ${located.type}`);
  return located.message;
}

interface Bench {
  readonly secrets: Secrets;
  readonly attempt: Partial<Attempt>;
  readonly payment: Partial<Payment>;
  readonly now: number;
}

async function judge(raw: RawCallback, bench: Partial<Bench> = {}): Promise<Verification> {
  const { secrets = SECRETS, now = START } = bench;
  const subject = {
    payment: { ...PAYMENT, ...bench.payment },
    attempt: { ...ATTEMPT, ...bench.attempt },
    ctx: stripeContext('http://127.0.0.1:1', { now }),
  };
  return callback.verify(messageOf(raw), secrets, subject);
}

const read = (type: string, object: object, change: object = {}): readonly Fact[] | 'ask' =>
  callback.parse(messageOf(rawCallback(event(type, object, change), null)), PAYMENT);

describe('the proof', () => {
  for (const vector of vectors.webhook) {
    test(`vector: ${vector.name}`, async () => {
      const secrets = { ...SECRETS, webhook_secret: vector.secret };
      const verification = await judge(rawCallback(vector.payload, vector.header), { secrets, now: vector.now * 1000 });
      expect(verification.ok).toBe(vector.accepted);
    });
  }

  const body = event('payment_intent.succeeded', succeeded());
  const invalid = { ok: false, proved: false, message: SIGNATURE } as const;

  test('a genuine event is taken with its exact bytes, whatever they look like', async () => {
    expect(await judge(signed(body))).toEqual({ ok: true });
    const odd = `${JSON.stringify(JSON.parse(body), null, 2).replace('succeeded', 'succe\\u0065ded')}\n`;
    expect(await judge(signed(odd))).toEqual({ ok: true });
  });

  test('five minutes old is taken, a second more is not; the clock is ours', async () => {
    const aged = (seconds: number) => judge(signed(body), { now: START + seconds * 1000 });
    expect(await aged(300)).toEqual({ ok: true });
    expect(await aged(301)).toEqual({ ...invalid, message: 'Stripe webhook is too old.' });
    expect(await aged(-3600)).toEqual({ ok: true });
  });

  test('no signature, or nothing that looks like one, is no proof', async () => {
    for (const header of [null, '', 'v1=', 't=,v1=', 'garbage', `t=${START / 1000}`, 'a'.repeat(100_000)]) {
      expect(await judge(rawCallback(body, header))).toEqual(invalid);
    }
  });

  test('no byte of body or signature can be changed', async () => {
    const raw = signed(body);
    const header = raw.headers.get('stripe-signature') ?? '';
    for (let at = 0; at < body.length; at += 1) {
      const bytes = Buffer.from(body);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const located = callback.locate({ ...raw, body: bytes });
      if (located.type === 'clear') expect(await judge({ ...raw, body: bytes })).toEqual(invalid);
    }
    for (let at = header.indexOf('v1='); at < header.length; at += 1) {
      const other = header[at] === '0' ? '1' : '0';
      const changed = header.slice(0, at) + other + header.slice(at + 1);
      expect(await judge(rawCallback(body, changed))).toEqual(invalid);
    }
  });

  test('without a secret nothing is proved, and Stripe is asked', async () => {
    const { webhook_secret: _, ...without } = SECRETS;
    const asks = { ok: false, proved: false, confirm: 'answer', message: SIGNATURE } as const;
    expect(await judge(signed(body, ''), { secrets: without })).toEqual(asks);
    // Stripe signs everything: what nobody signed is only taken when it is true.
    const unsigned = await judge(rawCallback(body, null), { secrets: without });
    expect(unsigned).toEqual({ ...asks, confirm: 'paid' });
    expect(await judge(signed(body, ''), { secrets: { ...SECRETS, webhook_secret: '' } })).toEqual(asks);
  });

  test('a genuine event must be about this payment, this intent and this mode', async () => {
    const proved = (message: string) => ({ ok: false, proved: true, message }) as const;
    const other = { gatewayTradeNo: 'pi_3Another' };
    expect(await judge(signed(body), { attempt: other })).toEqual(proved('Stripe PaymentIntent mismatch.'));
    expect(await judge(signed(body), { attempt: { gatewayTradeNo: null } })).toEqual({ ok: true });
    expect(await judge(signed(body), { payment: { paymentNo: 'PAY202606220002ZZZZZZZZ' } })).toEqual(
      proved('Stripe PaymentIntent mismatch.'),
    );
    const bare = event('payment_intent.succeeded', succeeded({ metadata: {} }));
    expect(await judge(signed(bare))).toEqual({ ok: true });
    for (const livemode of [true, undefined, 'false']) {
      const wrong = event('payment_intent.succeeded', succeeded(), { livemode });
      expect(await judge(signed(wrong))).toEqual(proved('Stripe livemode mismatch.'));
    }
    const live = event('payment_intent.succeeded', succeeded(), { livemode: true });
    expect(await judge(signed(live), { payment: { environment: 'production' } })).toEqual({ ok: true });
  });

  test('an unproved event tells nobody that it does not fit', async () => {
    const forged = rawCallback(body, signHeader(body, 'whsec_other'));
    expect(await judge(forged, { attempt: { gatewayTradeNo: 'pi_3Another' } })).toEqual(invalid);
  });
});

describe('whose it is', () => {
  const hintsOf = (object: object) => messageOf(rawCallback(event('x', object), null)).hints;

  test('an intent is named by its own number and ours', () => {
    expect(hintsOf(intent())).toEqual({ tradeNo: INTENT, orderNo: ORDER_NO, paymentNo: PAYMENT_NO });
    expect(hintsOf({ id: INTENT })).toEqual({ tradeNo: INTENT });
    expect(hintsOf(intent({ metadata: {} }))).toEqual({ tradeNo: INTENT });
  });

  test('charges, refunds and disputes name their intent, short or whole', () => {
    expect(hintsOf({ id: 'ch_1', object: 'charge', payment_intent: INTENT })).toEqual({ tradeNo: INTENT });
    expect(hintsOf({ id: 'du_1', object: 'dispute', payment_intent: { id: INTENT } })).toEqual({ tradeNo: INTENT });
  });

  test('our number is enough, wherever Stripe or the catalogue writes it', () => {
    expect(hintsOf({ id: 'cs_1', object: 'checkout.session', metadata: { payment_no: PAYMENT_NO } })).toEqual({
      paymentNo: PAYMENT_NO,
    });
    const catalogue = { event_type: 'example.event', resource: { payment_no: PAYMENT_NO } };
    expect(messageOf(rawCallback(JSON.stringify(catalogue), null)).hints).toEqual({ paymentNo: PAYMENT_NO });
  });

  test('what is about no intent and no payment of ours is dropped', () => {
    for (const body of [
      event('customer.created', { id: 'cus_1', object: 'customer' }),
      event('charge.succeeded', { id: 'ch_1', object: 'charge', payment_intent: null }),
      event('payment_intent.succeeded', intent({ id: "pi_1' OR 1=1", metadata: {} })),
      event('payment_intent.succeeded', intent({ id: 7, metadata: {} })),
      '{"object":"v2.core.event","id":"evt_1","related_object":{"id":"pi_1"}}',
      '{"event_type":"example.event","resource":{"payment_no":"PAY1"}}',
      event('customer.created', { id: 'cus_1', metadata: { payment_no: ['PAY202606220001ABCDEFGH'] } }),
      '{"data":null}',
      '{}',
    ]) {
      expect(callback.locate(rawCallback(body, null))).toEqual({ type: 'dropped' });
    }
  });

  test('what cannot be read is refused', () => {
    const bom = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(event('x', intent()))]);
    for (const body of ['', '[]', 'null', '7', '{"id":', 'a=b', Buffer.from([0x7b, 0xff, 0x7d]), bom]) {
      expect(callback.locate(rawCallback(body, null))).toEqual({
        type: 'refused',
        message: 'Stripe webhook cannot be read.',
      });
    }
  });
});

describe('what it says', () => {
  test('succeeded: paid, with what came in and when', () => {
    expect(read('payment_intent.succeeded', succeeded())).toEqual([
      {
        type: 'paid',
        amount: 98_000,
        currency: 'TWD',
        simulated: false,
        tradeNo: INTENT,
        paidAt: '2026-06-22T15:30:00+08:00',
        channel: 'card',
      },
    ]);
    expect(read('payment_intent.succeeded', succeeded({ amount_received: 1 }))).toMatchObject([{ amount: 1 }]);
  });

  test('currencies that Stripe counts otherwise come back in our minor units', () => {
    for (const [currency, received, minor] of [
      ['isk', 50_000, 500],
      ['ugx', 50_000, 500],
      ['mga', 500, 50_000],
      ['jpy', 500, 500],
      ['kwd', 5120, 5120],
      ['isk', 50_050, -1],
    ] as const) {
      const paid = read('payment_intent.succeeded', succeeded({ currency, amount_received: received }));
      expect(paid).toMatchObject([{ type: 'paid', currency: currency.toUpperCase(), amount: minor }]);
    }
  });

  test('payment_failed: the payer may try again', () => {
    const last_payment_error = { code: 'card_declined', decline_code: 'insufficient_funds', message: 'Not enough.' };
    expect(read('payment_intent.payment_failed', intent({ last_payment_error }))).toEqual([
      { type: 'declined', code: 'insufficient_funds', message: 'Not enough.' },
    ]);
  });

  test('canceled: the attempt is over', () => {
    const canceled = intent({ status: 'canceled', cancellation_reason: 'automatic' });
    expect(read('payment_intent.canceled', canceled)).toMatchObject([
      { type: 'ended', reason: 'GONE', code: 'automatic' },
    ]);
  });

  test('a type that its object does not bear out changes nothing', () => {
    expect(read('payment_intent.succeeded', intent())).toMatchObject([{ type: 'note' }]);
    expect(read('payment_intent.canceled', succeeded())).toMatchObject([{ type: 'note' }]);
    expect(read('payment_intent.payment_failed', intent())).toMatchObject([{ type: 'note' }]);
  });

  test('what the bank is working on is under review', () => {
    const type = 'payment_intent.processing';
    expect(read(type, intent({ status: 'processing' }))).toEqual([{ type: 'under_review' }]);
    expect(read(type, intent())).toEqual([{ type: 'note', code: type, message: 'requires_payment_method' }]);
  });

  test('everything else is only written down', () => {
    for (const type of ['payment_intent.created', 'charge.succeeded', '__proto__', 'toString']) {
      expect(read(type, intent({ status: 'processing' }))).toEqual([
        { type: 'note', code: type, message: 'processing' },
      ]);
    }
  });

  const charge = { id: 'ch_1', object: 'charge', payment_intent: INTENT, currency: 'twd', amount: 98_000 };
  const refund = { id: 're_1', object: 'refund', payment_intent: INTENT, currency: 'twd', amount: 50_000 };
  const dispute = { id: 'du_1', object: 'dispute', payment_intent: INTENT, currency: 'twd', amount: 98_000 };

  test('money that goes back makes us ask how much', () => {
    expect(read('charge.refunded', { ...charge, amount_refunded: 50_000 })).toEqual([
      { type: 'refunded', code: 'charge.refunded', message: 'paid back: TWD 500.00' },
    ]);
    for (const type of ['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated']) {
      expect(read(type, { ...refund, status: 'pending' })).toEqual([
        { type: 'refunded', code: type, message: 'TWD 500.00, pending' },
      ]);
    }
  });

  test('a dispute is put before a person when it begins, and then only followed', () => {
    const words = { reason: 'fraudulent', status: 'needs_response' };
    const message = 'TWD 980.00, fraudulent, needs_response';
    expect(read('charge.dispute.created', { ...dispute, ...words })).toEqual([
      { type: 'disputed', code: 'charge.dispute.created', message },
    ]);
    expect(read('charge.dispute.updated', { ...dispute, ...words })).toEqual([
      { type: 'note', code: 'charge.dispute.updated', message },
    ]);
  });
});

describe('what Stripe is told', () => {
  const json = 'application/json';
  const refusal = (status: number, message: string, error_code: string) => ({
    status,
    contentType: json,
    body: JSON.stringify({ success: false, message, error: { error_code } }),
  });

  test('the words of the catalogue, to the byte', () => {
    const taken = { status: 200, contentType: json, body: '{"success":true,"message":"Webhook received"}' };
    expect(callback.accept(null)).toEqual(taken);
    expect(callback.accept(messageOf(rawCallback(event('x', intent()), null)))).toEqual(taken);
    expect(callback.refuse(SIGNATURE)).toEqual(refusal(400, SIGNATURE, 'STRIPE_WEBHOOK_SIGNATURE_INVALID'));
  });

  test('refusals and the plea to come again have codes of their own', () => {
    expect(callback.refuse('Stripe webhook cannot be read.')).toEqual(
      refusal(400, 'Stripe webhook cannot be read.', 'INVALID_JSON'),
    );
    expect(callback.refuse(callback.texts.amount)).toEqual(refusal(400, 'Stripe amount mismatch.', 'WEBHOOK_REFUSED'));
    expect(callback.refuse('__proto__')).toEqual(refusal(400, '__proto__', 'WEBHOOK_REFUSED'));
    expect(callback.retry).toMatchObject({ status: 503, contentType: json });
    expect(JSON.parse(callback.retry.body)).toMatchObject({
      success: false,
      error: { error_code: 'STORAGE_UNAVAILABLE' },
    });
    expect(callback.texts.unknown).toBeNull();
  });

  test('a mismatch is logged with the event', () => {
    const message = messageOf(rawCallback(event('payment_intent.succeeded', succeeded()), null));
    expect(callback.describePayload?.(message)).toEqual({ event: 'evt_1', event_type: 'payment_intent.succeeded' });
    expect(JSON.stringify(callback.describePayload?.(message))).not.toContain(PAYMENT_NO);
  });
});
