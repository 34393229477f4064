import { FORM_TYPE, paidForm, STAGE } from '../binary/support/ecpay.ts';
import { at, list, text } from '../binary/support/json.ts';
import { type Answer, get, post, simulatorOrder } from '../binary/support/parties.ts';
import { poll } from '../binary/support/process.ts';
import { inSiteHand, type Send } from '../support/insite.ts';
import { SIMULATED } from '../support/orders.ts';
import { pagePathOf } from '../support/page-path.ts';
import { type Cluster, OWNER } from './cluster.ts';
import { type Browsing, browserAt } from './crowd.ts';
import { codeOf } from './load.ts';

/**
 * What comes many times at the same moment, to all nodes in turn, happens once. Each gives what of it is not true; `mark`
 * makes the orders of one run its own.
 */
type Scenario = (cluster: Cluster, mark: string) => Promise<readonly string[]>;

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  '50 identical callbacks: one transition, one notification': identicalCallbacks,
  '20 identical creates: one call of the gateway': identicalCreates,
  '20 creates under one Idempotency-Key: the same bytes': idempotentCreates,
  '20 refunds in parts at once: never more than was paid': partialRefunds,
  '30 presses on the button of PayPal, 30 ways back: one order, one charge': paypalPresses,
  '30 presses in the in-site form of ECPay: one charge': insitePresses,
  'a session of the desk is valid on all nodes, and ends on all': deskSession,
};

const API = '/api/paycore';
const ECPAY = { ...STAGE, environment: 'stage' };
const HEARD_MS = 20_000;

/** Empty when both are the same. */
const differ = (what: string, found: unknown, expected: unknown): readonly string[] =>
  JSON.stringify(found) === JSON.stringify(expected)
    ? []
    : [`${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`];

const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

