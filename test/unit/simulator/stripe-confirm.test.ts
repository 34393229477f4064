import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import {
  at,
  call,
  cardFields,
  create,
  errorOf,
  type Fields,
  type Json,
  pathOf,
  qrFields,
  RETURN_URL,
  typedFields,
} from './stripe-support.ts';
import { get, NOW, ORIGIN, postForm, postJson, useSimulator } from './support.ts';

const wasm = readFileSync(new URL('../../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url));
prepareZXingModule({
  overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) },
});

const { simulator } = useSimulator();

const look = async (intent: Json): Promise<Json> => (await call(simulator, 'GET', pathOf(intent))).body;
const payWith = (method: string, changes: Fields = {}) =>
  create(simulator, cardFields({ confirm: 'true', payment_method: method, ...changes }));

describe('QR codes', () => {
  const cases: [string, Fields, RegExp][] = [
    ['paynow', qrFields(), /^000201010212.*SG\.PAYNOW.*5303702540510\.99/],
    [
      'promptpay',
      typedFields('promptpay', 'thb', { 'payment_method_data[billing_details][email]': 'payer@example.com' }),
      /^000201010212.*A000000677010111.*5303764540510\.99/,
    ],
    [
      'wechat_pay',
      typedFields('wechat_pay', 'sgd', { 'payment_method_options[wechat_pay][client]': 'web' }),
      /^weixin:\/\/wxpay\/bizpayurl\?pr=\w{11}$/,
    ],
  ];

  test.each(cases)('%s: text, pictures and a page, all of them of the simulator', async (type, fields, text) => {
    const { status, body } = await create(simulator, fields);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'requires_action', next_action: { type: `${type}_display_qr_code` } });
    const action = at(body, 'next_action', `${type}_display_qr_code`) as Record<string, string>;
    const picture = type === 'wechat_pay' ? ['image_data_url'] : [];
    expect(Object.keys(action).sort()).toEqual(
      ['data', 'hosted_instructions_url', ...picture, 'image_url_png', 'image_url_svg'].sort(),
    );
    expect(action.data).toMatch(text);
    for (const name of ['hosted_instructions_url', 'image_url_png', 'image_url_svg']) {
      expect(action[name]).toStartWith(ORIGIN);
    }
    const svg = await get(simulator, (action.image_url_svg ?? '').slice(ORIGIN.length));
    expect(svg.headers.get('content-type')).toBe('image/svg+xml');
    expect(await scan(await get(simulator, (action.image_url_png ?? '').slice(ORIGIN.length)))).toBe(action.data);
    if (action.image_data_url) expect(await scan(await fetch(action.image_data_url))).toBe(action.data);
  });

  test('the payment code is sealed with its checksum', async () => {
    const { body } = await create(simulator);
    expect(body.next_action).toBeNull();
    const text = String(
      at((await create(simulator, qrFields())).body, 'next_action', 'paynow_display_qr_code', 'data'),
    );
    expect(text.slice(-4)).toBe(crc16(text.slice(0, -4)));
  });
});

async function scan(response: Response): Promise<string | undefined> {
  const [symbol] = await readBarcodes(new Uint8Array(await response.arrayBuffer()), { formats: ['QRCode'] });
  return symbol?.text;
}

/** CRC-16/CCITT-FALSE, by table-free long division. */
function crc16(text: string): string {
  const bits = [...Buffer.from(text, 'latin1')].flatMap((byte) =>
    [7, 6, 5, 4, 3, 2, 1, 0].map((at) => (byte >> at) & 1),
  );
  const sum = bits.reduce((crc, bit) => {
    const top = ((crc >> 15) & 1) ^ bit;
    return ((crc << 1) & 0xffff) ^ (top === 1 ? 0x1021 : 0);
  }, 0xffff);
  return sum.toString(16).toUpperCase().padStart(4, '0');
}

