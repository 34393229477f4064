import { describe, expect, test } from 'bun:test';
import type { Simulator } from '../../../src/simulator/index.ts';
import { type Client, connect, HOUR_MS, type OrderChanges, type Reply, startAt } from './paypal-support.ts';
import { orderOf, postJson } from './support.ts';

interface Bench {
  readonly simulator: Simulator;
  readonly client: Client;
  readonly clock: { ms: number };
}

async function open(): Promise<Bench> {
  const { simulator, clock } = startAt();
  return { simulator, client: await connect(simulator), clock };
}

const silent = { callback: false };
const issue = ({ status, body }: Reply) => [status, body.details[0]?.issue];

function act({ simulator }: Bench, number: string, action: string, input: object = silent): Promise<Response> {
  return postJson(simulator, `/simulator/orders/${number}/${action}`, input);
}

/** An approved order whose next capture is to end as told. Nothing listens, so nothing is told. */
async function approved(bench: Bench, outcome: object = {}, changes: OrderChanges = {}): Promise<string> {
  const id = await bench.client.order(changes);
  await act(bench, id, 'outcome', { ...silent, ...outcome });
  await act(bench, id, 'approve');
  return id;
}

async function captured(bench: Bench, changes: OrderChanges = {}): Promise<{ id: string; captureId: string }> {
  const id = await approved(bench, {}, changes);
  const { body } = await bench.client.capture(id);
  return { id, captureId: body.purchase_units[0]?.payments.captures[0]?.id ?? '' };
}

describe('capturing an order', () => {
  test('takes the money once the payer approved, and answers the capture even when brief', async () => {
    const bench = await open();
    const id = await approved(bench);
    const { status, body } = await bench.client.capture(id, 'C1');
    expect(status).toBe(201);
    expect(body).toMatchObject({ id, status: 'COMPLETED', payer: { payer_id: 'SMULATR2PAYER' } });
    const unit = body.purchase_units[0];
    expect(unit).not.toHaveProperty('amount');
    expect(unit?.payments.captures[0]).not.toHaveProperty('status_details');
    expect(unit?.payments.captures).toHaveLength(1);
    expect(unit?.payments.captures[0]).toMatchObject({
      status: 'COMPLETED',
      amount: { currency_code: 'TWD', value: '980' },
      custom_id: 'PAY1',
      invoice_id: 'PAY1',
      final_capture: true,
      seller_receivable_breakdown: {
        gross_amount: { value: '980' },
        paypal_fee: { value: '43' },
        net_amount: { value: '937' },
      },
    });
    expect(await orderOf(bench.simulator, id)).toMatchObject({ status: 'COMPLETED', paid: true, payer_page: null });
  });

  test('is refused before approval', async () => {
    const { client } = await open();
    expect(issue(await client.capture(await client.order()))).toEqual([422, 'ORDER_NOT_APPROVED']);
  });

  test('repeats its answer for the same request id and refuses another one', async () => {
    const bench = await open();
    const id = await approved(bench);
    const first = await bench.client.capture(id, 'C1');
    const again = await bench.client.capture(id, 'C1');
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(issue(await bench.client.capture(id, 'C2'))).toEqual([422, 'ORDER_ALREADY_CAPTURED']);
    expect(issue(await bench.client.capture(id))).toEqual([422, 'ORDER_ALREADY_CAPTURED']);
  });

  test('may have the request id its order was created with', async () => {
    const bench = await open();
    const id = await bench.client.order({}, 'R1');
    await act(bench, id, 'approve');
    expect((await bench.client.capture(id, 'R1')).status).toBe(201);
  });

  test('does not share its request id with another order', async () => {
    const bench = await open();
    await bench.client.capture(await approved(bench), 'C1');
    const other = await approved(bench, {}, { unit: { invoice_id: 'PAY2' } });
    expect(issue(await bench.client.capture(other, 'C1'))).toEqual([422, 'PAYPAL_REQUEST_ID_PREVIOUSLY_USED']);
  });

  test('must say application/json even when the body is empty', async () => {
    const bench = await open();
    const path = `/v2/checkout/orders/${await approved(bench)}/capture`;
    expect((await bench.client.send('POST', path, {})).status).toBe(415);
    expect((await bench.client.post(path, { raw: '{' })).status).toBe(400);
    expect(issue(await bench.client.post(path, { body: { amount: 1 } }))).toEqual([400, 'NOT_SUPPORTED']);
    expect((await bench.client.post(path, { body: {} })).status).toBe(201);
  });

  test('is refused for an invoice that was paid before, unless by another account', async () => {
    const bench = await open();
    const first = await captured(bench);
    expect(first.captureId).toMatch(/^[0-9A-Z]{17}$/);
    const twin = await approved(bench);
    expect(issue(await bench.client.capture(twin))).toEqual([422, 'DUPLICATE_INVOICE_ID']);
    const other: Bench = { ...bench, client: await connect(bench.simulator, 'AnotherClient1') };
    expect((await other.client.capture(await approved(other))).status).toBe(201);
  });

  test('is not for another account', async () => {
    const bench = await open();
    const id = await approved(bench);
    const stranger = await connect(bench.simulator, 'AnotherClient1');
    expect(issue(await stranger.capture(id))).toEqual([404, 'INVALID_RESOURCE_ID']);
  });

  test('comes too late after three hours, but a captured order stays', async () => {
    const bench = await open();
    const [late, inTime] = [await approved(bench), await captured(bench)];
    bench.clock.ms += 3 * HOUR_MS;
    expect((await bench.client.capture(late)).status).toBe(404);
    expect((await bench.client.get(`/v2/checkout/orders/${inTime.id}`)).status).toBe(200);
    const pay = await act(bench, late, 'pay');
    expect(pay.status).toBe(409);
    expect(await pay.json()).toMatchObject({ error: { code: 'ORDER_EXPIRED' } });
  });
});