function helpersOf({ proxy, simulator, shop, headers }: Cluster) {
  const call = (path: string, body?: unknown, more: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    body === undefined
      ? get(`${proxy.url}${API}${path}`, headers)
      : post(`${proxy.url}${API}${path}`, body, { ...headers, ...more });
  const order = (no: string, more: object) => ({
    ...{ merchant_order_no: no, amount: 980, item_name: '測試', payok_url: shop.url },
    ...more,
  });
  /** How often an event stands in the timeline of a payment. */
  const countEvents = async (no: string, type: string): Promise<number> =>
    list((await call(`/payments/${no}/events`)).body, 'data', 'events').filter((one) => at(one, 'type') === type)
      .length;
  /** Calls of this kind that came to the gateway for this order. */
  const countCalls = async (route: string, orderNo: string): Promise<number> => {
    const url = `${simulator.url}/simulator/requests?limit=1000&route=${route}&merchant_trade_no=${orderNo}`;
    return list((await get(url)).body, 'requests').length;
  };
  const heardOf = (no: string) => shop.deliveries.filter(({ body }) => at(body, 'payment_no') === no);
  /** Waits for the first notification, and then as long as a second one would take. */
  const countHeard = async (no: string): Promise<number> => {
    await poll(`notification of ${no}`, () => (heardOf(no).length > 0 ? true : null), HEARD_MS).catch(() => {});
    await Bun.sleep(500);
    return heardOf(no).length;
  };
  const show = async (no: string) => at((await call(`/payments/${no}`)).body, 'data');
  const send: Send = (path, init) => fetch(`${proxy.url}${path}`, { ...init, redirect: 'manual' });
  return { call, order, countEvents, countCalls, countHeard, show, send };
}

/** Paid once, told once. */
async function checkPaidOnce(cluster: Cluster, no: string): Promise<readonly string[]> {
  const { show, countEvents, countHeard } = helpersOf(cluster);
  const data = await show(no);
  return [
    ...differ(`status and flags of ${no}`, [at(data, 'status'), at(data, 'flags')], ['paid', []]),
    ...differ(`transitions of ${no} to paid`, await countEvents(no, 'payment.paid'), 1),
    ...differ(`notifications of ${no}`, await countHeard(no), 1),
  ];
}

async function identicalCallbacks(cluster: Cluster, mark: string): Promise<readonly string[]> {
  const { call, order } = helpersOf(cluster);
  const made = await call('/pay/ecpay/aio/credit', order(`${mark}-CALLBACKS`, { gateway_credentials: ECPAY }));
  const [paymentNo, orderNo] = [text(made.body, 'data', 'payment_no'), text(made.body, 'data', 'gateway_order_no')];
  const form = paidForm({ orderNo, paymentNo, amount: 980, tradeNo: `T${orderNo}`.slice(0, 20) });
  const url = `${cluster.proxy.url}${API}/webhooks/ecpay`;
  const answers = await times(50, () => post(url, form, { 'content-type': FORM_TYPE }));
  const good = answers.filter(({ status, body }) => status === 200 && body === '1|OK').length;
  return [...differ('callbacks acknowledged', good, 50), ...(await checkPaidOnce(cluster, paymentNo))];
}

async function identicalCreates(cluster: Cluster, mark: string): Promise<readonly string[]> {
  const { call, order, countCalls, countEvents } = helpersOf(cluster);
  const body = order(`${mark}-CREATES`, { gateway_credentials: ECPAY });
  const answers = await times(20, () => call('/pay/ecpay/cvs', body));
  const taken = answers.filter(({ status }) => status < 300);
  if (taken.length === 0) return [`nobody was answered: ${answers.map(codeOf).join(' ')}`];
  const numbers = taken.map((one) => [at(one.body, 'data', 'payment_no'), at(one.body, 'data', 'gateway_order_no')]);
  const [paymentNo = '', orderNo = ''] = (numbers[0] ?? []).map(String);
  return [
    ...differ('answers', answers.map(({ status }) => status).sort(), [...Array(19).fill(200), 201]),
    ...differ('payments', new Set(numbers.map((one) => JSON.stringify(one))).size, 1),
    ...differ('calls of the gateway', await countCalls('gen-payment-code', orderNo), 1),
    ...differ('attempts', await countEvents(paymentNo, 'attempt.opened'), 1),
  ];
}

async function idempotentCreates(cluster: Cluster, mark: string): Promise<readonly string[]> {
  const { order, countCalls, countEvents } = helpersOf(cluster);
  const headers = { ...cluster.headers, 'content-type': 'application/json', 'idempotency-key': `${mark}-twins` };
  const body = JSON.stringify(order(`${mark}-IDEMPOTENT`, { gateway_credentials: ECPAY }));
  const url = `${cluster.proxy.url}${API}/pay/ecpay/cvs`;
  const answers = await times(20, async () => {
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(60_000) });
    return `${response.status} ${await response.text()}`;
  });
  const [first = ''] = answers;
  const orderNo = /"gateway_order_no":"(\w+)"/.exec(first)?.[1] ?? '';
  return [
    ...differ('different answers', new Set(answers).size, 1),
    ...differ('status', first.slice(0, 3), '201'),
    ...differ('calls of the gateway', await countCalls('gen-payment-code', orderNo), 1),
    ...differ('attempts', await countEvents(/"payment_no":"(\w+)"/.exec(first)?.[1] ?? '', 'attempt.opened'), 1),
  ];
}

async function partialRefunds(cluster: Cluster, mark: string): Promise<readonly string[]> {
  const { call, order, show } = helpersOf(cluster);
  const body = order(`${mark}-REFUNDS`, { amount: 98_000, gateway_credentials: SIMULATED.stripe });
  const made = await call('/pay/stripe/credit', body);
  const [no, orderNo] = [text(made.body, 'data', 'payment_no'), text(made.body, 'data', 'gateway_order_no')];
  await simulatorOrder(cluster.simulator.url, orderNo, 'pay');
  await poll('paid', async () => (at(await show(no), 'status') === 'paid' ? true : null));
  const answers = await times(20, () => call(`/payments/${no}/refunds`, { amount: 10_000 }));
  const count = (wanted: (answer: Answer) => boolean) => answers.filter(wanted).length;
  const told = [count(({ status }) => status === 201), count((answer) => codeOf(answer) === 'REFUND_EXCEEDS_AMOUNT')];
  const atStripe = at((await simulatorOrder(cluster.simulator.url, orderNo)).body, 'info', 'refunded');
  return [
    ...differ('refunds taken and refused', told, [9, 11]),
    ...differ('paid back at Stripe', atStripe, '900.00'),
    ...differ('refunded_amount', at(await show(no), 'refunded_amount'), 90_000),
  ];
}

