import { describe, expect, test } from 'bun:test';
import type { Fact } from '../../../../src/core/attempt.ts';
import type { QueryInput } from '../../../../src/gateways/gateway.ts';
import { cancelIntent, queryIntent } from '../../../../src/gateways/stripe/query.ts';
import { rejection } from '../../../support/parts.ts';
import { failure, INTENT, intent, paymentOf, queryInput, useStandIn } from './support.ts';

const wire = useStandIn();
const ask = (change: Partial<QueryInput> = {}) => queryIntent(queryInput(change), wire.ctx());
const stop = (change: Partial<QueryInput> = {}) => cancelIntent(queryInput(change), wire.ctx());
const facts = async (change: object, declines = 0, isUnderReview = false) => {
  wire.answer = () => Response.json(intent(change));
  return ask({ declines, isUnderReview });
};

const PAID: Fact = {
  type: 'paid',
  amount: 98_000,
  currency: 'TWD',
  simulated: false,
  tradeNo: INTENT,
  paidAt: '2026-06-22T15:59:57+08:00',
  channel: 'card',
};
const succeeded = (change: object = {}) =>
  intent({
    status: 'succeeded',
    amount_received: 98_000,
    latest_charge: { id: 'ch_1', object: 'charge', created: 1_782_115_197 },
    ...change,
  });
