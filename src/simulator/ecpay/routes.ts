import { ActionError, answerPage } from '../http.ts';
import { storeCodePage } from '../pages/results.tsx';
import type { Call, Route } from '../world.ts';
import { stepCashier } from './cashier.ts';
import { checkOut } from './checkout.ts';
import { generateCode } from './payment-code.ts';
import { queryPaymentInfo, querySealedPaymentInfo, querySealedTrade, queryTradeInfo } from './queries.ts';

function showStoreCode(call: Call): Response {
  const order = call.world.ledger.findByPaymentNo(call.url.searchParams.get('PaymentNo') ?? '');
  if (!order) throw new ActionError(404, 'ORDER_NOT_FOUND', 'No such payment code.');
  return answerPage(storeCodePage(order));
}

/** ECPay's own paths; the hosts payment, ecpayment and ecpg all lead here. */
export const ecpayRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/Cashier\/AioCheckOut\/V5$/, answer: checkOut },
  { method: 'POST', path: /^\/Cashier\/QueryTradeInfo\/V5$/, answer: queryTradeInfo },
  { method: 'POST', path: /^\/Cashier\/QueryPaymentInfo$/, answer: queryPaymentInfo },
  { method: 'POST', path: /^\/1\.0\.0\/Cashier\/GenPaymentCode$/, answer: generateCode },
  { method: 'POST', path: /^\/1\.0\.0\/Cashier\/QueryTrade$/, answer: querySealedTrade },
  { method: 'POST', path: /^\/1\.0\.0\/Cashier\/QueryPaymentInfo$/, answer: querySealedPaymentInfo },
  { method: 'GET', path: /^\/PaymentRule\/CVSBarCode$/, answer: showStoreCode },
  // The cashier's inner paths are the simulator's own.
  { method: 'GET', path: /^\/Cashier\/Order\/([A-Za-z0-9]+)\/([A-Za-z0-9]+)(?:\/([a-z]+))?$/, answer: showOrder },
  { method: 'POST', path: /^\/Cashier\/Order\/([A-Za-z0-9]+)\/([A-Za-z0-9]+)\/([a-z]+)$/, answer: stepCashier },
];

/** A reload or a step back only shows where the order is. */
function showOrder(call: Call): Promise<Response> {
  return stepCashier({ ...call, params: call.params.slice(0, 2) });
}
