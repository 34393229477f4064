import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readCatalogue } from '../../src/developers/catalogue.ts';
import { writeSamples } from '../../src/developers/samples/index.ts';
import { type Endpoint, LANGUAGES, type Language } from '../../src/developers/types.ts';
import { buildRawDocument } from '../support/document.ts';
import { ACCOUNTS } from './catalogue/world.ts';
import { makeFolder } from './support/binary.ts';
import { RUNTIMES, runBlock, runBlocks } from './support/blocks.ts';
import { at, text } from './support/json.ts';
import * as parties from './support/parties.ts';
import { poll, stopAll } from './support/process.ts';

/** Every block of the catalogue, run as it is pasted against the compiled binary with the simulator behind. */

setDefaultTimeout(60_000);
afterAll(stopAll);

const API = '/api/paycore';

let simulator: parties.Server;
let server: parties.Server;
let endpoints: readonly Endpoint[];
const keys = new Map<Language, string>();

beforeAll(async () => {
  const dataDir = makeFolder('samples');
  simulator = await parties.simulate();
  // One project for each language: what the blocks make is theirs, and nobody else's order has its number.
  for (const language of LANGUAGES) keys.set(language, (await parties.createKey(dataDir, language)).api_key);
  server = await parties.serve(dataDir, parties.pointAt(simulator.url));
  const catalogue = readCatalogue(await buildRawDocument(server.url));
  endpoints = catalogue.groups.flatMap((group) => group.endpoints).filter((one) => writeSamples(one, '').length > 0);
});

/** What stands in the environment of every block of a language: things that were made before. */
interface Things {
  readonly pending: string;
  readonly paid: string;
  readonly link: string;
}

const call = async (language: Language, path: string, body?: object): Promise<unknown> => {
  const headers = { 'x-api-key': keys.get(language) ?? '' };
  const url = server.url + API + path;
  const answer = await (body === undefined ? parties.get(url, headers) : parties.post(url, body, headers));
  if (answer.status >= 400) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return at(answer.body, 'data');
};

let orders = 0;

async function open(language: Language, route: string, more: object = {}): Promise<string> {
  orders += 1;
  const [gateway = ''] = route.split('/');
  const order = { merchant_order_no: `PREPARED${orders}`, amount: 98_000, payok_url: 'https://merchant.example/payok' };
  const body = { ...order, gateway_credentials: ACCOUNTS[gateway], ...more };
  return text(await call(language, `/pay/${route}`, body), 'payment_no');
}

async function prepare(language: Language): Promise<Things> {
  const paid = await open(language, 'paypal/checkout', { amount: 980 });
  const show = () => call(language, `/payments/${paid}`);
  await parties.simulatorOrder(simulator.url, text(await show(), 'gateway_order_no'), 'pay');
  await poll('paid', async () => (at(await show(), 'status') === 'paid' ? true : null));
  return {
    paid,
    pending: await open(language, 'ecpay/atm', { amount: 980 }),
    link: text(await call(language, '/links', { title: '課程', amount: 500 }), 'link_no'),
  };
}

const NEEDS_PAID = ['createRefund', 'listRefunds', 'resendNotification'];

async function environmentFor(language: Language, { id }: Endpoint, things: Things): Promise<Record<string, string>> {
  const env = { PAYCORE_API_KEY: keys.get(language) ?? '', LINK_NO: things.link, PAYMENT_NO: things.pending };
  if (NEEDS_PAID.includes(id)) return { ...env, PAYMENT_NO: things.paid };
  if (id === 'cancelPayment') return { ...env, PAYMENT_NO: await open(language, 'ecpay/cvs', { amount: 980 }) };
  if (id !== 'payEcpayEcpg') return env;
  const paymentNo = await open(language, 'ecpay/ecpg', { amount: 980, buyer_email: 'buyer@example.com' });
  return { ...env, PAYMENT_NO: paymentNo, PAY_TOKEN: await takePayToken(language, paymentNo) };
}

/** What the payer's browser does in ECPay's form. */
async function takePayToken(language: Language, paymentNo: string): Promise<string> {
  const page = text(await call(language, `/payments/${paymentNo}`), 'payment_url');
  const form = await parties.post(page.replace('?', '/form?'), {});
  const fields = new URLSearchParams({ Token: text(form.body, 'data', 'token'), Method: 'card' });
  const answer = await fetch(`${simulator.url}/Merchant/SimulatorPayToken`, { method: 'POST', body: fields });
  return text(await answer.json(), 'PayToken');
}

const codeOf = (endpoint: Endpoint, language: Language): string => {
  const found = writeSamples(endpoint, server.url).find((sample) => sample.language === language);
  if (!found) throw new Error(`${endpoint.id} has no sample in ${language}`);
  return found.code;
};

/** The first member of what the endpoint answers: what a block that went well prints. */
function expected({ answers: [answer] }: Endpoint): string {
  const example = answer?.example;
  return Object.keys((at(example, 'data') ?? example) as object)[0] ?? '';
}

describe.each(LANGUAGES.filter((language) => RUNTIMES[language].isThere))('in %s', (language) => {
  test('every block of the catalogue works', async () => {
    const things = await prepare(language);
    const blocks = await Promise.all(
      endpoints.map(async (endpoint) => ({
        code: codeOf(endpoint, language),
        env: await environmentFor(language, endpoint, things),
      })),
    );
    const ran = await runBlocks(language, blocks);
    const wrong = endpoints.flatMap((endpoint, index) => {
      const { output = '', error = 'not run' } = ran[index] ?? {};
      return error === '' && output.includes(expected(endpoint)) ? [] : [`${endpoint.id}: ${error} ${output}`];
    });
    expect(wrong).toEqual([]);
    expect(endpoints.length).toBeGreaterThan(30);
  });

  test('a text arrives as it was, whatever the language reads in it', async () => {
    const note = `It's "手沖" \\ $HOME \${x} {y} \`z\` <?php %s\n#`;
    const checkout = endpoints.find(({ id }) => id === 'createCheckout');
    if (!checkout) throw new Error('the catalogue has no checkout');
    const value = { merchant_order_no: 'HOSTILE', amount: 980, metadata: { note, [note.slice(0, 20)]: '' } };
    const endpoint = { ...checkout, bodies: [{ name: 'only', title: '', type: 'application/json', value }] };
    const env = { PAYCORE_API_KEY: keys.get(language) ?? '' };
    expect(await runBlock(language, { code: codeOf(endpoint, language), env })).toMatchObject({ error: '' });
    const found = await call(language, '/payments?number=HOSTILE');
    const paymentNo = text(found, 'payments', 0, 'payment_no');
    expect(at(await call(language, `/payments/${paymentNo}`), 'metadata')).toEqual(value.metadata);
  });

  test('a block says why it was refused, and fails', async () => {
    const [endpoint] = endpoints;
    if (!endpoint) throw new Error('the catalogue is empty');
    const env = { PAYCORE_API_KEY: 'pc_test_wrong' };
    const { error } = await runBlock(language, { code: codeOf(endpoint, language), env });
    expect(error).toContain('API_KEY_INVALID');
    expect(error).toContain('API key');
  });
});
