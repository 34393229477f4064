import { describe, expect, test } from 'bun:test';
import { connect, HOUR_MS, type OrderChanges, orderBody, type Reply, startAt } from './paypal-support.ts';
import { ORIGIN, postJson, start } from './support.ts';

const issues = ({ body }: Reply) => body.details.map(({ issue, field }) => `${issue} ${field ?? ''}`.trim());

describe('creating an order', () => {
  test('answers the minimum with a payer-action link when a payment source is given', async () => {
    const { status, body } = await (await connect(start())).create();
    expect(status).toBe(201);
    expect(body.id).toMatch(/^[0-9A-Z]{17}$/);
    expect(body as unknown).toEqual({
      id: body.id,
      status: 'PAYER_ACTION_REQUIRED',
      payment_source: { paypal: {} },
      links: [
        { href: `${ORIGIN}/v2/checkout/orders/${body.id}`, rel: 'self', method: 'GET' },
        { href: `${ORIGIN}/checkoutnow?token=${body.id}`, rel: 'payer-action', method: 'GET' },
      ],
    });
  });

  test('answers an approve link without a payment source, and then needs no PayPal-Request-Id', async () => {
    const client = await connect(start());
    const body = orderBody({ top: { payment_source: undefined } });
    const made = await client.post('/v2/checkout/orders', { body });
    expect(made).toMatchObject({ status: 201, body: { status: 'CREATED' } });
    expect(made.body.links.map(({ rel }) => rel)).toEqual(['self', 'approve']);
  });

  test('needs a PayPal-Request-Id with a payment source', async () => {
    const made = await (await connect(start())).post('/v2/checkout/orders', { body: orderBody() });
    expect(made.status).toBe(400);
    expect(issues(made)).toEqual(['PAYPAL_REQUEST_ID_REQUIRED']);
    expect(made.body).toMatchObject({ name: 'INVALID_REQUEST', links: [{ rel: 'information_link' }] });
  });

  test('answers everything when asked to, with amounts tidied', async () => {
    const client = await connect(start());
    const made = await client.create(
      { amount: { currency_code: 'USD', value: '10.5' } },
      'R1',
      'return=representation',
    );
    expect(made.body).toMatchObject({
      intent: 'CAPTURE',
      create_time: '2026-06-22T07:30:00Z',
      purchase_units: [{ reference_id: 'PAY1', custom_id: 'PAY1', amount: { currency_code: 'USD', value: '10.50' } }],
    });
  });

  const refusals: readonly (readonly [string, OrderChanges, string])[] = [
    ['no intent', { top: { intent: undefined } }, 'MISSING_REQUIRED_PARAMETER /intent'],
    ['an unknown intent', { top: { intent: 'SALE' } }, 'INVALID_PARAMETER_VALUE /intent'],
    ['no purchase unit', { top: { purchase_units: [] } }, 'INVALID_ARRAY_MIN_ITEMS /purchase_units'],
    ['purchase units that are no list', { top: { purchase_units: {} } }, 'INVALID_PARAMETER_SYNTAX /purchase_units'],
    ['no amount', { unit: { amount: undefined } }, 'MISSING_REQUIRED_PARAMETER /purchase_units/0/amount'],
    ['a number as value', { amount: { value: 980 } }, 'INVALID_PARAMETER_SYNTAX /purchase_units/0/amount/value'],
    ['a value with a comma', { amount: { value: '9,80' } }, 'INVALID_PARAMETER_SYNTAX /purchase_units/0/amount/value'],
    ['a value too long', { amount: { value: '9'.repeat(33) } }, 'INVALID_STRING_LENGTH /purchase_units/0/amount/value'],
    [
      'a short currency',
      { amount: { currency_code: 'TW' } },
      'INVALID_STRING_LENGTH /purchase_units/0/amount/currency_code',
    ],
    ['a long custom_id', { unit: { custom_id: 'x'.repeat(128) } }, 'INVALID_STRING_LENGTH /purchase_units/0/custom_id'],
    ['an empty invoice_id', { unit: { invoice_id: '' } }, 'INVALID_STRING_LENGTH /purchase_units/0/invoice_id'],
    [
      'a long reference_id',
      { unit: { reference_id: 'x'.repeat(257) } },
      'INVALID_STRING_LENGTH /purchase_units/0/reference_id',
    ],
    [
      '128 bytes',
      { unit: { description: `${'測'.repeat(42)}xx` } },
      'INVALID_STRING_LENGTH /purchase_units/0/description',
    ],
    [
      '43 Chinese characters',
      { unit: { description: '測'.repeat(43) } },
      'INVALID_STRING_LENGTH /purchase_units/0/description',
    ],
    ['a field of its own making', { unit: { colour: 'red' } }, 'NOT_SUPPORTED /purchase_units/0/colour'],
    ['a field at the top', { top: { description: 'x' } }, 'NOT_SUPPORTED /description'],
    [
      'another payment source',
      { top: { payment_source: { paypal: {}, card: {} } } },
      'NOT_SUPPORTED /payment_source/card',
    ],
    ['an empty payment source', { top: { payment_source: {} } }, 'MISSING_REQUIRED_PARAMETER /payment_source/paypal'],
  ];
  const contexts: readonly (readonly [string, unknown, string])[] = [
    ['return_url', '/return', 'INVALID_PARAMETER_SYNTAX'],
    ['return_url', 'javascript:alert(1)', 'INVALID_PARAMETER_SYNTAX'],
    ['cancel_url', 'https://', 'INVALID_PARAMETER_SYNTAX'],
    ['cancel_url', 'https://a:b:c/', 'INVALID_PARAMETER_SYNTAX'],
    ['locale', 'zh_TW', 'INVALID_PARAMETER_SYNTAX'],
    ['locale', 'zh-tw', 'INVALID_PARAMETER_SYNTAX'],
    ['user_action', 'PAY', 'INVALID_PARAMETER_VALUE'],
    ['shipping_preference', 'NONE', 'INVALID_PARAMETER_VALUE'],
    ['landing_page', 'BILLING', 'INVALID_PARAMETER_VALUE'],
    ['payment_method_preference', 'INSTANT', 'INVALID_PARAMETER_VALUE'],
    ['brand_name', 'x'.repeat(128), 'INVALID_STRING_LENGTH'],
    ['brand_name', 7, 'INVALID_PARAMETER_SYNTAX'],
    ['colour', 'red', 'NOT_SUPPORTED'],
  ];

  test.each(refusals)('refuses %s', async (_, changes, expected) => {
    const made = await (await connect(start())).create(changes);
    expect(made.status).toBe(400);
    expect(issues(made)).toEqual([expected]);
  });

  test.each(contexts)('refuses the experience context with %s %p', async (name, value, issue) => {
    const made = await (await connect(start())).create({ context: { [name]: value } });
    expect(made.status).toBe(400);
    expect(issues(made)).toEqual([`${issue} /payment_source/paypal/experience_context/${name}`]);
  });

  test('counts a description in bytes and takes 127 of them', async () => {
    const description = `${'測'.repeat(42)}x`;
    expect((await (await connect(start())).create({ unit: { description } })).status).toBe(201);
  });

  test.each([
    ['TWD', '980.00', 'DECIMAL_PRECISION', 'value'],
    ['JPY', '1.5', 'DECIMAL_PRECISION', 'value'],
    ['HUF', '100.0', 'DECIMAL_PRECISION', 'value'],
    ['USD', '1.005', 'DECIMAL_PRECISION', 'value'],
    ['USD', '0.00', 'CANNOT_BE_ZERO_OR_NEGATIVE', 'value'],
    ['TWD', '-1', 'CANNOT_BE_ZERO_OR_NEGATIVE', 'value'],
    ['USD', '1000000000000000.00', 'MAX_VALUE_EXCEEDED', 'value'],
    ['KRW', '1000', 'INVALID_CURRENCY_CODE', 'currency_code'],
    ['twd', '980', 'INVALID_CURRENCY_CODE', 'currency_code'],
  ])('refuses %s %s with %s', async (currency_code, value, issue, field) => {
    const made = await (await connect(start())).create({ amount: { currency_code, value } });
    expect(made).toMatchObject({ status: 422, body: { name: 'UNPROCESSABLE_ENTITY' } });
    expect(issues(made)).toEqual([`${issue} /purchase_units/0/amount/${field}`]);
  });

  test.each([
    ['USD', '.5', '0.50'],
    ['USD', '10', '10.00'],
    ['EUR', '999999999999999.99', '999999999999999.99'],
    ['HUF', '0980', '980'],
  ])('takes %s %s as %s', async (currency_code, value, tidied) => {
    const client = await connect(start());
    const made = await client.create({ amount: { currency_code, value } }, 'R1', 'return=representation');
    expect(made.body.purchase_units[0]).toMatchObject({ amount: { value: tidied } });
  });

  test('refuses to authorize, and settings in two places', async () => {
    const client = await connect(start());
    expect(issues(await client.create({ top: { intent: 'AUTHORIZE' } }))).toEqual(['UNSUPPORTED_INTENT /intent']);
    const twice = await client.create({ top: { application_context: { brand_name: 'x' } } });
    expect(issues(twice)).toEqual(['INCOMPATIBLE_PARAMETER_VALUE /application_context']);
  });

  test('refuses a body that is no JSON object, or does not say that it is one', async () => {
    const client = await connect(start());
    for (const raw of ['', '{', '[]', 'null']) {
      const made = await client.post('/v2/checkout/orders', { raw });
      expect([made.status, ...issues(made)]).toEqual([400, 'MALFORMED_REQUEST_JSON']);
    }
    const form = await client.send('POST', '/v2/checkout/orders', { 'content-type': 'text/plain' }, '{}');
    expect(form).toMatchObject({ status: 415, body: { name: 'UNSUPPORTED_MEDIA_TYPE' } });
  });

  test.each([
    ['PayPal-Request-Id', 'x'.repeat(109), 'INVALID_STRING_LENGTH'],
    ['PayPal-Partner-Attribution-Id', 'x'.repeat(37), 'INVALID_STRING_LENGTH'],
    ['Prefer', 'return=all', 'INVALID_PARAMETER_SYNTAX'],
  ])('refuses the header %s: %s', async (name, value, issue) => {
    const made = await (await connect(start())).post('/v2/checkout/orders', { body: {}, headers: { [name]: value } });
    expect(issues(made)).toEqual([`${issue} ${name}`]);
  });
});

