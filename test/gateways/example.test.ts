import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAYS } from '../../src/gateways/index.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { example } from '../support/example-gateway/index.ts';
import { type ExampleStandIn, SHOP, signNotice, startExample } from '../support/example-gateway/stand-in.ts';
import { flipsOfBody, flipsOfHeader, scramble } from './changes.ts';
import {
  type CallbackKind,
  type Change,
  describeGateway,
  type Expected,
  type Post,
  type Say,
  type Target,
} from './contract.ts';

/** The driver of the document about adding one: a program made with it passes what it has to with every other one. */
let stand: ExampleStandIn;
beforeAll(() => {
  stand = startExample();
});
afterAll(() => stand.server.stop());

function listDrivers() {
  const { url } = stand.server;
  return [...GATEWAYS, { ...example, services: { api: { sandbox: url, production: url } } }];
}

/** The contract listens to the app's own stand-in and may answer in its place, so this one hands on what it receives. */
function listenBy(app: TestApp): void {
  stand.server.answer = (request) => {
    app.gateway.received.push(request);
    return app.gateway.answer?.(request) ?? null;
  };
}

const THEIRS = { shop: 'othershop', secret: 'another-secret-of-theirs' } as const;
const JSON_TYPE = 'application/json';
const answer = (status: number, body: object): Expected => ({ status, type: JSON_TYPE, text: JSON.stringify(body) });
const refuse = (message: string) => answer(400, { received: false, message });

function noticeOf(target: Target, say: Say, shop: string = SHOP.shop): Readonly<Record<string, unknown>> {
  return {
    shop,
    id: say.tradeNo ?? target.tradeNo,
    order: target.orderNo,
    amount: say.amount ?? target.amount,
    state: say.fact,
    ...(say.again ? { again: true } : {}),
  };
}

function pack(notice: unknown, secret?: string): Post {
  const body = typeof notice === 'string' ? notice : JSON.stringify(notice);
  return { type: JSON_TYPE, body, headers: signNotice(body, secret) };
}

const ODD: readonly unknown[] = [null, true, false, '', 0, 1.5, -1, [], {}, ['paid'], 'PAID', '980', '__proto__'];

function* mutationsOf(target: Target): Generator<Change> {
  const notice = noticeOf(target, { fact: 'paid' });
  const genuine = pack(notice);
  const { body, headers = {} } = genuine;
  for (const name of ['shop', 'order', 'amount', 'state']) {
    for (const odd of ODD) {
      const { post, what } = {
        post: pack({ ...notice, [name]: odd }),
        what: `signed, ${name} is ${JSON.stringify(odd)}`,
      };
      yield { what, post };
      yield { what: `not ${what}`, post: { ...post, headers } };
    }
  }
  for (const text of ['', 'null', '[]', '"paid"', `[${body}]`, `{"__proto__":${body}}`, `${body}${body}`]) {
    yield { what: `signed, ${text.slice(0, 40)}`, post: pack(text) };
  }
  yield { what: 'unsigned', post: { ...genuine, headers: {} } };
  yield { what: 'signed in capitals', post: { ...genuine, headers: upper(headers) } };
  yield { what: 'signed with nothing', post: pack(notice, '') };
  yield { what: '300 kB', post: pack({ ...notice, more: 'x'.repeat(300_000) }) };
  yield* scramble(genuine, 100, (changed) => changed.toString('latin1'));
}

function upper(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.toUpperCase()]));
}

function* variantsOf(target: Target): Generator<Change> {
  const notice = noticeOf(target, { fact: 'paid' });
  const { tradeNo } = target;
  yield { what: 'spaces', post: pack(JSON.stringify(notice, null, 2)) };
  yield { what: 'more fields', post: pack({ ...notice, payer: '王小明', nested: { id: tradeNo } }) };
  yield { what: 'no content type worth the name', post: { ...pack(notice), type: 'text/plain' } };
}

const notice: CallbackKind = {
  name: 'a signed notice',
  route: 'example/page',
  says: ['declined', 'other trade number'],
  proof: 'callback',
  make: (target, say) => pack(noticeOf(target, say)),
  makeForeign: (target, say, names) =>
    pack(noticeOf(target, say, names === 'himself' ? THEIRS.shop : SHOP.shop), THEIRS.secret),
  flips: (post) => [...flipsOfBody(post), ...flipsOfHeader(post, 'x-example-signature')],
  unseenFlips: () => [],
  mutations: mutationsOf,
  variants: variantsOf,
  accept: answer(200, { received: true }),
  unknown: refuse('Example Pay order not found.'),
  unproved: refuse('Example Pay signature mismatch.'),
  merchant: refuse('Example Pay shop mismatch.'),
  mismatch: { answer: refuse('Example Pay amount mismatch.'), flags: ['mismatch', 'attention'] },
};

const ORDER = { gateway_credentials: SHOP };