const DECLINE = { code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.' };
const GONE = (code: string, message: string): Fact => ({ type: 'ended', reason: 'GONE', code, message });
const CANCELED = GONE('abandoned', 'The PaymentIntent was canceled at Stripe.');
const MISSING = GONE('resource_missing', 'Stripe does not know the PaymentIntent any more.');
const missing = () => failure(404, { type: 'invalid_request_error', code: 'resource_missing', message: 'No such' });
const refused = () => failure(401, { type: 'invalid_request_error', message: 'Invalid API Key: sk_test_51Unit' });

describe('asking', () => {
  test('reads the intent by its number, with the charge that says when it was paid', async () => {
    wire.answer = () => Response.json(succeeded());
    expect(await ask()).toEqual({ type: 'facts', facts: [PAID] });
    expect(wire.received[0]?.path).toBe(`/v1/payment_intents/${INTENT}`);
    expect(wire.received[0]?.headers).toMatchObject({
      authorization: 'Bearer sk_test_51PayCoreUnit',
      'stripe-version': '2026-08-26.dahlia',
    });
  });

  test('what came in counts, not what was asked for', async () => {
    wire.answer = () => Response.json(succeeded({ amount_received: 97_000 }));
    expect(await ask()).toMatchObject({ facts: [{ type: 'paid', amount: 97_000 }] });
    for (const amount_received of [undefined, '98000', -5, 1.5, Number.MAX_VALUE]) {
      wire.answer = () => Response.json(succeeded({ amount_received }));
      expect(await ask()).toMatchObject({ facts: [{ type: 'paid', amount: -1 }] });
    }
  });

  test('a charge that is only named leaves the time of payment open', async () => {
    wire.answer = () => Response.json(succeeded({ latest_charge: 'ch_1' }));
    const { paidAt: _, ...rest } = PAID as Extract<Fact, { type: 'paid' }>;
    expect(await ask()).toEqual({ type: 'facts', facts: [rest] });
  });

  const charged = (change: object) => {
    const charge = { id: 'ch_1', object: 'charge', created: 1_782_115_197, currency: 'twd', ...change };
    wire.answer = () => Response.json(succeeded({ latest_charge: charge }));
    return ask();
  };
  const BACK = { code: 'charge.refunded' };
  const REFUNDED = { ...BACK, message: 'paid back: TWD 200.00' };

  test('money of which a part went back before anybody asked was paid, and tells of what went back', async () => {
    expect(await charged({ amount_refunded: 20_000, refunded: false, disputed: false })).toEqual({
      type: 'facts',
      facts: [PAID, { type: 'refunded', ...REFUNDED }],
    });
    expect(await charged({ amount_refunded: 0, refunded: false, disputed: false })).toEqual({
      type: 'facts',
      facts: [PAID],
    });
  });

  test('money that went back in full before anybody asked is over, and noted', async () => {
    const all = { ...BACK, message: 'paid back: TWD 980.00' };
    expect(await charged({ amount_refunded: 98_000, refunded: true, disputed: false })).toEqual({
      type: 'facts',
      facts: [
        { type: 'note', ...all },
        { type: 'ended', reason: 'GONE', ...all },
      ],
    });
  });

  test('a dispute is told under the name of its event', async () => {
    const disputed = { type: 'disputed', code: 'charge.dispute.created' };
    expect(await charged({ amount_refunded: 0, refunded: false, disputed: true })).toMatchObject({
      facts: [PAID, disputed],
    });
    expect(await charged({ amount_refunded: 20_000, refunded: false, disputed: true })).toMatchObject({
      facts: [PAID, { type: 'refunded' }, disputed],
    });
  });

  for (const status of ['requires_confirmation', 'requires_action', 'requires_capture']) {
    test(`${status}: known and unpaid`, async () => {
      expect(await facts({ status })).toEqual({ type: 'facts', facts: [] });
    });
  }

  test('processing: the payer has paid, and the bank has not said yes or no', async () => {
    expect(await facts({ status: 'processing' })).toEqual({ type: 'facts', facts: [{ type: 'under_review' }] });
  });

  test('requires_payment_method: unpaid, and the payer’s bank has said no if it has', async () => {
    expect(await facts({})).toEqual({ type: 'facts', facts: [] });
    expect(await facts({ last_payment_error: DECLINE })).toEqual({
      type: 'facts',
      facts: [{ type: 'declined', code: 'generic_decline', message: 'Your card was declined.' }],
    });
  });

  test('the same refusal is not counted at every question', async () => {
    expect(await facts({ last_payment_error: DECLINE }, 1)).toEqual({ type: 'facts', facts: [] });
  });

  test('a bank that took its time and then refused is heard, after an earlier refusal too', async () => {
    expect(await facts({ last_payment_error: DECLINE }, 1, true)).toMatchObject({ facts: [{ type: 'declined' }] });
  });

  test('canceled, and gone: the attempt is over', async () => {
    expect(await facts({ status: 'canceled', cancellation_reason: 'abandoned' })).toEqual({
      type: 'facts',
      facts: [CANCELED],
    });
    expect(await facts({ status: 'canceled' })).toMatchObject({ facts: [{ code: 'canceled' }] });
    wire.answer = missing;
    expect(await ask()).toEqual({ type: 'facts', facts: [MISSING] });
  });

  test('an intent that Stripe never named is not asked for', async () => {
    expect(await ask({ tradeNo: null })).toEqual({ type: 'not_found' });
    expect(wire.received).toEqual([]);
  });

  for (const [what, answer] of [
    ['another intent', () => Response.json(succeeded({ id: 'pi_3Other' }))],
    ['the other mode', () => Response.json(succeeded({ livemode: true }))],
    ['a charge', () => Response.json(succeeded({ object: 'charge' }))],
    ['a status that does not exist', () => Response.json(intent({ status: 'paid' }))],
    ['no status', () => Response.json(intent({ status: null }))],
    ['a refused key', refused],
    ['too many questions', () => failure(429, { type: 'invalid_request_error', code: 'rate_limit' })],
    ['500', () => new Response(null, { status: 500 })],
  ] as const) {
    test(`${what} says nothing`, async () => {
      wire.answer = answer;
      expect(await rejection(ask())).toMatchObject({ name: 'GatewayGarbage' });
    });
  }
});

describe('canceling', () => {
  test('says that nobody wants it any more', async () => {
    wire.answer = () => Response.json(intent({ status: 'canceled', cancellation_reason: 'abandoned' }));
    expect(await stop()).toEqual([CANCELED]);
    expect(wire.received.map(({ path }) => path)).toEqual([`/v1/payment_intents/${INTENT}/cancel`]);
    expect(wire.sent).toEqual({ cancellation_reason: 'abandoned' });
  });

  const tooLate = () =>
    failure(400, { type: 'invalid_request_error', code: 'payment_intent_unexpected_state', message: 'no' });
  const thenAnswer = (answer: () => Response) => {
    wire.answer = () => (wire.received.length === 1 ? tooLate() : answer());
  };

  test('one that was paid meanwhile is paid', async () => {
    thenAnswer(() => Response.json(succeeded()));
    expect(await stop()).toEqual([PAID]);
    expect(wire.received.map(({ path }) => path)).toEqual([
      `/v1/payment_intents/${INTENT}/cancel`,
      `/v1/payment_intents/${INTENT}`,
    ]);
  });

  test('one that the bank is working on stays as it is', async () => {
    thenAnswer(() => Response.json(intent({ status: 'processing' })));
    expect(await stop()).toEqual([{ type: 'under_review' }]);
  });

  test('one that was canceled before, or is gone, is over', async () => {
    thenAnswer(() => Response.json(intent({ status: 'canceled', cancellation_reason: 'abandoned' })));
    expect(await stop()).toEqual([CANCELED]);
    wire.answer = missing;
    expect(await stop()).toEqual([MISSING]);
  });

  test('a refused key is a refusal, trouble is trouble', async () => {
    wire.answer = refused;
    expect(await rejection(stop())).toMatchObject({ name: 'GatewayRefusal', errorCode: 'STRIPE_AUTH_FAILED' });
    wire.answer = () => new Response(null, { status: 500 });
    expect(await rejection(stop())).toMatchObject({ name: 'GatewayGarbage' });
  });

  test('an intent that Stripe never named cannot be canceled', async () => {
    expect(await stop({ tradeNo: null })).toEqual([]);
    expect(wire.received).toEqual([]);
  });
});

test('live payments are asked for with live answers', async () => {
  wire.answer = () => Response.json(succeeded({ livemode: true }));
  const live = { environment: 'production', payment: paymentOf({}, { environment: 'production' }) } as const;
  expect(await ask(live)).toMatchObject({ facts: [{ type: 'paid' }] });
});
