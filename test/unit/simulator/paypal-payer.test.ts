import { describe, expect, test } from 'bun:test';
import { connect, eventTypes, until, useOpenShop } from './paypal-support.ts';
import { get, orderOf, postForm, postJson } from './support.ts';

const { shop, simulator, client, act } = useOpenShop();

const page = async (id: string) => (await get(simulator, `/checkoutnow?token=${id}`)).text();
const press = (id: string, step: string, fields: Record<string, string> = {}) =>
  postForm(simulator, `/checkoutnow/${step}?token=${id}`, fields);

describe('the payer’s page', () => {
  test('shows what is to be paid and the three things a payer can do', async () => {
    const html = await page(
      await client.order({ amount: { currency_code: 'USD', value: '10.5' }, unit: { description: '<b>' } }),
    );
    for (const part of ['10.50', 'USD', 'A shop', '&lt;b>', 'Order PAY1']) expect(html).toContain(part);
    for (const step of ['approve', 'decline', 'cancel']) expect(html).toContain(`data-action="${step}"`);
  });

  test('brings the payer back with token and PayerID, and tells the shop meanwhile', async () => {
    const id = await client.order();
    const answer = await press(id, 'approve');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(
      `https://shop.example/return?keep=a%20b&token=${id}&PayerID=SMULATR2PAYER`,
    );
    await until(() => shop.received.length === 1);
    expect(eventTypes(shop)).toEqual(['CHECKOUT.ORDER.APPROVED']);
    expect((await client.capture(id)).status).toBe(201);
  });

  test('approves once: a second press goes back to the shop without another event', async () => {
    const id = await client.order();
    await press(id, 'approve');
    await until(() => shop.received.length === 1);
    const again = await press(id, 'approve', { outcome: 'declined' });
    expect(again.headers.get('location')).toContain('PayerID=');
    expect(await page(id)).toContain('data-back');
    await client.capture(id);
    await until(() => shop.received.length === 2);
    expect(eventTypes(shop)[1]).toBe('PAYMENT.CAPTURE.COMPLETED');
    expect(await page(id)).toContain('paid for');
  });

  test('lets a person choose how the capture ends, and leaves a program’s choice as it is', async () => {
    const [chosen, told] = [await client.order(), await client.order({ unit: { invoice_id: 'PAY2' } })];
    await press(chosen, 'approve', { outcome: 'declined' });
    expect((await orderOf(simulator, chosen)).info.next_capture).toBe('declined');
    await act(told, 'outcome', { outcome: 'pending', reason: 'UNILATERAL' });
    expect(await page(told)).toMatch(
      /<option[^>]*selected[^>]*value="pending"|<option[^>]*value="pending"[^>]*selected/,
    );
    await press(told, 'approve', { outcome: 'pending' });
    await client.capture(told);
    expect(await client.captureOf(told)).toMatchObject({ status_details: { reason: 'UNILATERAL' } });
    expect((await press(await client.order(), 'approve', { outcome: 'lost' })).status).toBe(400);
  });

  test('shows a refusal to the payer only, who may then approve', async () => {
    const id = await client.order();
    expect(await (await press(id, 'decline')).text()).toContain('The bank declined');
    expect((await client.get(`/v2/checkout/orders/${id}`)).body.status).toBe('PAYER_ACTION_REQUIRED');
    expect(shop.received).toHaveLength(0);
    expect((await press(id, 'approve')).status).toBe(303);
  });

  test('cancels back to the shop with the token alone; the order stays open', async () => {
    const id = await client.order();
    const answer = await press(id, 'cancel');
    expect(answer.headers.get('location')).toBe(`https://shop.example/cancel?token=${id}`);
    expect((await client.get(`/v2/checkout/orders/${id}`)).body.status).toBe('PAYER_ACTION_REQUIRED');
  });

  test('says so when the order has expired, and approves it no more', async () => {
    const id = await client.order();
    await act(id, 'expire');
    expect(await page(id)).toContain('expired');
    expect(await (await press(id, 'approve')).text()).toContain('expired');
    expect((await client.get(`/v2/checkout/orders/${id}`)).status).toBe(404);
  });

  test('stays where it is when the shop gave no address to go back to', async () => {
    const id = await client.order({ context: { return_url: undefined, cancel_url: undefined } });
    expect((await press(id, 'cancel')).status).toBe(200);
    expect(await (await press(id, 'approve')).text()).toContain('Approved');
  });

  test('is not found for an unknown token or step', async () => {
    expect((await get(simulator, '/checkoutnow?token=NOBODY')).status).toBe(404);
    const id = await client.order();
    for (const step of ['constructor', 'refund']) expect((await press(id, step)).status).toBe(404);
  });
});

