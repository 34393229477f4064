import type { Gateway } from '../gateways.ts';
import { ActionError, answerPage, seeOther } from '../http.ts';
import type { Call, Route } from '../world.ts';
import { actions } from './actions.ts';
import { createOrder } from './create.ts';
import { orderShelf, type PlusOrder, payerPath } from './order.ts';
import { payerPage } from './page.tsx';
import { queryBalance, queryOrder } from './queries.ts';
import { addAccount, changeSettings, listAccounts, showSettings } from './settings.ts';

const atm: Gateway = { name: 'plus-atm', shape: 'json', stand: 'plus' };
const query: Gateway = { name: 'plus-query', shape: 'json', stand: 'plus' };
const balance: Gateway = { name: 'plus-balance', shape: 'json', stand: 'plus' };

function needOrder(call: Call): PlusOrder {
  const order = orderShelf(call.world).get(call.params[0] ?? '');
  if (!order) throw new ActionError(404, 'ORDER_NOT_FOUND', 'No such order.');
  return order;
}

function showPage(call: Call): Response {
  return answerPage(payerPage(needOrder(call), call.world.now()));
}

/** Pressed again, or after a step back, the page only shows how it ended. */
async function takeStep(call: Call): Promise<Response> {
  const order = needOrder(call);
  const action = actions[call.params[1] === 'approve' ? 'pay' : 'decline'];
  if (order.status !== 'paid') await action?.(call.world, order.platNo, {}, call.url.origin);
  return seeOther(payerPath(order));
}

export const plusRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/api\/atm$/, gateway: atm, answer: createOrder },
  { method: 'POST', path: /^\/api\/query$/, gateway: query, answer: queryOrder },
  { method: 'POST', path: /^\/api\/balance$/, gateway: balance, answer: queryBalance },
  { method: 'GET', path: /^\/plus\/pay\/(PL\d{14})$/, answer: showPage },
  { method: 'POST', path: /^\/plus\/pay\/(PL\d{14})\/(approve|decline)$/, answer: takeStep },
  { method: 'GET', path: /^\/simulator\/plus\/accounts$/, answer: listAccounts },
  { method: 'POST', path: /^\/simulator\/plus\/accounts$/, answer: addAccount },
  { method: 'GET', path: /^\/simulator\/plus\/settings$/, answer: showSettings },
  { method: 'POST', path: /^\/simulator\/plus\/settings$/, answer: changeSettings },
];
