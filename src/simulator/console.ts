import { apiListing } from './api-listing.ts';
import { answerJson, answerPage, refuseAction, seeOther } from './http.ts';
import { isForm, readCount, readInput } from './input.ts';
import { orderPage } from './pages/order.tsx';
import { ordersPage } from './pages/orders.tsx';
import { payersOrderPage } from './pages/payers-order.tsx';
import { routesOf } from './route.ts';
import { numberOf, orderPath, type Stand, type StandOrder, viewStandOrder } from './stand.ts';
import { type StandRef, stands } from './stands.ts';
import type { Call, Route } from './world.ts';

const LIST_STANDARD = 50;
const LIST_CAP = 500;
const PAGE_CAP = 100;
const QUERY_LENGTH = 200;

/** Orders of every stand or of one, newest first. */
const refsOf = (gateway: string | null, ordersOf: (stand: Stand) => readonly StandOrder[]): StandRef[] =>
  stands
    .filter((stand) => gateway === null || stand.id === gateway)
    .flatMap((stand) => ordersOf(stand).map((order) => ({ stand, order })))
    .sort((one, other) => other.order.createdAt - one.order.createdAt);

/** Anything that is known of the order has this in it; numbers may be written in groups. */
function isNamed({ orderNo, tradeNo, item, number = '', info, fields }: StandOrder, wanted: string): boolean {
  if (wanted === '') return true;
  const flatten = (text: string) => text.replace(/\s+/g, '').toLowerCase();
  const known = [orderNo, tradeNo, item, number, ...Object.values(info), JSON.stringify(fields)].join('\n');
  return flatten(known).includes(flatten(wanted));
}

/** The newest order of that number; `?gateway=` and `?merchant_id=` tell orders of one number apart. */
function needRef({ params, url, world }: Call): StandRef {
  const [number = ''] = params;
  const merchantId = url.searchParams.get('merchant_id') || undefined;
  const [ref] = refsOf(url.searchParams.get('gateway'), (stand) => {
    const order = stand.find(world, number, merchantId);
    return order ? [order] : [];
  });
  return ref ?? refuseAction('ORDER_NOT_FOUND', `No order ${number}.`, 404);
}

/** The payer's page that an order is paid from; undefined: by whoever runs the simulator. Links lead to PayCore's own alone. */
function readBack({ url: { searchParams }, world }: Call): string | undefined {
  const back = searchParams.get('back');
  if (back === null) return world.isPublic ? '' : undefined;
  return URL.canParse(back) && new URL(back).origin === world.home().payments ? back : '';
}

/** Who has paid goes back to where he came from, and sees it there. */
function afterAction(call: Call, order: StandOrder, action: string): string {
  const back = readBack(call);
  return action === 'pay' && back ? back : orderPath(order, 'page', back);
}

async function act(call: Call): Promise<Response> {
  const { stand, order } = needRef(call);
  const name = call.params[1] ?? '';
  const action = Object.hasOwn(stand.actions, name) ? stand.actions[name] : undefined;
  if (!action) return refuseAction('ACTION_NOT_FOUND', `No action ${name}.`, 404);
  const number = numberOf(order);
  const told = await action(call.world, number, readInput(call), call.url.origin);
  if (isForm(call)) return seeOther(afterAction(call, order, name));
  const view = viewStandOrder(stand.find(call.world, number) ?? order);
  return answerJson(told ? { ...told, order: view } : view);
}

function listOrders(call: Call): Response {
  const { searchParams } = call.url;
  const limit = readCount({ limit: searchParams.get('limit') }, 'limit', 1, LIST_CAP, LIST_STANDARD);
  const refs = refsOf(searchParams.get('gateway'), (stand) => stand.newest(call.world, limit));
  return answerJson({ orders: refs.slice(0, limit).map(({ order }) => viewStandOrder(order)) });
}

function reset(call: Call): Response {
  const { faults, limiter, requests, sender, shelves } = call.world;
  sender.clear();
  shelves.reset();
  faults.clear();
  limiter.reset();
  requests.clear();
  return isForm(call) ? seeOther('/simulator') : answerJson({ reset: true });
}

function showOrders(call: Call): Response {
  const { world, url } = call;
  const sections = stands.flatMap((stand) => stand.section?.(world) ?? []);
  const wanted = (url.searchParams.get('q') ?? '').trim().slice(0, QUERY_LENGTH);
  const looked = wanted === '' ? PAGE_CAP : Number.POSITIVE_INFINITY;
  const refs = refsOf(null, (stand) => stand.newest(world, looked)).filter(({ order }) => isNamed(order, wanted));
  const page = { refs: refs.slice(0, PAGE_CAP), wanted, faults: world.faults.list(), sections, home: world.home() };
  return answerPage(ordersPage(page));
}

function showOrder(call: Call): Response {
  const ref = needRef(call);
  const back = readBack(call);
  const { isPublic, home } = call.world;
  return answerPage(back === undefined ? orderPage(ref, home()) : payersOrderPage(ref, back, !isPublic));
}

const route = routesOf('', '([A-Za-z0-9_-]+)');

/** Everything under `/simulator` that all stands share: pages for a person, JSON for a program. */
export const consoleRoutes: readonly Route[] = [
  route('GET', '/(?:simulator/?)?', showOrders),
  route('GET', '/simulator/api', () => answerJson(apiListing)),
  route('GET', '/simulator/orders', listOrders),
  route('GET', '/simulator/orders/*', (call) => answerJson(viewStandOrder(needRef(call).order))),
  route('GET', '/simulator/orders/*/page', showOrder),
  route('POST', '/simulator/orders/*/([a-z]+)', act),
  route('POST', '/simulator/reset', reset),
];