describe('redirects', () => {
  test('Alipay, GrabPay and FPX send the payer away, each in its own shape', async () => {
    const alipay = await create(simulator, typedFields('alipay', 'sgd'));
    expect(alipay.body.next_action).toEqual({
      type: 'alipay_handle_redirect',
      alipay_handle_redirect: {
        native_data: null,
        native_url: null,
        return_url: RETURN_URL,
        url: expect.stringMatching(/^http:\/\/simulator\.test\/stripe\/authorize\/pa_nonce_\w{32}$/),
      },
    });
    const bank = { 'payment_method_data[fpx][bank]': 'maybank2u' };
    for (const fields of [typedFields('grabpay', 'sgd'), typedFields('fpx', 'myr', bank)]) {
      const { body } = await create(simulator, fields);
      expect(body).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
      expect(Object.keys(at(body, 'next_action', 'redirect_to_url') as Json).sort()).toEqual(['return_url', 'url']);
    }
  });

  async function arrive(fields = typedFields('alipay', 'sgd')): Promise<{ intent: Json; path: string }> {
    const { body } = await create(simulator, fields);
    const action = at(body, 'next_action', String(at(body, 'next_action', 'type'))) as Record<string, string>;
    return { intent: body, path: (action.url ?? action.hosted_instructions_url ?? '').slice(ORIGIN.length) };
  }

  const back = (response: Response) => new URL(response.headers.get('location') ?? 'about:blank');

  test.each([
    ['pay', 'succeeded', 'succeeded'],
    ['decline', 'failed', 'requires_payment_method'],
    ['processing', 'pending', 'processing'],
  ])('the payer presses %s and comes back with %s', async (step, redirectStatus, status) => {
    const { intent, path } = await arrive();
    const page = await get(simulator, path);
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain(`data-action="${step}"`);
    expect(text).toContain('10.99');
    const response = await postForm(simulator, `${path}/${step}`, {});
    expect(response.status).toBe(303);
    expect(back(response).origin + back(response).pathname).toBe('https://shop.example/back');
    expect(Object.fromEntries(back(response).searchParams)).toEqual({
      order: '1',
      payment_intent: String(intent.id),
      payment_intent_client_secret: String(intent.client_secret),
      redirect_status: redirectStatus,
    });
    expect(await look(intent)).toMatchObject({ status });
  });

  test('what was pressed once is not pressed twice', async () => {
    const { intent, path } = await arrive();
    await postForm(simulator, `${path}/decline`, {});
    const page = await (await postForm(simulator, `${path}/pay`, {})).text();
    expect(page).toContain('Not paid');
    expect(page).toContain('redirect_status=failed');
    expect(await look(intent)).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code: 'payment_intent_payment_attempt_failed', payment_method: { type: 'alipay' } },
    });
  });

  test('a try that another one replaced has no page any more', async () => {
    const { intent, path } = await arrive();
    const again = await call(simulator, 'POST', pathOf(intent, '/confirm'), {
      'payment_method_data[type]': 'alipay',
      return_url: RETURN_URL,
    });
    expect(again.body).toMatchObject({ status: 'requires_action' });
    expect((await get(simulator, path)).status).toBe(404);
  });

  test('a QR code is paid, declined or timed out on its page, and nobody is carried away', async () => {
    const paid = await arrive(qrFields());
    expect(await (await get(simulator, paid.path)).text()).toContain('/stripe/qr/pa_nonce_');
    const page = await postForm(simulator, `${paid.path}/pay`, {});
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Paid');
    expect(await look(paid.intent)).toMatchObject({ status: 'succeeded', amount_received: 1099 });
    const late = await arrive(qrFields());
    await postForm(simulator, `${late.path}/expire`, {});
    expect(await look(late.intent)).toMatchObject({
      status: 'requires_payment_method',
      next_action: null,
      last_payment_error: { code: 'payment_intent_payment_attempt_expired' },
    });
  });

  test('unknown steps and pages are not found', async () => {
    const { path } = await arrive();
    expect((await postForm(simulator, `${path}/constructor`, {})).status).toBe(404);
    expect((await get(simulator, '/stripe/authorize/pa_nonce_x')).status).toBe(404);
    expect((await get(simulator, `${path.replace('authorize', 'qr')}.png`)).status).toBe(404);
  });
});

