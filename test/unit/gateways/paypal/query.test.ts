import { describe, expect, test } from 'bun:test';
import type { Fact } from '../../../../src/core/attempt.ts';
import { GatewayGarbage, type QueryInput } from '../../../../src/gateways/gateway.ts';
import { GatewayCallError } from '../../../../src/gateways/http.ts';
import { queryOrder } from '../../../../src/gateways/paypal/query.ts';
import { rejection } from '../../../support/parts.ts';
import {
  captureBody,
  DEBUG_ID,
  type Json,
  ORDER_ID,
  ORDER_NO,
  orderBody,
  problem,
  queryInput,
  type Step,
  say,
  unitBody,
  usePaypal,
} from './support.ts';

const paypal = usePaypal();

const ask = async (steps: Step[], change: Partial<QueryInput> = {}): Promise<readonly Fact[] | 'not_found'> => {
  paypal.steps = [...steps];
  const result = await queryOrder(queryInput(change), paypal.context());
  return result.type === 'facts' ? result.facts : 'not_found';
};
const paths = () => paypal.calls().map(({ path }) => path);
const captured = (change: Json = {}) => say(orderBody('COMPLETED', [captureBody(change)]), 201);
const found = (change: Json = {}) => say(orderBody('COMPLETED', [captureBody(change)]));
const APPROVED = say(orderBody('APPROVED'));
const SHOW = `/v2/checkout/orders/${ORDER_ID}`;
const CAPTURE = `${SHOW}/capture`;
const PAID: Fact = {
  type: 'paid',
  amount: 98_000,
  currency: 'TWD',
  simulated: false,
  paidAt: '2026-06-22T15:34:57+08:00',
  channel: 'paypal',
};

describe('an order that the payer has not approved', () => {
  for (const status of ['CREATED', 'SAVED', 'PAYER_ACTION_REQUIRED']) {
    test(`and is ${status} is unpaid, and nothing is captured`, async () => {
      expect(await ask([say(orderBody(status))])).toEqual([]);
      expect(paths()).toEqual([SHOW]);
    });
  }

  test('is looked at with the account’s token', async () => {
    await ask([say(orderBody('CREATED'))]);
    expect(paypal.calls()[0]?.headers).toMatchObject({ authorization: 'Bearer token-1', accept: 'application/json' });
  });

  test('and that PayPal does not know is not found, which need not be its last word', async () => {
    expect(await ask([problem(404, 'INVALID_RESOURCE_ID')])).toBe('not_found');
  });

  test('and was voided has ended', async () => {
    expect(await ask([say(orderBody('VOIDED'))])).toEqual([{ type: 'ended', reason: 'GONE', code: 'VOIDED' }]);
  });

  test('is not found when PayPal never gave us its number', async () => {
    expect(await ask([], { tradeNo: null })).toBe('not_found');
    expect(await ask([], { tradeNo: '../x' })).toBe('not_found');
    expect(paypal.server.received).toEqual([]);
  });
});