describe('the console', () => {
  test('shows an order under the shop’s number, PayPal’s and that of its capture', async () => {
    const id = await client.order({ unit: { custom_id: 'PAY9', invoice_id: 'INV9' } });
    await act(id, 'pay', { capture: true });
    const captureId = (await client.captureOf(id))?.id ?? '';
    for (const number of [id, 'PAY9', 'INV9', captureId]) {
      const order = await orderOf(simulator, number);
      expect(order).toMatchObject({
        gateway: 'paypal',
        order_no: 'PAY9',
        trade_no: id,
        amount: '980',
        currency: 'TWD',
        paid: true,
      });
    }
  });

  test('offers every action on the order’s page, where a button without details does the usual', async () => {
    const id = await client.order();
    const html = await (await get(simulator, `/simulator/orders/${id}/page?gateway=paypal`)).text();
    const actions = ['pay', 'approve', 'decline', 'expire', 'repeat', 'complete', 'deny', 'refund', 'outcome'];
    for (const action of actions) expect(html).toContain(`data-action="${action}"`);
    expect(html).toContain('simulator-webhook-id');
    expect((await postForm(simulator, `/simulator/orders/${id}/outcome?gateway=paypal`, {})).status).toBe(303);
    expect((await postForm(simulator, `/simulator/orders/${id}/pay?gateway=paypal`, {})).status).toBe(303);
    expect(await (await get(simulator, '/simulator')).text()).toContain(id);
  });

  test.each([
    ['pay', 'ORDER_ALREADY_APPROVED'],
    ['complete', 'ORDER_NOT_CAPTURED'],
    ['refund', 'ORDER_NOT_CAPTURED'],
  ])('refuses to %s an order that is only approved', async (action, code) => {
    const id = await client.order();
    await act(id, 'approve');
    const refused = await act(id, action);
    expect([refused.status, (await refused.json()).error.code]).toEqual([409, code]);
  });

  test.each(['pay', 'decline', 'expire', 'outcome'])('refuses to %s an order that is paid', async (action) => {
    const id = await client.order();
    await act(id, 'pay', { capture: true });
    const refused = await act(id, action);
    expect([refused.status, (await refused.json()).error.code]).toEqual([409, 'ORDER_ALREADY_PAID']);
  });

  test('tells why PayPal does not capture', async () => {
    const id = await client.order();
    await act(id, 'outcome', { outcome: 'instrument_declined' });
    const refused = await act(id, 'pay', { capture: true, callback: false });
    expect([refused.status, (await refused.json()).error.code]).toEqual([409, 'INSTRUMENT_DECLINED']);
  });

  test('logs calls by route with the number they are about, and lets them fail on request', async () => {
    await postJson(simulator, '/simulator/faults', { route: 'paypal-create-order', kind: 'unavailable' });
    const { status } = await get(simulator, '/simulator/requests');
    expect(status).toBe(200);
    await expect(client.create()).rejects.toThrow();
    const id = await client.order();
    await client.get(`/v2/checkout/orders/${id}`);
    await page(id);
    const { requests } = await (await get(simulator, '/simulator/requests?limit=4')).json();
    expect(requests).toMatchObject([
      { route: 'paypal-checkout', merchant_trade_no: id, status: 200 },
      { route: 'paypal-get-order', merchant_trade_no: id, status: 200 },
      { route: 'paypal-create-order', merchant_trade_no: 'PAY1', status: 201 },
      { route: 'paypal-create-order', merchant_trade_no: 'PAY1', status: 503, fault: 'unavailable' },
    ]);
  });

  test('forgets everything when it is reset', async () => {
    const id = await client.order();
    await postJson(simulator, '/simulator/reset');
    expect((await client.get(`/v2/checkout/orders/${id}`)).status).toBe(401);
    expect((await (await connect(simulator)).get(`/v2/checkout/orders/${id}`)).status).toBe(404);
  });
});
