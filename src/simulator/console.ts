import { decline, expire, type Input, issue, pay, repeat, setCardStage } from './actions.ts';
import { apiListing } from './api-listing.ts';
import { isForm, readInput } from './console-input.ts';
import { faultKinds } from './faults.ts';
import { forge, forgeKinds } from './forge.ts';
import { ActionError, answerJson, answerPage, seeOther } from './http.ts';
import { readCount, readText } from './input.ts';
import { limits, type SimulatorAccount } from './options.ts';
import { type Order, viewOrder } from './order.ts';
import { orderPage } from './pages/order.tsx';
import { ordersPage } from './pages/orders.tsx';
import { viewStandOrder } from './stand.ts';
import { actOnStand, findInStands, listStandOrders, pageOfStand, resetStands, type StandRef } from './stand-console.ts';
import { faultRoutes } from './trials.ts';
import type { Call, Route } from './world.ts';

const LIST_STANDARD = 50;
const LIST_CAP = 500;

/** An order of ECPay, or of another gateway's stand. */
function findAny(call: Call): { readonly order: Order } | { readonly ref: StandRef } | null {
  const [number = ''] = call.params;
  const merchantId = call.url.searchParams.get('merchant_id');
  const { ledger } = call.world;
  const order = merchantId ? ledger.find(merchantId, number) : ledger.findByNo(number);
  if (order) return { order };
  const ref = findInStands(call);
  return ref && { ref };
}

function onAny<T>(call: Call, ofEcpay: (order: Order) => T, ofStand: (ref: StandRef) => T): T {
  const found = findAny(call);
  if (!found) throw new ActionError(404, 'ORDER_NOT_FOUND', `No order ${call.params[0] ?? ''}.`);
  return 'order' in found ? ofEcpay(found.order) : ofStand(found.ref);
}

function findOrder(call: Call): Order {
  const [merchantTradeNo = ''] = call.params;
  const found = findAny(call);
  const order = found && 'order' in found ? found.order : null;
  if (!order) throw new ActionError(404, 'ORDER_NOT_FOUND', `No order ${merchantTradeNo}.`);
  return order;
}

function answerOrder(call: Call, order: Order): Response {
  if (!isForm(call)) return answerJson(viewOrder(order, call.world.now()));
  return seeOther(`/simulator/orders/${order.merchantTradeNo}/page?merchant_id=${order.merchantId}`);
}

const actions: Readonly<Record<string, (call: Call, order: Order, input: Input) => Promise<Order>>> = {
  pay: (call, order, input) => pay(call.world, order, input, call.url.origin),
  decline: (call, order, input) => decline(call.world, order, input),
  expire: (call, order) => expire(call.world, order),
  issue: (call, order, input) => issue(call.world, order, input, call.url.origin),
  repeat: (call, order, input) => repeat(call.world, order, input),
  card: (call, order, input) => setCardStage(call.world, order, input),
};

async function act(call: Call): Promise<Response> {
  return onAny(
    call,
    (order) => actOnOrder(call, order),
    (ref) => actOnStand(call, ref, call.params[1] ?? ''),
  );
}

async function actOnOrder(call: Call, order: Order): Promise<Response> {
  const name = call.params[1] ?? '';
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new ActionError(404, 'ACTION_NOT_FOUND', `No action ${name}.`);
  return answerOrder(call, await action(call, order, readInput(call)));
}

async function actForge(call: Call): Promise<Response> {
  return onAny(
    call,
    (order) => forgeOrder(call, order),
    (ref) => actOnStand(call, ref, 'forge'),
  );
}

async function forgeOrder(call: Call, order: Order): Promise<Response> {
  const kind = readText(readInput(call), 'kind', /^[a-z-]{1,30}$/) ?? '';
  const { at, ...record } = await forge(call.world, order, kind);
  if (isForm(call)) return answerOrder(call, order);
  const now = viewOrder(findOrder(call), call.world.now());
  return answerJson({ ...record, kind, at: new Date(at).toISOString(), order: now });
}

