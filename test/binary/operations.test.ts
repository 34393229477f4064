import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { join } from 'node:path';
import type { Document, Example, Operation, Parameter, Answer as Told } from '../../src/http/openapi/types.ts';
import { findFaults, resolve } from '../unit/http/openapi-schema.ts';
import { makeFolder } from './support/binary.ts';
import { at, text } from './support/json.ts';
import { createKey, get, pointAt, post, type Server, serve, simulate } from './support/parties.ts';
import { run, stopAll } from './support/process.ts';

/** Every operation of the document that the binary serves, called with its own examples; the answers are as described. */

setDefaultTimeout(60_000);
afterAll(stopAll);

const UNKNOWN_NO = 'PAY202606220001ABCDEFGH';

let server: Server;
let simulator: Server;
let document: Document;
let auth: Record<string, string>;
const called = new Set<string>();

interface Placed {
  readonly path: string;
  readonly verb: 'get' | 'post';
  readonly operation: Operation;
}

interface Heard {
  readonly status: number;
  readonly body: unknown;
}

const METRICS_TOKEN = 'watching-this-process';

beforeAll(async () => {
  const dataDir = join(makeFolder('operations'), 'data');
  simulator = await simulate();
  const key = await createKey(dataDir);
  server = await serve(dataDir, {
    ...pointAt(simulator.url),
    ...{ PAYCORE_RATE_LIMIT: 'off', PAYCORE_METRICS_TOKEN: METRICS_TOKEN },
  });
  auth = { 'x-api-key': key.api_key };
  document = (await get(`${server.url}/swagger/json`)).body as Document;
  for (const [gateway, credentials] of Object.entries(exampleAccounts())) {
    const args = ['credentials', 'set', '--project', 'shop', '--gateway', gateway, '--json'];
    const stored = await run(args, { env: { PAYCORE_DATA_DIR: dataDir }, input: JSON.stringify(credentials) });
    expect([gateway, stored.code, stored.stderr]).toEqual([gateway, 0, '']);
  }
});

function listOperations(): readonly Placed[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => ({ path, verb: verb as 'get' | 'post', operation })),
  );
}

function findOperation(operationId: string): Placed {
  const found = listOperations().find(({ operation }) => operation.operationId === operationId);
  if (!found) throw new Error(`the document has no ${operationId}`);
  return found;
}

/** Bodies of the operation by their names, and the type that each is sent as. */
function listBodies({ requestBody }: Operation): readonly { name: string; type: string; value: unknown }[] {
  return Object.entries(requestBody?.content ?? {}).flatMap(([type, media]) =>
    media.examples === undefined
      ? [{ name: 'example', type, value: media.example }]
      : Object.entries(media.examples).map(([name, given]) => {
          const { value } = '$ref' in given ? (resolve(document, given.$ref) as Example) : given;
          return { name, type, value };
        }),
  );
}