describe('a capture that was told to end otherwise', () => {
  test('is pending with a reason until it is completed', async () => {
    const bench = await open();
    const id = await approved(bench, { outcome: 'pending', reason: 'ECHECK' });
    const { body } = await bench.client.capture(id);
    expect(body.status).toBe('COMPLETED');
    expect(body.purchase_units[0]?.payments.captures[0]).toMatchObject({
      status: 'PENDING',
      status_details: { reason: 'ECHECK' },
    });
    expect(await orderOf(bench.simulator, id)).toMatchObject({ status: 'PENDING', paid: false });
    expect((await act(bench, id, 'complete')).status).toBe(200);
    const settled = await bench.client.captureOf(id);
    expect(settled?.status).toBe('COMPLETED');
    expect(settled).not.toHaveProperty('status_details');
    expect((await act(bench, id, 'complete')).status).toBe(409);
  });

  test.each(['deny', 'decline'])('is declined when a pending one is ended by %s', async (action) => {
    const bench = await open();
    const id = await approved(bench, { outcome: 'pending' });
    await bench.client.capture(id);
    await act(bench, id, action);
    expect((await bench.client.captureOf(id))?.status).toBe('DECLINED');
  });

  test('is declined at once, and the order is used up', async () => {
    const bench = await open();
    const id = await approved(bench, { outcome: 'declined' });
    const { status, body } = await bench.client.capture(id);
    expect([status, body.purchase_units[0]?.payments.captures[0]?.status]).toEqual([201, 'DECLINED']);
    expect(issue(await bench.client.capture(id, 'C2'))).toEqual([422, 'ORDER_ALREADY_CAPTURED']);
    const twin = await approved(bench);
    expect((await bench.client.capture(twin)).status).toBe(201);
  });

  test('sends the payer back when the instrument is declined, and the next try needs an id of its own', async () => {
    const bench = await open();
    const id = await approved(bench, { outcome: 'instrument_declined' });
    const refused = await bench.client.capture(id, 'C1');
    expect(issue(refused)).toEqual([422, 'INSTRUMENT_DECLINED']);
    expect(refused.body.links.at(-1)).toMatchObject({ rel: 'payer-action' });
    expect((await bench.client.get(`/v2/checkout/orders/${id}`)).body.status).toBe('PAYER_ACTION_REQUIRED');
    expect(issue(await bench.client.capture(id, 'C2'))).toEqual([422, 'ORDER_NOT_APPROVED']);
    await act(bench, id, 'approve');
    expect(issue(await bench.client.capture(id, 'C1'))).toEqual([422, 'INSTRUMENT_DECLINED']);
    expect((await bench.client.capture(id, 'C2')).status).toBe(201);
  });

  test('is not let through yet, once, and may then come again under the same id', async () => {
    const bench = await open();
    const id = await approved(bench, { outcome: 'not_yet' });
    expect(issue(await bench.client.capture(id, 'C1'))).toEqual([422, 'ORDER_NOT_APPROVED']);
    expect((await bench.client.capture(id, 'C1')).status).toBe(201);
  });

  test('is refused with the issue asked for, as long as that stands', async () => {
    const bench = await open();
    const id = await approved(bench, { outcome: 'refused', issue: 'PAYER_CANNOT_PAY' });
    expect(issue(await bench.client.capture(id))).toEqual([422, 'PAYER_CANNOT_PAY']);
    expect(issue(await bench.client.capture(id))).toEqual([422, 'PAYER_CANNOT_PAY']);
    await act(bench, id, 'outcome', { outcome: 'completed' });
    expect((await bench.client.capture(id)).status).toBe(201);
  });

  test('takes no outcome it does not know, and none after the capture', async () => {
    const bench = await open();
    const { id } = await captured(bench);
    expect((await act(bench, id, 'outcome', { outcome: 'lost' })).status).toBe(400);
    expect((await act(bench, id, 'outcome', { outcome: 'pending' })).status).toBe(409);
  });
});

