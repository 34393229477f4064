import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signFields as signEcpay } from '../../src/gateways/ecpay/signature.ts';
import { signFields as signPlus } from '../../src/gateways/plus/signature.ts';
import { type Received, startApp, type TestApp } from '../support/app.ts';
import { bodyFor } from '../support/orders.ts';
import { findLeaks, listTexts, MARKED } from '../support/quoting.ts';

/**
 * Gateways that quote every secret of the set in all they say: nothing of it is in an answer, a page, the log, a
 * notification or a byte of the database. What drivers let out is looked through in test/unit/gateways/quoting.test.ts.
 */
let app: TestApp;
const heard: string[] = [];
beforeAll(async () => {
  app = await startApp({ env: { PAYCORE_LOG_LEVEL: 'debug' } });
});
afterAll(() => app.stop());

const setOf = (gateway: string) => MARKED[gateway] ?? {};
const quoteOf = (gateway: string) => listTexts(setOf(gateway)).join(' ');
/** A value that spells a further field is refused whole where forms are signed. */
const unsplit = (text: string) => text.replaceAll('&', '%26');
const FORM = 'application/x-www-form-urlencoded';

/** What each refuses with, by the path it is asked at. */
const REFUSALS: readonly (readonly [RegExp, () => Response])[] = [
  [/^\/1\.0\.0\/|^\/Merchant\//, () => Response.json({ TransCode: 10, TransMsg: quoteOf('ecpay') })],
  [/^\/Cashier\/|^\/CreditDetail\//, () => new Response(`10200073|${quoteOf('ecpay')}`)],
  [
    /^\/v1\/oauth2/,
    () => Response.json({ error: quoteOf('paypal'), error_description: quoteOf('paypal') }, { status: 401 }),
  ],
  [
    /^\/v1\//,
    () =>
      Response.json(
        { error: { type: 'card_error', code: quoteOf('stripe'), message: quoteOf('stripe') } },
        { status: 402 },
      ),
  ],
  [
    /^\/api\/SPPayment|^\/ezpos/,
    () => new Response(`<SmilePay><Status>-2002</Status><Desc>${escapeXml(quoteOf('smilepay'))}</Desc></SmilePay>`),
  ],
  [/^\/api\//, () => Response.json({ code: quoteOf('plus'), status: quoteOf('plus'), message: quoteOf('plus') })],
];
const escapeXml = (text: string) => text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
const refuse = ({ path }: Received) => REFUSALS.find(([pattern]) => pattern.test(path))?.[1]() ?? null;
const fail = () => new Response('', { status: 500 });

const hear = async (answer: { readonly text: string } | Response): Promise<void> => {
  heard.push(answer instanceof Response ? await answer.text() : answer.text);
};

async function look(paymentNo: unknown): Promise<void> {
  const found = await app.find(String(paymentNo));
  await hear(await app.call(`/api/paycore/payments/${paymentNo}`));
  await hear(await app.call(`/api/paycore/payments/${paymentNo}/events`));
  await hear(await app.request(String(found.payment_url).slice(app.url.length)));
}

/** An attempt whose outcome is unknown: callbacks find it. */
async function openUnknown(route: string): Promise<{ paymentNo: string; orderNo: string }> {
  app.gateway.answer = fail;
  const { json } = await app.create(route, bodyFor(route, setOf(route.split('/')[0] ?? '')));
  const paymentNo = json.error?.payment_no ?? String(json.data?.payment_no);
  const orderNo = String((await app.find(paymentNo)).gateway_order_no);
  app.gateway.answer = refuse;
  return { paymentNo, orderNo };
}

async function tryCalls(gateway: string, routes: readonly string[]): Promise<void> {
  for (const route of routes) {
    app.gateway.answer = refuse;
    await hear(await app.create(`${gateway}/${route}`, bodyFor(`${gateway}/${route}`, setOf(gateway))));
    const { paymentNo } = await openUnknown(`${gateway}/${route}`);
    await hear(await app.call(`/api/paycore/payments/${paymentNo}/sync`, {}));
    await hear(await app.call(`/api/paycore/payments/${paymentNo}/cancel`, {}));
    await look(paymentNo);
  }
}

async function tryEcpay(): Promise<void> {
  const set = setOf('ecpay');
  const { json } = await app.create('ecpay/aio/credit', bodyFor('ecpay/aio/credit', { ...set, environment: 'stage' }));
  const { payment_no, gateway_order_no } = json.data;
  const notice = (change: Readonly<Record<string, string>>) => {
    const text = unsplit(quoteOf('ecpay'));
    const order = { MerchantID: set.merchant_id ?? '', MerchantTradeNo: String(gateway_order_no), TradeAmt: '980' };
    const fields = { ...order, RtnMsg: text, CustomField2: text, PaymentType: text, ...change };
    return app.callback(new URLSearchParams({ ...fields, CheckMacValue: signEcpay(fields, set) }), FORM);
  };
  expect((await notice({ RtnCode: '10100058' })).text).toBe('1|OK');
  await hear(await notice({ RtnCode: '1', TradeAmt: '981' }));
  expect((await notice({ RtnCode: '1' })).text).toBe('1|OK');
  await hear(await notice({ RtnCode: '1', MerchantID: '3002608' }));
  app.gateway.answer = refuse;
  await hear(await app.call(`/api/paycore/payments/${payment_no}/refunds`, {}));
  await look(payment_no);
  const { events } = (await app.call(`/api/paycore/payments/${payment_no}/events`)).json.data as {
    events: readonly { data: { message?: string } }[];
  };
  expect(Math.max(...events.map(({ data }) => data.message?.length ?? 0))).toBe(500);

  const made = await app.create('ecpay/ecpg', bodyFor('ecpay/ecpg', { ...set, environment: 'stage' }));
  const page = String(made.json.data.payment_url).slice(app.url.length);
  await hear(await app.request(page.replace('?', '/form?'), { method: 'POST' }));
  const { searchParams } = new URL(String(made.json.data.payment_url));
  const path = `/api/paycore/pay/ecpay/ecpg/${made.json.data.payment_no}/create?token=${searchParams.get('token')}`;
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"PayToken":"PT"}' };
  await hear(await app.request(path, init));
  await look(made.json.data.payment_no);
}

async function trySmilepay(): Promise<void> {
  const set = setOf('smilepay');
  const { paymentNo, orderNo } = await openUnknown('smilepay/atm');
  const notice = (change: object) =>
    app.callback(
      JSON.stringify({ Dcvc: set.dcvc, Data_id: orderNo, SmilePayNO: '062223689453', Amount: 980, ...change }),
      'application/json',
      'smilepay',
    );
  const { validation_token } = set;
  await hear(await notice({ Status: quoteOf('smilepay'), validation_token }));
  await hear(await notice({ Status: '1', validation_token, Amount: 981 }));
  await hear(await notice({ Status: '1', validation_token, Dcvc: '2110' }));
  await hear(await notice({ Status: '1', validation_token, Data_id: 'NOBODYS', SmilePayNO: 'NOBODYS' }));
  expect((await notice({ Status: '1', validation_token })).text).toBe('OK');
  expect((await app.find(paymentNo)).status).toBe('paid');
  await look(paymentNo);
}

async function tryStripe(): Promise<void> {
  const { webhook_secret = '' } = setOf('stripe');
  const { paymentNo, orderNo } = await openUnknown('stripe/credit');
  const text = quoteOf('stripe');
  for (const [type, object] of [
    ['charge.dispute.created', { object: 'dispute', payment_intent: 'pi_1', reason: text, status: text }],
    [
      'payment_intent.payment_failed',
      { object: 'payment_intent', id: 'pi_1', last_payment_error: { code: text, message: text } },
    ],
    [text.slice(0, 90), { object: 'payment_intent', id: 'pi_1', status: text }],
    [
      'payment_intent.succeeded',
      { object: 'payment_intent', id: 'pi_1', status: 'succeeded', amount_received: 1, currency: 'twd' },
    ],
  ] as const) {
    const metadata = { gateway_order_no: orderNo };
    const body = JSON.stringify({
      id: text,
      object: 'event',
      type,
      livemode: false,
      data: { object: { ...object, metadata } },
    });
    const seconds = Math.floor(app.clock.now() / 1000);
    const v1 = createHmac('sha256', webhook_secret).update(`${seconds}.${body}`).digest('hex');
    const headers = { 'stripe-signature': `t=${seconds},v1=${v1}` };
    const status = type === 'payment_intent.succeeded' ? 400 : 200;
    expect((await app.callback(body, 'application/json', 'stripe', { headers })).status).toBe(status);
  }
  await look(paymentNo);
}

async function tryPaypal(): Promise<void> {
  const { paymentNo } = await openUnknown('paypal/checkout');
  const event = {
    event_type: 'PAYMENT.CAPTURE.REFUNDED',
    summary: quoteOf('paypal'),
    resource: { custom_id: paymentNo },
  };
  const names = ['auth-algo', 'cert-url', 'transmission-id', 'transmission-sig', 'transmission-time'];
  const headers = Object.fromEntries(names.map((name) => [`paypal-${name}`, 'x']));
  await hear(await app.callback(JSON.stringify(event), 'application/json', 'paypal', { headers }));
  app.gateway.answer = ({ path }) => {
    if (path === '/v1/oauth2/token')
      return Response.json({ access_token: 'A21', token_type: 'Bearer', expires_in: 900 });
    return path.endsWith('signature') ? Response.json({ verification_status: 'SUCCESS' }) : null;
  };
  const taken = await app.callback(JSON.stringify(event), 'application/json', 'paypal', { headers });
  expect(taken.status).toBe(200);
  await look(paymentNo);
}

async function tryPlus(): Promise<void> {
  const { appid = '', secret_key = '' } = setOf('plus');
  await hear(await app.call('/api/paycore/gateways/plus/balance', { gateway_credentials: setOf('plus') }));
  const { paymentNo, orderNo } = await openUnknown('plus/atm');
  for (const fields of [
    { status: unsplit(quoteOf('plus')) },
    { status: '1', money: '981' },
    { status: '1', note: unsplit(quoteOf('plus')) },
  ]) {
    const all = { appid, order_no: orderNo, plat_no: 'PL1', money: '980', ...fields };
    const body = new URLSearchParams(signPlus(all, secret_key, 'md5-key'));
    await hear(await app.callback(body, FORM, 'plus'));
  }
  expect((await app.find(paymentNo)).status).toBe('paid');
  await look(paymentNo);
}

test('a gateway that quotes the set in all it says is repeated nowhere', async () => {
  await tryCalls('ecpay', ['cvs', 'aio/cvs']);
  await tryCalls('smilepay', ['barcode']);
  await tryCalls('paypal', ['checkout']);
  await tryCalls('stripe', ['credit', 'paynow']);
  await tryCalls('plus', ['atm']);
  await tryEcpay();
  await trySmilepay();
  await tryStripe();
  await tryPaypal();
  await tryPlus();
  await app.deliver();

  const places: Readonly<Record<string, string>> = {
    answers: heard.join('\n'),
    log: app.log.join('\n'),
    notifications: app.shop.received.map((one) => one.body).join('\n'),
    ...Object.fromEntries(
      readdirSync(app.folder).map((file) => [file, readFileSync(join(app.folder, file), 'latin1')]),
    ),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const [gateway, set] of Object.entries(MARKED)) {
      expect({ place, gateway, leaks: findLeaks(set, text) }).toEqual({ place, gateway, leaks: [] });
    }
  }
  // They were quoted, and somebody was told: the search itself works.
  for (const place of ['answers', 'log', 'paycore.db-wal']) expect(places[place]).toContain('***');
});