const isCreate = ({ path }: Placed): boolean => /^\/api\/paycore\/pay\/[^{]+$/.test(path);

/** The account of each gateway that its examples bring. */
function exampleAccounts(): Readonly<Record<string, object>> {
  const accounts = listOperations()
    .filter(isCreate)
    .map(({ path, operation }) => {
      const [body] = listBodies(operation);
      return [path.split('/')[4] ?? '', at(body?.value, 'gateway_credentials') as object] as const;
    });
  return Object.fromEntries(accounts);
}

interface Call {
  /** For the parameters of the path. */
  readonly path?: Readonly<Record<string, string>>;
  /** In place of the example, or beside it. */
  readonly body?: unknown;
  readonly type?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls an operation, and holds the answer against what the document says of its status. */
async function call(
  placed: Placed,
  { path = {}, body, type = 'application/json', query = '', headers = {} }: Call,
): Promise<Heard> {
  const { verb, operation } = placed;
  const address = placed.path.replace(/\{(\w+)\}/g, (_, name: string) => path[name] ?? exampleOf(operation, name));
  const isKeyed = operation.security?.length !== 0;
  const response = await fetch(`${server.url}${address}${query}`, {
    method: verb.toUpperCase(),
    redirect: 'manual',
    headers: { ...(isKeyed ? auth : {}), ...(verb === 'post' ? { 'content-type': type } : {}), ...headers },
    ...(verb === 'post' ? { body: writeBody(type, body) } : {}),
    signal: AbortSignal.timeout(20_000),
  });
  called.add(operation.operationId);
  return expectDescribed(operation, response);
}

function writeBody(type: string, body: unknown): string {
  return type === 'application/json'
    ? JSON.stringify(body)
    : String(new URLSearchParams(body as Record<string, string>));
}

function exampleOf({ parameters = [] }: Operation, name: string): string {
  const all = parameters.map((one) => ('$ref' in one ? (resolve(document, one.$ref) as Parameter) : one));
  const { example, schema } = all.find((one) => one.name === name) ?? {};
  return String(example ?? schema?.enum?.[0]);
}

async function expectDescribed({ operationId, responses }: Operation, response: Response): Promise<Heard> {
  const { status, headers } = response;
  const raw = await response.text();
  const given = responses[String(status)];
  if (!given) throw new Error(`${operationId} answered ${status}, which is not described: ${raw.slice(0, 500)}`);
  const told = '$ref' in given ? (resolve(document, given.$ref) as Told) : given;
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  const media = told.content?.[type];
  if (!media) throw new Error(`${operationId} answered ${status} in ${type}, which is not described`);
  const body: unknown = type === 'application/json' ? JSON.parse(raw) : raw;
  expect({ operationId, status, faults: findFaults(document, media.schema, body) }).toEqual({
    operationId,
    status,
    faults: [],
  });
  expect({ operationId, named: headers.has('x-request-id') }).toEqual({ operationId, named: true });
  return { status, body };
}

let orders = 0;

/** As the example has it, for an order of its own: one order number is one payment. */
function withOrder(value: unknown): object {
  orders += 1;
  return { ...(value as object), merchant_order_no: `${text(value, 'merchant_order_no').slice(0, 24)}-${orders}` };
}

/** Calls a merchant's operation with its first example, which has to succeed. */
async function succeed(operationId: string, status: number, given: Call = {}): Promise<Heard> {
  const placed = findOperation(operationId);
  const [body] = listBodies(placed.operation);
  const answer = await call(placed, { body: body?.value, ...given });
  expect([operationId, answer.status, answer.body]).toEqual([operationId, status, answer.body]);
  return answer;
}

/** A payment by the first example of this create. */
async function make(operationId: string): Promise<{ readonly no: string; readonly data: unknown }> {
  const [body] = listBodies(findOperation(operationId).operation);
  const { body: answer } = await succeed(operationId, 201, { body: withOrder(body?.value) });
  return { no: text(answer, 'data', 'payment_no'), data: at(answer, 'data') };
}

async function pay(data: unknown): Promise<void> {
  const { status } = await post(`${simulator.url}/simulator/orders/${text(data, 'gateway_order_no')}/pay`, {});
  expect(status).toBe(200);
}

describe('creates', () => {
  test('each example of each way to pay makes a payment, and finds it again', async () => {
    for (const placed of listOperations().filter(isCreate)) {
      for (const { name, value } of listBodies(placed.operation)) {
        const body = withOrder(value);
        const made = await call(placed, { body });
        expect([placed.path, name, made.status, at(made.body, 'error') ?? null]).toEqual([
          placed.path,
          name,
          201,
          null,
        ]);
        const found = await call(placed, { body });
        expect([placed.path, name, found.status]).toEqual([placed.path, name, 200]);
      }
    }
  });

  test('the payer chooses, or pays in the page', async () => {
    const [body] = listBodies(findOperation('createCheckout').operation);
    const order = withOrder(body?.value);
    await succeed('createCheckout', 201, { body: order });
    await succeed('createCheckout', 200, { body: order });
    const { no, data } = await make('createEcpayEcpg');
    await succeed('payEcpayEcpg', 200, {
      path: { paymentNo: no },
      body: { PayToken: await fillIn(text(data, 'payment_url')) },
    });
  });
});

/** What ECPay's script gives the page for a card: no example can know it. */
async function fillIn(page: string): Promise<string> {
  const { pathname, search } = new URL(page);
  const form = await post(`${server.url}${pathname}/form${search}`, {});
  const asked = new URLSearchParams({ Token: text(form.body, 'data', 'token'), Method: 'card' });
  const taken = await fetch(`${simulator.url}/Merchant/SimulatorPayToken`, { method: 'POST', body: asked });
  return text(await taken.json(), 'PayToken');
}

test('payments are asked for, listed, synced, cancelled and told again', async () => {
  const { no } = await make('createEcpayAtm');
  const path = { paymentNo: no };
  for (const id of ['getPayment', 'listPayments', 'listEvents', 'listMethods', 'listRefunds', 'syncPayment'])
    await succeed(id, 200, { path });
  await succeed('cancelPayment', 200, { path });
  const paid = await make('createPaypalCheckout');
  await pay(paid.data);
  await succeed('resendNotification', 202, { path: { paymentNo: paid.no } });
  await succeed('createRefund', 201, { path: { paymentNo: paid.no } });
  await succeed('listRefunds', 200, { path: { paymentNo: paid.no } });
});

test('links are made, found, listed and closed', async () => {
  const { body } = await succeed('createLink', 201);
  const path = { linkNo: text(body, 'data', 'link_no') };
  await succeed('getLink', 200, { path });
  await succeed('listLinks', 200);
  await succeed('closeLink', 200, { path });
});

test('figures, health and the actions of gateways', async () => {
  for (const id of ['getOverview', 'checkHealth', 'checkReadiness', 'askPlusBalance']) await succeed(id, 200);
  await succeed('readMetrics', 401);
  await succeed('readMetrics', 200, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
});

test('a callback about an unknown payment is answered as described; so is a payer who comes back', async () => {
  const { no, data } = await make('createEcpayAtm');
  await pay(data);
  const others = listOperations();
  for (const placed of others.filter(({ path }) => path.startsWith('/api/paycore/webhooks/'))) {
    for (const { value, type } of listBodies(placed.operation)) await call(placed, { body: value, type });
  }
  for (const placed of others.filter(({ path }) => path.startsWith('/{locale}/'))) {
    const isOwn = placed.path.includes('/ecpay/');
    expect((await call(placed, { path: { paymentNo: no } })).status).toBe(isOwn ? 200 : 404);
    expect((await call(placed, { path: { paymentNo: UNKNOWN_NO } })).status).toBe(404);
  }
});

test('no operation was left out', () => {
  const all = listOperations().map(({ operation }) => operation.operationId);
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter((id) => !called.has(id))).toEqual([]);
});