describe('refunding', () => {
  const usd: OrderChanges = { amount: { currency_code: 'USD', value: '10.00' } };
  const amount = (value: string, currency_code = 'USD') => ({ amount: { currency_code, value } });
  const refund = (bench: Bench, captureId: string, body?: object, requestId?: string) =>
    bench.client.post(`/v2/payments/captures/${captureId}/refund`, {
      ...(body === undefined ? {} : { body }),
      headers: {
        Prefer: 'return=representation',
        ...(requestId === undefined ? {} : { 'PayPal-Request-Id': requestId }),
      },
    });

  test('gives back parts and then the rest, never more', async () => {
    const bench = await open();
    const { id, captureId } = await captured(bench, usd);
    const part = await refund(bench, captureId, { ...amount('2.50'), note_to_payer: 'Sorry' });
    expect(part.status).toBe(201);
    expect(part.body).toMatchObject({ status: 'COMPLETED', amount: { value: '2.50' }, note_to_payer: 'Sorry' });
    expect((await bench.client.captureOf(id))?.status).toBe('PARTIALLY_REFUNDED');
    expect(issue(await refund(bench, captureId, amount('7.51')))).toEqual([422, 'REFUND_AMOUNT_EXCEEDED']);
    const rest = await refund(bench, captureId);
    expect(rest.body).toMatchObject({
      amount: { value: '7.50' },
      seller_payable_breakdown: { total_refunded_amount: { value: '10.00' } },
    });
    expect((await bench.client.captureOf(id))?.status).toBe('REFUNDED');
    expect(issue(await refund(bench, captureId, amount('0.01')))).toEqual([422, 'CAPTURE_FULLY_REFUNDED']);
    expect(await orderOf(bench.simulator, id)).toMatchObject({ status: 'REFUNDED', paid: true });
  });

  test('is done once for one request id, even after all was given back', async () => {
    const bench = await open();
    const { id, captureId } = await captured(bench, usd);
    const first = await refund(bench, captureId, amount('10.00'), 'F1');
    const again = await refund(bench, captureId, amount('10.00'), 'F1');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(issue(await refund(bench, captureId, amount('9.00'), 'F1'))).toEqual([
      422,
      'PAYPAL_REQUEST_ID_PREVIOUSLY_USED',
    ]);
    const { body } = await bench.client.get(`/v2/checkout/orders/${id}`);
    expect(body.purchase_units[0]?.payments).toMatchObject({ refunds: [{ id: first.body.id }] });
  });

  test.each([
    ['0.00', 'USD', 'CANNOT_BE_ZERO_OR_NEGATIVE'],
    ['1.001', 'USD', 'DECIMAL_PRECISION'],
    ['1.50', 'JPY', 'DECIMALS_NOT_SUPPORTED'],
    ['1.00', 'EUR', 'REFUND_CAPTURE_CURRENCY_MISMATCH'],
    ['1.00', 'XXX', 'INVALID_CURRENCY_CODE'],
  ])('refuses %s %s with %s', async (value, currency, expected) => {
    const bench = await open();
    const { captureId } = await captured(bench, usd);
    expect(issue(await refund(bench, captureId, amount(value, currency)))).toEqual([422, expected]);
  });

  test('refuses fields it does not know, an invoice used before, and the eleventh time', async () => {
    const bench = await open();
    const { captureId } = await captured(bench, usd);
    expect(issue(await refund(bench, captureId, { reason: 'x' }))).toEqual([400, 'NOT_SUPPORTED']);
    const first = { ...amount('0.01'), invoice_id: 'INV1' };
    expect((await refund(bench, captureId, first)).status).toBe(201);
    expect(issue(await refund(bench, captureId, first))).toEqual([422, 'DUPLICATE_INVOICE_ID']);
    const other: Bench = { ...bench, client: await connect(bench.simulator, 'AnotherClient1') };
    expect((await refund(other, (await captured(other, usd)).captureId, first)).status).toBe(201);
    for (let made = 1; made < 10; made += 1) await refund(bench, captureId, amount('0.01'));
    expect(issue(await refund(bench, captureId, amount('0.01')))).toEqual([422, 'MAX_NUMBER_OF_REFUNDS_EXCEEDED']);
  });

  test.each([
    ['pending', 'PENDING_CAPTURE'],
    ['declined', 'REFUND_NOT_ALLOWED'],
  ])('refuses a %s capture', async (outcome, expected) => {
    const bench = await open();
    const id = await approved(bench, { outcome });
    await bench.client.capture(id);
    const captureId = (await bench.client.captureOf(id))?.id ?? '';
    expect(issue(await refund(bench, captureId))).toEqual([422, expected]);
  });

  test('shows captures and refunds to their account only', async () => {
    const bench = await open();
    const { id, captureId } = await captured(bench, usd);
    const { body } = await refund(bench, captureId, amount('1.00'));
    const stranger = await connect(bench.simulator, 'AnotherClient1');
    for (const path of [`/v2/payments/captures/${captureId}`, `/v2/payments/refunds/${body.id}`]) {
      expect((await bench.client.get(path)).status).toBe(200);
      expect(issue(await stranger.get(path))).toEqual([404, 'INVALID_RESOURCE_ID']);
    }
    expect((await stranger.post(`/v2/payments/captures/${captureId}/refund`)).status).toBe(404);
    const alone = await bench.client.get(`/v2/payments/captures/${captureId}`);
    expect(alone.body).toMatchObject({ supplementary_data: { related_ids: { order_id: id } } });
  });

  test('can be done from the merchant’s side, in part or in full', async () => {
    const bench = await open();
    const { id } = await captured(bench, usd);
    expect((await act(bench, id, 'refund', { amount: '4', callback: false })).status).toBe(200);
    expect((await act(bench, id, 'refund', { amount: '6.01' })).status).toBe(409);
    await act(bench, id, 'refund');
    expect((await bench.client.captureOf(id))?.status).toBe('REFUNDED');
  });
});
