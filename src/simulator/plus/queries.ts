import type { Call } from '../world.ts';
import { findOfShop, type PlusStatus, statusAt } from './order.ts';
import { answerData, answerRefusal, isRefusal, openRequest, refuse } from './request.ts';

/** `1` is paid, here as in the callback. */
const codes: Readonly<Record<PlusStatus, string>> = { waiting: '0', paid: '1', declined: '2', expired: '3' };

/** `POST /api/query`: where an order is. */
export function queryOrder(call: Call): Response {
  const opened = openRequest(call, ['order_no']);
  if (isRefusal(opened)) return answerRefusal(opened);
  const order = findOfShop(call.world, opened.account.appid, opened.form.order_no ?? '');
  if (!order) return answerRefusal(refuse(4040, 'No such order_no.'));
  return answerData({
    order_no: order.orderNo,
    plat_no: order.platNo,
    money: order.money,
    status: codes[statusAt(order, call.world.now())],
  });
}

/** `POST /api/balance`: what PLUS holds for the shop. */
export function queryBalance(call: Call): Response {
  const opened = openRequest(call, []);
  if (isRefusal(opened)) return answerRefusal(opened);
  return answerData({ balance: opened.account.balance });
}