describe('a PayPal-Request-Id', () => {
  test('brings the same order back for the same body, with 200', async () => {
    const client = await connect(start());
    const first = await client.create({}, 'R1');
    const again = await client.create({}, 'R1');
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    expect((await client.create({}, 'R2')).body.id).not.toBe(first.body.id);
  });

  test('is refused for another body', async () => {
    const client = await connect(start());
    await client.create({}, 'R1');
    const other = await client.create({ amount: { value: '981' } }, 'R1');
    expect([other.status, ...issues(other)]).toEqual([422, 'PAYPAL_REQUEST_ID_PREVIOUSLY_USED PayPal-Request-Id']);
  });

  test('belongs to its account and is free again after six hours', async () => {
    const { simulator, clock } = startAt();
    const client = await connect(simulator);
    const first = await client.order({}, 'R1');
    expect(await (await connect(simulator, 'AnotherClient1')).order({}, 'R1')).not.toBe(first);
    clock.ms += 6 * HOUR_MS;
    expect(await client.order({}, 'R1')).not.toBe(first);
  });

  test('is not spent by a refused request', async () => {
    const client = await connect(start());
    expect((await client.create({ amount: { value: '1.5' } }, 'R1')).status).toBe(422);
    expect((await client.create({}, 'R1')).status).toBe(201);
  });
});

