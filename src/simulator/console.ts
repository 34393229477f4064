import { apiListing } from './api-listing.ts';
import { isForm, readInput } from './console-input.ts';
import { ActionError, answerJson, answerPage, seeOther } from './http.ts';
import { readCount } from './input.ts';
import { orderPage } from './pages/order.tsx';
import { ordersPage } from './pages/orders.tsx';
import { numberOf, orderPath, viewStandOrder } from './stand.ts';
import { findRef, listRefs, type StandRef, stands } from './stands.ts';
import type { Call, Route } from './world.ts';

const LIST_STANDARD = 50;
const LIST_CAP = 500;
const PAGE_CAP = 100;

/** `?gateway=` and `?merchant_id=` tell orders of one number apart. */
function needRef(call: Call): StandRef {
  const [number = ''] = call.params;
  const { searchParams } = call.url;
  const ref = findRef(call.world, number, searchParams.get('gateway'), searchParams.get('merchant_id'));
  if (!ref) throw new ActionError(404, 'ORDER_NOT_FOUND', `No order ${number}.`);
  return ref;
}

async function act(call: Call): Promise<Response> {
  const { stand, order } = needRef(call);
  const name = call.params[1] ?? '';
  const action = Object.hasOwn(stand.actions, name) ? stand.actions[name] : undefined;
  if (!action) throw new ActionError(404, 'ACTION_NOT_FOUND', `No action ${name}.`);
  const number = numberOf(order);
  const told = await action(call.world, number, readInput(call), call.url.origin);
  if (isForm(call)) return seeOther(orderPath(order, 'page'));
  const view = viewStandOrder(stand.find(call.world, number) ?? order);
  return answerJson(told ? { ...told, order: view } : view);
}

function listOrders(call: Call): Response {
  const { searchParams } = call.url;
  const limit = readCount({ limit: searchParams.get('limit') }, 'limit', 1, LIST_CAP, LIST_STANDARD);
  const refs = listRefs(call.world, limit, searchParams.get('gateway'));
  return answerJson({ orders: refs.map(({ order }) => viewStandOrder(order)) });
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
  return answerPage(ordersPage(listRefs(world, PAGE_CAP, null), world.faults.list(), sections));
}

function showOrder(call: Call): Response {
  return answerPage(orderPage(needRef(call)));
}

/** Everything under `/simulator` that all stands share: pages for a person, JSON for a program. */
export const consoleRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/(?:simulator\/?)?$/, answer: showOrders },
  { method: 'GET', path: /^\/simulator\/api$/, answer: () => answerJson(apiListing) },
  { method: 'GET', path: /^\/simulator\/orders$/, answer: listOrders },
  {
    method: 'GET',
    path: /^\/simulator\/orders\/([A-Za-z0-9_-]+)$/,
    answer: (call) => answerJson(viewStandOrder(needRef(call).order)),
  },
  { method: 'GET', path: /^\/simulator\/orders\/([A-Za-z0-9_-]+)\/page$/, answer: showOrder },
  { method: 'POST', path: /^\/simulator\/orders\/([A-Za-z0-9_-]+)\/([a-z]+)$/, answer: act },
  { method: 'POST', path: /^\/simulator\/reset$/, answer: reset },
];