describe('an order that the payer has approved', () => {
  test('is captured: the money of the capture is the payment', async () => {
    expect(await ask([APPROVED, captured()])).toEqual([PAID]);
    expect(paths()).toEqual([SHOW, CAPTURE]);
    const call = paypal.calls()[1];
    expect(call?.body).toBe('{}');
    expect(call?.headers).toMatchObject({
      'content-type': 'application/json',
      'paypal-request-id': `${ORDER_NO}-C0`,
      prefer: 'return=representation',
    });
  });

  test('is captured under another id after each time the bank said no', async () => {
    await ask([APPROVED, captured()], { declines: 3 });
    expect(paypal.calls()[1]?.headers['paypal-request-id']).toBe(`${ORDER_NO}-C3`);
  });

  test('may be under review: the reason is noted, and nothing is paid', async () => {
    const facts = await ask([APPROVED, captured({ status: 'PENDING', status_details: { reason: 'ECHECK' } })]);
    expect(facts).toEqual([
      { type: 'note', code: 'ECHECK', message: 'PayPal holds the payment back.' },
      { type: 'under_review' },
    ]);
  });

  for (const status of ['DECLINED', 'FAILED']) {
    test(`may be ${status}: the attempt is over, the payer may choose again`, async () => {
      const facts = await ask([APPROVED, captured({ status })]);
      expect(facts).toEqual([
        { type: 'declined', code: status, message: `PayPal’s capture is ${status}.` },
        { type: 'ended', reason: 'GONE', code: status },
      ]);
    });
  }

  for (const issue of ['INSTRUMENT_DECLINED', 'PAYER_ACTION_REQUIRED', 'REDIRECT_PAYER_FOR_ALTERNATE_FUNDING']) {
    test(`and is refused with ${issue} stays open, and the payer goes back to PayPal`, async () => {
      const facts = await ask([APPROVED, problem(422, issue, 'Choose again.')]);
      expect(facts).toEqual([{ type: 'declined', code: issue, message: `Choose again. (debug_id ${DEBUG_ID})` }]);
    });
  }

  for (const issue of [
    'TRANSACTION_REFUSED',
    'COMPLIANCE_VIOLATION',
    'MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED',
    'PAYEE_BLOCKED_TRANSACTION',
    'DUPLICATE_INVOICE_ID',
    'SOMETHING_NEW',
  ]) {
    test(`and is refused with ${issue} has ended in PayPal’s words`, async () => {
      const message = `No. (debug_id ${DEBUG_ID})`;
      expect(await ask([APPROVED, problem(422, issue, 'No.')])).toEqual([
        { type: 'declined', code: issue, message },
        { type: 'ended', reason: 'GATEWAY_REFUSED', code: issue, message },
      ]);
    });
  }

  test('and was captured by somebody faster is looked at once more', async () => {
    expect(await ask([APPROVED, problem(422, 'ORDER_ALREADY_CAPTURED'), found()])).toEqual([PAID]);
    expect(paths()).toEqual([SHOW, CAPTURE, SHOW]);
    const pending = { status: 'PENDING', status_details: { reason: 'PENDING_REVIEW' } };
    expect(await ask([APPROVED, problem(422, 'ORDER_ALREADY_CAPTURED'), found(pending)])).toEqual([
      { type: 'under_review' },
    ]);
  });

  for (const [what, steps] of [
    ['is not approved after all', [APPROVED, problem(422, 'ORDER_NOT_APPROVED')]],
    ['vanishes before the capture', [APPROVED, problem(404, 'INVALID_RESOURCE_ID')]],
    ['is being completed', [APPROVED, problem(422, 'ORDER_COMPLETION_IN_PROGRESS')]],
    ['is captured already, and does not show how', [APPROVED, problem(422, 'ORDER_ALREADY_CAPTURED'), APPROVED]],
    ['is captured already, and gone', [APPROVED, problem(422, 'ORDER_ALREADY_CAPTURED'), problem(404, null)]],
    ['may not be captured by this account', [APPROVED, problem(403, 'PERMISSION_DENIED')]],
    ['is captured by a malformed request', [APPROVED, problem(400, 'INVALID_PARAMETER_SYNTAX')]],
    ['is answered with 500', [APPROVED, problem(500, 'INTERNAL_SERVICE_ERROR')]],
    ['is answered with 429', [APPROVED, say({ name: 'RATE_LIMIT_REACHED' }, 429)]],
    ['is answered with an order without captures', [APPROVED, say(orderBody('COMPLETED'), 201)]],
    ['is answered with another order', [APPROVED, say(orderBody('COMPLETED', [captureBody()], { id: 'X' }), 201)]],
    ['is answered with another payment', [APPROVED, captured({ custom_id: 'PAY202606220002ABCDEFGH' })]],
    ['is answered with another invoice', [APPROVED, captured({ invoice_id: 'INV-2' })]],
    ['is answered with a new kind of capture', [APPROVED, captured({ status: 'MAYBE' })]],
    ['is answered with money that cannot be read', [APPROVED, captured({ amount: { value: '980' } })]],
  ] as const) {
    test(`and ${what} is left open`, async () => {
      expect(await rejection(ask([...steps]))).toBeInstanceOf(GatewayGarbage);
    });
  }

  test('and is captured already, while PayPal cannot be reached any more, is left open as well', async () => {
    paypal.steps = [APPROVED, problem(422, 'ORDER_ALREADY_CAPTURED')];
    const ctx = paypal.context();
    let shows = 0;
    const get: typeof ctx.http.get = (url, options) => {
      shows += 1;
      return ctx.http.get(shows === 1 ? url : 'http://127.0.0.1:1/', options);
    };
    const asking = queryOrder(queryInput(), { ...ctx, http: { ...ctx.http, get } });
    expect(await rejection(asking)).toBeInstanceOf(GatewayGarbage);
    expect(paths()).toEqual([SHOW, CAPTURE]);
  });

  test('is never captured over another amount than was asked for', async () => {
    for (const amount of [
      { currency_code: 'TWD', value: '9800' },
      { currency_code: 'USD', value: '980.00' },
      {},
      null,
    ]) {
      paypal.reset();
      const order = say(orderBody('APPROVED', [], { purchase_units: [unitBody({ amount })] }));
      expect(await rejection(ask([order, captured()]))).toBeInstanceOf(GatewayGarbage);
      expect(paths()).toEqual([SHOW]);
    }
  });

  test('whose capture got no answer is looked at before anything is captured again', async () => {
    const lost = rejection(ask([APPROVED, () => new Response(null, { status: 504 })]));
    expect(await lost).toBeInstanceOf(GatewayGarbage);
    paypal.server.received.length = 0;
    expect(await ask([found()])).toEqual([PAID]);
    expect(paths()).toEqual([SHOW]);
    expect(await ask([APPROVED, captured()])).toEqual([PAID]);
    expect(paypal.calls().at(-1)?.headers['paypal-request-id']).toBe(`${ORDER_NO}-C0`);
  });
});