describeGateway({
  id: 'example',
  gateways: listDrivers,
  kinds: [notice],
  order: () => ORDER,
  prepare: async (app) => listenBy(app),
  refusal: { status: 400, type: JSON_TYPE, text: /^\{"received":false,"message":"[^"]+"\}$/ },
  foreign: { route: 'example/page', credentials: { shop: SHOP.shop, secret: THEIRS.secret } },
  creating: { route: 'example/page', callPath: '/v1/orders', otherAmount: 600 },
});

describe('what comes by itself', () => {
  let app: TestApp;
  beforeAll(async () => {
    // Numbers other than those that the orders above have taken.
    app = await startApp({ gatewayTimeoutMs: 300, seed: 2, gateways: listDrivers() });
    listenBy(app);
  });
  afterAll(() => app.stop());

  test('the routes and their documentation', async () => {
    const document = (await (await app.request('/swagger/json')).json()) as {
      paths: Record<string, unknown>;
      components: { schemas: Record<string, unknown> };
    };
    expect(Object.keys(document.paths)).toContain('/api/paycore/pay/example/page');
    expect(Object.keys(document.paths)).toContain('/api/paycore/webhooks/example');
    expect(Object.keys(document.components.schemas)).toContain('ExampleCredentials');
  });

  test('the checks of credentials and amounts', async () => {
    const bad = await app.create('example/page', { gateway_credentials: { shop: 'teashop' } });
    expect([bad.status, bad.json.error.error_code]).toEqual([422, 'GATEWAY_CREDENTIAL_INVALID']);
    expect(Object.keys(bad.json.error.fields ?? {})).toEqual(['gateway_credentials.secret']);
    const much = await app.create('example/page', { ...ORDER, amount: 200_001 });
    expect([much.status, much.json.error.error_code]).toEqual([422, 'INVALID_ARGUMENT']);
    const environment = { ...SHOP, environment: 'production' };
    const real = await app.create('example/page', { gateway_credentials: environment });
    expect(real.json.error.error_code).toBe('TEST_KEY_PRODUCTION');
  });

  test('the page with its button, the way to the gateway, and the way back', async () => {
    const { json } = await app.create('example/page', ORDER);
    const { payment_no, payment_url, payment_info } = json.data;
    const page = new URL(String(payment_url));
    const html = await (await app.request(page.pathname + page.search)).text();
    expect(html).toContain('Example Pay');
    const gone = await app.request(`${page.pathname}/go${page.search}`, { method: 'POST' });
    expect([gone.status, gone.headers.get('location')]).toEqual([303, (payment_info as { pay_url: string }).pay_url]);
    const sent = new URLSearchParams(app.gateway.received.findLast(({ path }) => path === '/v1/orders')?.body);
    const back = new URL(sent.get('return_url') ?? '');
    const returned = await app.request(back.pathname + back.search);
    expect(await returned.text()).toContain(`data-payment-no="${payment_no}"`);
  });

  test('a refusal is told with the gateway’s own words', async () => {
    const wrong = { ...SHOP, secret: 'not-the-secret-of-it' };
    const { status, json } = await app.create('example/page', { gateway_credentials: wrong });
    expect(status).toBe(422);
    expect(json.error).toEqual({
      error_code: 'GATEWAY_REQUEST_REJECTED',
      gateway: { code: 'shop', message: 'Unknown shop.' },
    });
  });

  test('an outcome that nobody knows is asked for, and so is money whose notice never came', async () => {
    let left = 1;
    app.gateway.answer = ({ path, headers, body }) => {
      if (path !== '/v1/orders' || left-- <= 0) return null;
      void fetch(stand.server.url + path, { method: 'POST', headers, body });
      return new Promise(() => {});
    };
    const lost = await app.create('example/page', ORDER);
    expect([lost.status, lost.json.error.error_code]).toEqual([504, 'PAYMENT_GATEWAY_TIMEOUT']);
    const no = String(lost.json.error.payment_no);
    app.clock.advance(10_000);
    await app.check();
    const found = await app.find(no);
    expect(found.payment_info).toMatchObject({ pay_url: expect.stringContaining(stand.server.url) });
    stand.pay(String(found.gateway_order_no));
    const synced = await app.call(`/api/paycore/payments/${no}/sync`, {});
    expect(synced.json.data).toMatchObject({ status: 'paid', sync: { asked: true, result: 'paid' } });
  });
});

describe('the document about it', () => {
  const FOLDER = join(import.meta.dir, '../support/example-gateway');
  const text = readFileSync(join(import.meta.dir, '../../docs/adding-a-gateway.md'), 'utf8');
  /** A block begins with the name of its file; a file may be shown in several blocks. */
  const blocks = [...text.matchAll(/^`(?<file>[\w-]+\.ts)`[^\n]*\n\n```ts\n(?<code>.*?)^```$/gms)];
  const shown = new Map<string, string>();
  for (const { groups } of blocks) {
    const { file = '', code = '' } = groups ?? {};
    shown.set(file, [...(shown.has(file) ? [shown.get(file)] : []), code].join('\n'));
  }
  /** In the tests the folder stands elsewhere than a driver of the program does. */
  const read = (file: string) =>
    readFileSync(join(FOLDER, file), 'utf8')
      .replaceAll('../../../src/gateways/', '../')
      .replaceAll('../../../src/core/', '../../core/');

  test('shows every file of the driver, and nothing that is not in it', () => {
    const files = readdirSync(FOLDER).filter((file) => file !== 'stand-in.ts');
    expect([...shown.keys()].sort()).toEqual(files.sort());
    expect(text.match(/^```ts$/gm)?.length).toBe(blocks.length);
  });

  for (const file of ['index.ts', 'wire.ts', 'create.ts', 'query.ts', 'callback.ts', 'docs.ts']) {
    test(`shows ${file} as it is`, () => expect(shown.get(file)).toBe(read(file)));
  }
});
