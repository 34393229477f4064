import { apiListing } from './api-listing.ts';
import { answerJson, answerPage, refuseAction, seeOther } from './http.ts';
import { isForm, readCount, readInput } from './input.ts';
import { orderPage } from './pages/order.tsx';
import { ordersPage } from './pages/orders.tsx';
import { routesOf } from './route.ts';
import { numberOf, orderPath, type Stand, type StandOrder, viewStandOrder } from './stand.ts';
import { type StandRef, stands } from './stands.ts';
import type { Call, Route } from './world.ts';

const LIST_STANDARD = 50;
const LIST_CAP = 500;
const PAGE_CAP = 100;

/** Orders of every stand or of one, newest first. */
const refsOf = (gateway: string | null, ordersOf: (stand: Stand) => readonly StandOrder[]): StandRef[] =>
  stands
    .filter((stand) => gateway === null || stand.id === gateway)
    .flatMap((stand) => ordersOf(stand).map((order) => ({ stand, order })))
    .sort((one, other) => other.order.createdAt - one.order.createdAt);

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

async function act(call: Call): Promise<Response> {
  const { stand, order } = needRef(call);
  const name = call.params[1] ?? '';
  const action = Object.hasOwn(stand.actions, name) ? stand.actions[name] : undefined;
  if (!action) return refuseAction('ACTION_NOT_FOUND', `No action ${name}.`, 404);
  const number = numberOf(order);
  const told = await action(call.world, number, readInput(call), call.url.origin);
  if (isForm(call)) return seeOther(orderPath(order, 'page'));
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
  const { world } = call;
  const sections = stands.flatMap((stand) => stand.section?.(world) ?? []);
  const refs = refsOf(null, (stand) => stand.newest(world, PAGE_CAP)).slice(0, PAGE_CAP);
  return answerPage(ordersPage(refs, world.faults.list(), sections));
}

const route = routesOf('', '([A-Za-z0-9_-]+)');

/** Everything under `/simulator` that all stands share: pages for a person, JSON for a program. */
export const consoleRoutes: readonly Route[] = [
  route('GET', '/(?:simulator/?)?', showOrders),
  route('GET', '/simulator/api', () => answerJson(apiListing)),
  route('GET', '/simulator/orders', listOrders),
  route('GET', '/simulator/orders/*', (call) => answerJson(viewStandOrder(needRef(call).order))),
  route('GET', '/simulator/orders/*/page', (call) => answerPage(orderPage(needRef(call), call.world.isPublic))),
  route('POST', '/simulator/orders/*/([a-z]+)', act),
  route('POST', '/simulator/reset', reset),
];
