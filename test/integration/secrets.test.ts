import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAYS } from '../../src/gateways/index.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { bodyFor, registerStripe, tellSimulator } from '../support/orders.ts';

/** Everything is done once with credentials that would be recognised anywhere; then they are looked for everywhere. */

const MARKED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ecpay: { merchant_id: '7771234', hash_key: 'MARKEDhashkey001', hash_iv: 'MARKEDhashiv0002', environment: 'stage' },
  smilepay: {
    dcvc: '7772',
    rvg2c: '1',
    verify_key: 'FACE0FF1CE00FACE0FF1CE00FACE0FF1',
    validation_token: 'MARKED-validation-token',
  },
  paypal: {
    client_id: 'CLIENT_OF_THE_MARKED',
    client_secret: 'MARKED_paypal_client_secret',
    webhook_id: 'SIMULATORWEBHOOK1',
    environment: 'sandbox',
  },
  stripe: {
    secret_key: 'sk_test_MARKEDsecretkey',
    publishable_key: 'pk_test_OFTHEMARKED',
    webhook_secret: 'whsec_MARKEDwebhooksecret',
    callback_secret: 'MARKED-callback-secret',
  },
  plus: { appid: 'APPIDOFMARKED', secret_key: 'MARKED_plus_secret_key' },
};

const SECRET_FIELDS = [
  'hash_key',
  'hash_iv',
  'verify_key',
  'validation_token',
  'client_secret',
  'secret_key',
  'webhook_secret',
  'callback_secret',
];

function listSecrets(): readonly string[] {
  const plain = Object.values(MARKED).flatMap((set) => SECRET_FIELDS.flatMap((name) => set[name] ?? []));
  const { client_id, client_secret } = MARKED.paypal ?? {};
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
  const encoded = plain.flatMap((text) => [
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
    Buffer.from(text).toString('hex'),
  ]);
  return [...plain, basic, ...encoded];
}

let app: TestApp;
const heard: string[] = [];
beforeAll(async () => {
  app = await startApp({ env: { PAYCORE_LOG_LEVEL: 'debug' } });
  const { merchant_id, hash_key, hash_iv } = MARKED.ecpay ?? {};
  await tellSimulator(app, 'accounts', { merchant_id, hash_key, hash_iv });
  const { appid, secret_key } = MARKED.plus ?? {};
  await tellSimulator(app, 'plus/accounts', { appid, secret_key });
  await registerStripe(app, MARKED.stripe);
});
afterAll(() => app.stop());

const hear = async (answer: { readonly text: string } | Response): Promise<void> => {
  heard.push(
    answer instanceof Response ? `${JSON.stringify([...answer.headers])} ${await answer.text()}` : answer.text,
  );
};

async function tryRoute(gateway: string, route: string): Promise<void> {
  const body = bodyFor(route, MARKED[gateway]);
  const created = await app.create(route, body);
  expect({ route, status: created.status, text: created.status === 201 ? '' : created.text }).toEqual({
    route,
    status: 201,
    text: '',
  });
  await hear(created);
  const { payment_no, payment_url, gateway_order_no } = created.json.data;
  const path = String(payment_url).slice(app.url.length);
  await hear(await app.call(`/api/paycore/payments/${payment_no}`));
  await hear(await app.call(`/api/paycore/payments/${payment_no}/sync`, {}));
  await hear(await app.request(path));
  await hear(await app.request(path.replace('?', '/go?'), { method: 'POST' }));
  await hear(await app.request(`/en/payment/${gateway}/return/${payment_no}`));
  await app.simulate(String(gateway_order_no), 'forge', { kind: 'amount' });
  await app.simulate(String(gateway_order_no), 'pay');
  await hear(await app.request(path));
}

/** Wrong in every way that could make somebody quote what was sent. */
async function tryErrors(gateway: string, route: string): Promise<void> {
  const set = MARKED[gateway] ?? {};
  for (const [name, value] of Object.entries(set)) {
    await hear(await app.create(route, bodyFor(route, { ...set, [name]: `${value} üüü` })));
  }
  for (const kind of ['html', 'unavailable', 'reset', 'half', 'forbidden']) {
    await tellSimulator(app, 'faults', { route: '*', kind, times: 0 });
    await hear(await app.create(route, bodyFor(route, set)));
    await tellSimulator(app, 'faults/clear', {});
  }
  await hear(await app.create(route, { ...bodyFor(route, set), amount: -1 }));
  await hear(await app.create(route, { ...bodyFor(route, set), currency: 'XXX' }));
}

test('marked credentials are in no answer, page, header, log line, notification or byte of the database', async () => {
  for (const gateway of GATEWAYS) {
    for (const { path } of gateway.methods) {
      await tryRoute(gateway.id, `${gateway.id}/${path}`);
      await tryErrors(gateway.id, `${gateway.id}/${path}`);
    }
    for (const action of Object.keys(gateway.actions ?? {})) {
      const body = { gateway_credentials: MARKED[gateway.id] };
      await hear(await app.call(`/api/paycore/gateways/${gateway.id}/${action}`, body));
    }
  }
  await app.deliver();
  app.clock.advance(30 * 60_000);
  await app.check();

  const places: Readonly<Record<string, string>> = {
    answers: heard.join('\n'),
    log: app.log.join('\n'),
    notifications: app.shop.received.map((one) => one.body).join('\n'),
    ...Object.fromEntries(
      readdirSync(app.folder).map((file) => [file, readFileSync(join(app.folder, file), 'latin1')]),
    ),
  };
  expect(Object.keys(places)).toContain('paycore.db');
  expect(places.notifications).toContain('payment.paid');
  for (const secret of listSecrets()) {
    const found = Object.entries(places).filter(([, text]) => text.includes(secret));
    expect({ secret, places: found.map(([name]) => name) }).toEqual({ secret, places: [] });
  }
  // The search itself works: what is no secret is found.
  expect(places.answers).toContain('pk_test_OFTHEMARKED');
  expect(places['paycore.db'] + (places['paycore.db-wal'] ?? '')).toContain('CLIENT_OF_THE_MARKED');
}, 120_000);