async function paypalPresses(cluster: Cluster, mark: string): Promise<readonly string[]> {
  const { call, order, countCalls, show, send } = helpersOf(cluster);
  const made = await call('/checkout', order(`${mark}-PAYPAL`, {}));
  const [no, url] = [text(made.body, 'data', 'payment_no'), text(made.body, 'data', 'payment_url')];
  const page = pagePathOf(cluster.proxy, url);
  const body = new URLSearchParams({ route: 'paypal/checkout' });
  const chosen = await times(30, () => send(page.replace('?', '/choose?'), { method: 'POST', body }));
  const pressed = await times(30, () => send(page.replace('?', '/go?'), { method: 'POST' }));
  const statuses = new Set([...chosen, ...pressed].map(({ status }) => status));
  const tradeNo = text(await show(no), 'gateway_trade_no');
  await simulatorOrder(cluster.simulator.url, tradeNo, 'approve', { callback: false });
  const back = readWayBack((await simulatorOrder(cluster.simulator.url, tradeNo)).body, tradeNo);
  await times(30, () => send(back));
  return [
    ...differ('answers to presses', [...statuses], [303]),
    ...differ('orders at PayPal', await countCalls('paypal-create-order', no), 1),
    ...differ('captures', await countCalls('paypal-capture-order', tradeNo), 1),
    ...(await checkPaidOnce(cluster, no)),
  ];
}

/** The address that PayPal was given for the payer's way back. */
function readWayBack(order: unknown, tradeNo: string): string {
  const given = text(order, 'fields', 'payment_source', 'paypal', 'experience_context', 'return_url');
  const { pathname, search } = new URL(given);
  return `${pathname}${search}&token=${tradeNo}&PayerID=SMULATR2PAYER`;
}

async function insitePresses(cluster: Cluster, mark: string): Promise<readonly string[]> {
  const { call, order, countCalls, show, send } = helpersOf(cluster);
  const more = { buyer_email: 'buyer@example.com', gateway_credentials: ECPAY };
  const made = await call('/pay/ecpay/ecpg', order(`${mark}-INSITE`, more));
  const no = text(made.body, 'data', 'payment_no');
  const page = pagePathOf(cluster.proxy, text(made.body, 'data', 'payment_url'));
  const hand = inSiteHand({ request: send, gateway: cluster.simulator });
  const forms = await times(10, () => hand.openForm(page));
  const payToken = await hand.takePayToken(forms[0]?.token ?? '', 'card');
  await times(30, () => hand.press(page, payToken));
  const orderNo = text(await show(no), 'gateway_order_no');
  return [
    ...differ('tokens of forms', new Set(forms.map(({ token }) => token)).size, 1),
    ...differ('charges', await countCalls('create-payment', orderNo), 1),
    ...(await checkPaidOnce(cluster, no)),
  ];
}

/** Signs the owner in at the first node; gives the cookies. */
export async function signIn({ nodes }: Pick<Cluster, 'nodes'>): Promise<Browsing> {
  const cookies: Browsing = new Map();
  const { status, text: page } = await browserAt(nodes[0]?.url ?? '', cookies).post(
    '/admin/login',
    OWNER,
    '/admin/login',
  );
  if (status !== 303) throw new Error(`the owner cannot sign in: ${status} ${page.slice(0, 300)}`);
  return cookies;
}

async function deskSession({ nodes }: Cluster): Promise<readonly string[]> {
  const cookies = await signIn({ nodes });
  const [first, ...others] = nodes.map(({ url }) => browserAt(url, new Map(cookies)));
  const seen = await Promise.all(others.map(async (desk) => (await desk.get('/admin')).status));
  // The form's token is of the session too, so a form of one node can be sent to another.
  const left = await others[0]?.post('/admin/logout', { csrf: (await first?.csrf()) ?? '' });
  return [
    ...differ('the desk at the other nodes', seen, Array(others.length).fill(200)),
    ...differ('signing out at another node', left?.status, 303),
    ...differ('the desk at the first node after that', (await first?.get('/admin'))?.status, 303),
  ];
}