describe('an order that has been captured', () => {
  test('is paid by its capture, not by its own status', async () => {
    expect(await ask([found()])).toEqual([PAID]);
    expect(await ask([found({ status: 'PENDING' })])).toEqual([{ type: 'under_review' }]);
    expect(await ask([say(orderBody('APPROVED', [captureBody()]))])).toEqual([PAID]);
    expect(paths()).toEqual([SHOW, SHOW, SHOW]);
  });

  test('tells the amount that came, whatever was asked for', async () => {
    const usd = { amount: { currency_code: 'USD', value: '10.99' } };
    expect(await ask([found(usd)])).toMatchObject([{ type: 'paid', amount: 1099, currency: 'USD' }]);
    const huf = { amount: { currency_code: 'HUF', value: '1980' } };
    expect(await ask([found(huf)])).toMatchObject([{ type: 'paid', amount: 198_000, currency: 'HUF' }]);
  });

  test('was paid when a pending capture became money', async () => {
    const times = { create_time: '2026-06-22T07:34:57Z', update_time: '2026-06-26T01:00:00.123Z' };
    expect(await ask([found(times)])).toMatchObject([{ paidAt: '2026-06-26T09:00:00+08:00' }]);
    expect(await ask([found({ ...times, update_time: undefined })])).toMatchObject([
      { paidAt: '2026-06-22T15:34:57+08:00' },
    ]);
    const [fact] = (await ask([found({ create_time: 'yesterday', update_time: 5 })])) as Fact[];
    expect(fact).not.toHaveProperty('paidAt');
  });

  test('and paid back in part was paid, when it was captured', async () => {
    const part = { status: 'PARTIALLY_REFUNDED', update_time: '2026-07-01T00:00:00Z' };
    expect(await ask([found(part)])).toEqual([
      PAID,
      { type: 'refunded', code: 'PARTIALLY_REFUNDED', message: 'A part of the payment has been paid back.' },
    ]);
  });

  test('and paid back in full before we knew is over, and noted', async () => {
    expect(await ask([found({ status: 'REFUNDED' })])).toEqual([
      { type: 'note', code: 'REFUNDED', message: 'The whole payment has been paid back.' },
      { type: 'ended', reason: 'GONE', code: 'REFUNDED' },
    ]);
  });

  test('more than once counts by the capture that brought money', async () => {
    const captures = [
      captureBody({ id: 'A', status: 'DECLINED' }),
      captureBody({ id: 'B' }),
      captureBody({ status: 'X' }),
    ];
    expect(await ask([say(orderBody('COMPLETED', captures))])).toEqual([PAID]);
  });

  for (const [what, order] of [
    ['without captures', orderBody('COMPLETED')],
    ['of a new status', orderBody('MAYBE')],
    ['without a status', orderBody('')],
    ['of another number', orderBody('COMPLETED', [captureBody()], { id: '5O190127TN364715X' })],
    [
      'that names another payment',
      orderBody('COMPLETED', [captureBody()], { purchase_units: [unitBody({ custom_id: 'x' })] }),
    ],
    [
      'whose second capture names another payment',
      orderBody('COMPLETED', [captureBody(), captureBody({ custom_id: 'x' })]),
    ],
  ] as const) {
    test(`${what} says nothing`, async () => {
      expect(await rejection(ask([say(order)]))).toBeInstanceOf(GatewayGarbage);
    });
  }
});

describe('a question that PayPal does not take says nothing about the order', () => {
  test('wrong credentials', async () => {
    paypal.grant = () => Response.json({ error: 'invalid_client', error_description: 'No.' }, { status: 401 });
    const error = await rejection(ask([]));
    expect(error).toBeInstanceOf(GatewayGarbage);
    expect((error as Error).message).toContain('invalid_client');
  });

  test('an account that is locked, or may not', async () => {
    expect(await rejection(ask([problem(401, null), problem(401, 'INVALID_ACCOUNT_STATUS')]))).toBeInstanceOf(
      GatewayGarbage,
    );
    expect(await rejection(ask([problem(403, 'PERMISSION_DENIED')]))).toBeInstanceOf(GatewayGarbage);
  });

  test('a proxy’s own 404', async () => {
    expect(await rejection(ask([() => new Response('not here', { status: 404 })]))).toBeInstanceOf(GatewayGarbage);
  });

  test('no connection', async () => {
    const ctx = paypal.context({ originOf: () => 'http://127.0.0.1:1' });
    expect(await rejection(queryOrder(queryInput(), ctx))).toBeInstanceOf(GatewayCallError);
  });
});