function listOrders(call: Call): Response {
  const limit = readCount({ limit: call.url.searchParams.get('limit') }, 'limit', 1, LIST_CAP, LIST_STANDARD);
  const now = call.world.now();
  const gateway = call.url.searchParams.get('gateway');
  const own = call.world.ledger.newest(limit).map((order) => viewOrder(order, now));
  return answerJson({
    orders: [
      ...(gateway === null || gateway === 'ecpay' ? own : []),
      ...listStandOrders(call.world, limit, gateway).map(viewStandOrder),
    ],
  });
}

function viewAccount(account: SimulatorAccount): Record<string, string> {
  return { merchant_id: account.merchantId, hash_key: account.hashKey, hash_iv: account.hashIv };
}

/** AES-128 wants exactly sixteen bytes of key and of vector. */
const keyShape = /^[!-~]{16}$/;

function addAccount(call: Call): Response {
  const input = readInput(call);
  const merchantId = readText(input, 'merchant_id', /^[A-Za-z0-9]{1,10}$/);
  const hashKey = readText(input, 'hash_key', keyShape);
  const hashIv = readText(input, 'hash_iv', keyShape);
  if (!merchantId || !hashKey || !hashIv) {
    throw new ActionError(400, 'INVALID_ARGUMENT', 'merchant_id, hash_key and hash_iv are needed.');
  }
  const { ledger } = call.world;
  if (ledger.accounts().length >= limits.accounts && !ledger.account(merchantId)) {
    throw new ActionError(409, 'TOO_MANY_ACCOUNTS', `At most ${limits.accounts} accounts.`);
  }
  const account = { merchantId, hashKey, hashIv };
  ledger.addAccount(account);
  return isForm(call) ? seeOther('/simulator') : answerJson(viewAccount(account), 201);
}

function reset(call: Call): Response {
  const { courier, ledger, tokens, faults, limiter, requests } = call.world;
  courier.clear();
  ledger.reset();
  tokens.clear();
  faults.clear();
  limiter.reset();
  requests.clear();
  resetStands(call.world);
  return isForm(call) ? seeOther('/simulator') : answerJson({ reset: true });
}

function showOrders(call: Call): Response {
  const { ledger, now, faults } = call.world;
  const faultList = { faults: faults.list(), kinds: faultKinds, routes: faultRoutes };
  const others = listStandOrders(call.world, LIST_CAP / 5, null);
  return answerPage(ordersPage(ledger.newest(LIST_CAP / 5), others, ledger.accounts(), faultList, now()));
}

/** Everything under `/simulator`: pages for a person, JSON for a program. */
export const consoleRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/(?:simulator\/?)?$/, answer: showOrders },
  { method: 'GET', path: /^\/simulator\/api$/, answer: () => answerJson(apiListing) },
  { method: 'GET', path: /^\/simulator\/orders$/, answer: listOrders },
  {
    method: 'GET',
    path: /^\/simulator\/orders\/([A-Za-z0-9_-]+)$/,
    answer: (call) =>
      onAny(
        call,
        (order) => answerJson(viewOrder(order, call.world.now())),
        (ref) => answerJson(viewStandOrder(ref.order)),
      ),
  },
  {
    method: 'GET',
    path: /^\/simulator\/orders\/([A-Za-z0-9_-]+)\/page$/,
    answer: (call) =>
      onAny(
        call,
        (order) => answerPage(orderPage(order, forgeKinds, call.world.now())),
        (ref) => pageOfStand(ref),
      ),
  },
  { method: 'POST', path: /^\/simulator\/orders\/([A-Za-z0-9_-]+)\/forge$/, answer: actForge },
  { method: 'POST', path: /^\/simulator\/orders\/([A-Za-z0-9_-]+)\/([a-z]+)$/, answer: act },
  {
    method: 'GET',
    path: /^\/simulator\/accounts$/,
    answer: (call) => answerJson({ accounts: call.world.ledger.accounts().map(viewAccount) }),
  },
  { method: 'POST', path: /^\/simulator\/accounts$/, answer: addAccount },
  { method: 'POST', path: /^\/simulator\/reset$/, answer: reset },
];
