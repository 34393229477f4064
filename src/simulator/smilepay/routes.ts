import type { Gateway } from '../gateways.ts';
import { ActionError, answerPage, seeOther } from '../http.ts';
import type { StandAction } from '../stand.ts';
import type { Call, Route } from '../world.ts';
import { actions } from './actions.ts';
import { issueNumber } from './create.ts';
import { orderShelf, payerPath, type SmilePayOrder } from './order.ts';
import { payerPage } from './page.tsx';
import { answerQuery } from './query.ts';
import { listMerchants, setMerchant, switchService } from './settings.ts';

const payment: Gateway = { name: 'smilepay-payment', shape: 'xml', stand: 'smilepay' };
const query: Gateway = { name: 'smilepay-query', shape: 'xml', stand: 'smilepay' };

/** Windows servers do not care how a path is written. */
const PAYMENT = /^\/api\/sppayment\.asp$/i;
const QUERY = /^\/ezpos\/roturl\.asp$/i;
const PAGE = /^\/smilepay\/pay\/(\d{12})$/;
const STEP = /^\/smilepay\/pay\/(\d{12})\/(pay|decline)$/;

function needOrder(call: Call): SmilePayOrder {
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
  const action: StandAction | undefined = actions[call.params[1] ?? ''];
  if (order.status !== 'paid') await action?.(call.world, order.smilePayNo, {}, call.url.origin);
  return seeOther(payerPath(order));
}

export const smilepayRoutes: readonly Route[] = [
  { method: 'POST', path: PAYMENT, gateway: payment, answer: issueNumber },
  { method: 'GET', path: PAYMENT, gateway: payment, answer: issueNumber },
  { method: 'POST', path: QUERY, gateway: query, answer: answerQuery },
  { method: 'GET', path: QUERY, gateway: query, answer: answerQuery },
  { method: 'GET', path: PAGE, answer: showPage },
  { method: 'POST', path: STEP, answer: takeStep },
  { method: 'POST', path: /^\/simulator\/smilepay\/services$/, answer: switchService },
  { method: 'POST', path: /^\/simulator\/smilepay\/merchants$/, answer: setMerchant },
  { method: 'GET', path: /^\/simulator\/smilepay\/merchants$/, answer: listMerchants },
];