describe('reading an order', () => {
  test('shows all of it to its account', async () => {
    const { simulator, clock } = startAt();
    const client = await connect(simulator);
    const id = await client.order({ unit: { soft_descriptor: 'SHOP' } });
    await postJson(simulator, '/simulator/orders/PAY1/outcome', { outcome: 'pending' });
    clock.ms += 1000;
    await postJson(simulator, `/simulator/orders/${id}/approve`, { callback: false });
    const { status, body } = await client.get(`/v2/checkout/orders/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      status: 'APPROVED',
      create_time: '2026-06-22T07:30:00Z',
      update_time: '2026-06-22T07:30:01Z',
      payer: { payer_id: 'SMULATR2PAYER' },
      payment_source: { paypal: { account_status: 'VERIFIED' } },
      purchase_units: [{ soft_descriptor: 'SHOP', invoice_id: 'PAY1', description: '測試 / test' }],
    });
    expect(body.links.map(({ rel }) => rel)).toEqual(['self', 'capture']);
  });

  test('is not for another account, nor for anybody after three hours', async () => {
    const { simulator, clock } = startAt();
    const client = await connect(simulator);
    const path = `/v2/checkout/orders/${await client.order()}`;
    const stranger = await (await connect(simulator, 'AnotherClient1')).get(path);
    expect(stranger).toMatchObject({ status: 404, body: { name: 'RESOURCE_NOT_FOUND' } });
    expect(issues(stranger)).toEqual(['INVALID_RESOURCE_ID order_id']);
    clock.ms += 3 * HOUR_MS - 1;
    expect((await client.get(path)).status).toBe(200);
    clock.ms += 1;
    expect((await client.get(path)).status).toBe(404);
  });

  test('refuses a list of fields with other characters', async () => {
    const client = await connect(start());
    expect((await client.get(`/v2/checkout/orders/${await client.order()}?fields=A-Z`)).status).toBe(400);
  });
});
