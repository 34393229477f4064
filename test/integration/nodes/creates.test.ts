import { describe, expect, test } from 'bun:test';
import { CALL_LIMIT } from '../../../src/core/lifecycle/schedule.ts';
import { seal } from '../../../src/simulator/ecpay/envelope.ts';
import { exampleOrder, STAGE } from '../../support/app.ts';
import { holdCalls } from '../../support/held.ts';
import type { Send } from '../../support/insite.ts';
import { bodyFor } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';
import {
  awaitOthers,
  countAnswers,
  hasPostgres,
  hurry,
  sendMany,
  until,
  useTwoNodes,
} from '../../support/two-nodes.ts';

/** The same order of one shop, sent to two nodes: what one of them does, the other one waits for. */

const nodes = useTwoNodes();

interface Told {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly error: Readonly<Record<string, unknown>> | undefined;
}

/** Sends one order to a route of whichever node. */
function createsOf(route: string) {
  const { app } = nodes;
  const order = { ...exampleOrder(app.shop.url), ...bodyFor(route) };
  const headers = { 'x-api-key': app.keys.test.api_key, 'content-type': 'application/json' };
  return async (send: Send, more: object = {}): Promise<Told> => {
    const path = `/api/paycore/${route === 'checkout' ? route : `pay/${route}`}`;
    const response = await send(path, { method: 'POST', headers, body: JSON.stringify({ ...order, ...more }) });
    const { data, error } = (await response.json()) as Told;
    return { status: response.status, data, error };
  };
}

const isCall = () => true;

/** Twenty creates of one order, and what the gateway answers when all but the first wait for it. */
async function createTwenty(route: string, answer?: () => Response) {
  const held = holdCalls(nodes.app, isCall);
  const create = createsOf(route);
  const first = create(nodes.first);
  await held.arrived;
  // The last that is read before a create is opened.
  const othersHere = awaitOthers(nodes, 'findFingerprint', 19);
  const others = sendMany(19, () => create(nodes.byTurns));
  await othersHere();
  held.release(answer);
  return { first: await first, others: await others, calls: held.count() };
}

const ACCOUNT = { merchantId: STAGE.merchant_id, hashKey: STAGE.hash_key, hashIv: STAGE.hash_iv };

function refuse(): Response {
  const Data = seal({ RtnCode: 10300006, RtnMsg: '超過金額' }, ACCOUNT);
  return Response.json({ MerchantID: STAGE.merchant_id, TransCode: 1, TransMsg: 'Success', Data });
}

const hang = () => new Response('busy', { status: 500 });

describe.skipIf(!hasPostgres)('of twenty identical creates over two nodes', () => {
  test.each(['ecpay/atm', 'plus/atm'])('of %s one calls the gateway, and all have its number', async (route) => {
    const { first, others, calls } = await createTwenty(route);
    expect([first.status, first.data?.created, calls]).toEqual([201, true, 1]);
    for (const other of others) expect(other).toMatchObject({ status: 200, data: { ...first.data, created: false } });
    expect(await nodes.app.rows.attemptsOf(String(first.data?.payment_no))).toHaveLength(1);
  });

  test.each([
    ['ecpay/atm', 'refused', 422, refuse],
    ['plus/atm', 'left without an outcome', 502, hang],
    ['stripe/credit', 'left without an outcome', 502, hang],
  ] as const)('of %s all hear the same when it is %s', async (route, _, status, answer) => {
    const { first, others, calls } = await createTwenty(route, answer);
    expect([first.status, calls]).toEqual([status, 1]);
    for (const other of others) expect(other).toEqual(first);
  });

  test('all are led to one checkout', async () => {
    const create = createsOf('checkout');
    const answers = await sendMany(20, () => create(nodes.byTurns));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(19).fill(200), 201]);
    expect(new Set(answers.map(({ data }) => data?.payment_url)).size).toBe(1);
  });
});

describe.skipIf(!hasPostgres)('while another node calls the gateway for an order', () => {
  test('one for another amount is a conflict at once, and names the payment', async () => {
    const held = holdCalls(nodes.app, isCall);
    const create = createsOf('ecpay/atm');
    const first = create(nodes.first);
    await held.arrived;
    const other = await create(nodes.second, { amount: 981 });
    held.release();
    const payment_no = (await first).data?.payment_no;
    expect([other.status, other.error]).toEqual([409, { error_code: 'ORDER_CONFLICT', payment_no }]);
  });

  test('and does not come back, a twin waits until nobody can be calling any more, and never calls', async () => {
    const { app, program } = nodes;
    const held = holdCalls(app, isCall);
    const order = exampleOrder(app.shop.url);
    const first = createsOf('ecpay/atm')(nodes.first, order);
    await held.arrived;
    const { gateways, store } = program.deps;
    const ecpay = present(gateways.find('ecpay'));
    const method = present(ecpay.methods.find(({ path }) => path === 'atm'));
    const { id: projectId } = present(await store.findProjectByName('shop'));
    const { createPayment, seconds } = hurry(nodes);
    const twin = createPayment({ keyId: 1, projectId, kind: 'test' }, ecpay, method, order);
    const told = await twin.catch(({ code }) => code);
    expect([told, seconds(), held.count()]).toEqual(['PAYMENT_GATEWAY_TIMEOUT', 55, 1]);
    held.release();
    await first;
  });

  test('and is gone, the same order is settled as soon as nobody can be calling any more', async () => {
    const { app, program } = nodes;
    const held = holdCalls(app, isCall);
    const create = createsOf('plus/atm');
    const first = create(nodes.first);
    await held.arrived;
    const looks = countAnswers(program.deps.store, 'findAttempt');
    const other = create(nodes.second);
    await until(() => looks() > 1);
    app.gateway.answer = null;
    app.clock.advance(CALL_LIMIT);
    const { status, data } = await other;
    // What PLUS was asked for first is only watched: there is another number.
    expect([status, data?.created]).toEqual([200, false]);
    expect(await app.rows.attemptsOf(String(data?.payment_no))).toHaveLength(2);
    held.release();
    await first;
  });
});