describe('cards', () => {
  test('pay at once', async () => {
    const { body } = await payWith('pm_card_visa');
    expect(body).toMatchObject({ status: 'succeeded', amount_received: 98_000, next_action: null });
    expect(body.latest_charge).toMatch(/^ch_3\w{23}$/);
  });

  test('are declined with 402, and the intent can be tried again', async () => {
    const declined = await payWith('pm_card_chargeDeclinedInsufficientFunds');
    expect(declined.status).toBe(402);
    expect(errorOf(declined)).toMatchObject({
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      payment_intent: { status: 'requires_payment_method', last_payment_error: { code: 'card_declined' } },
    });
    const intent = errorOf(declined).payment_intent as Json;
    const again = await call(simulator, 'POST', pathOf(intent, '/confirm'), { payment_method: 'pm_card_visa' });
    expect(again.body).toMatchObject({ status: 'succeeded', last_payment_error: null });
  });

  test('ask for 3-D Secure by number, by request or for everybody', async () => {
    const return_url = RETURN_URL;
    const byNumber = await payWith('pm_card_threeDSecure2Required', { return_url });
    expect(byNumber.body).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    const request = { 'payment_method_options[card][request_three_d_secure]': 'any', return_url };
    expect((await payWith('pm_card_visa', request)).body).toMatchObject({ status: 'requires_action' });
    await postJson(simulator, '/simulator/stripe/settings', { three_d_secure: true });
    expect((await payWith('pm_card_visa', { return_url })).body).toMatchObject({ status: 'requires_action' });
    const { body } = await payWith('pm_card_chargeDeclined', { return_url });
    const url = String(at(body, 'next_action', 'redirect_to_url', 'url'));
    await postForm(simulator, `${url.slice(ORIGIN.length)}/pay`, {});
    expect(await look(body)).toMatchObject({ last_payment_error: { code: 'card_declined' } });
  });

  test('without a return_url are left to Stripe.js', async () => {
    const { body } = await payWith('pm_card_threeDSecure2Required');
    expect(body).toMatchObject({ next_action: { type: 'use_stripe_sdk', use_stripe_sdk: {} } });
  });

  test('fail instead of asking when the shop wants it so', async () => {
    const answer = await payWith('pm_card_authenticationRequired', { error_on_requires_action: 'true' });
    expect(answer.status).toBe(402);
    expect(errorOf(answer)).toMatchObject({ code: 'authentication_required' });
  });

  test('fail when the payer does not prove to be who he is', async () => {
    const { body } = await payWith('pm_card_threeDSecure2Required', { return_url: RETURN_URL });
    const url = String(at(body, 'next_action', 'redirect_to_url', 'url'));
    const response = await postForm(simulator, `${url.slice(ORIGIN.length)}/decline`, {});
    expect(response.headers.get('location')).toContain('redirect_status=failed');
    expect(await look(body)).toMatchObject({
      last_payment_error: { code: 'payment_intent_authentication_failure', payment_method: { type: 'card' } },
    });
  });
});

describe('the state of an intent', () => {
  test('with a method and no confirmation waits for one', async () => {
    const { body } = await create(simulator, cardFields({ payment_method: 'pm_card_visa' }));
    expect(body).toMatchObject({ status: 'requires_confirmation' });
    expect((await call(simulator, 'POST', pathOf(body, '/confirm'))).body).toMatchObject({ status: 'succeeded' });
  });

  test('that is paid or canceled takes neither a confirmation nor a cancellation', async () => {
    const paid = await payWith('pm_card_visa');
    const canceled = await create(simulator);
    const reason = { cancellation_reason: 'abandoned' };
    const answer = await call(simulator, 'POST', pathOf(canceled.body, '/cancel'), reason);
    expect(answer.body).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'abandoned',
      canceled_at: NOW / 1000,
    });
    for (const { body } of [paid, canceled]) {
      for (const [step, fields] of [
        ['/confirm', { payment_method: 'pm_card_visa' }],
        ['/cancel', {}],
      ] as const) {
        const refused = await call(simulator, 'POST', pathOf(body, step), fields);
        expect(refused.status).toBe(400);
        expect(errorOf(refused)).toMatchObject({
          code: 'payment_intent_unexpected_state',
          payment_intent: { id: body.id },
        });
      }
    }
  });

  test('without a method cannot be confirmed', async () => {
    const { body } = await create(simulator);
    expect(errorOf(await call(simulator, 'POST', pathOf(body, '/confirm')))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
  });

  test('is nobody else’s business', async () => {
    const { body } = await create(simulator);
    const other = { authorization: 'Bearer sk_test_somebodyelse' };
    for (const [method, step] of [
      ['GET', ''],
      ['POST', '/confirm'],
      ['POST', '/cancel'],
    ] as const) {
      const refused = await call(simulator, method, pathOf(body, step), {}, other);
      expect(refused.status).toBe(404);
      expect(errorOf(refused)).toMatchObject({ code: 'resource_missing', param: 'intent' });
    }
    expect((await call(simulator, 'GET', '/v1/payment_intents/pi_none')).status).toBe(404);
  });
});
