import { answerScript } from '../assets.ts';
import { gateways } from '../gateways.ts';
import { ActionError, answerPage } from '../http.ts';
import { storeCodePage } from '../pages/results.tsx';
import type { Call, Route } from '../world.ts';
import { stepCashier } from './cashier.ts';
import { checkOut } from './checkout.ts';
import { createPayment } from './create-payment.ts';
import { doAioAction, doSealedAction } from './do-action.ts';
import { askPayToken } from './pay-token.ts';
import { generateCode } from './payment-code.ts';
import { queryPaymentInfo, querySealedPaymentInfo, querySealedTrade, queryTradeInfo } from './queries.ts';
import { stepSecure } from './secure.ts';
import { getToken } from './token.ts';

function showStoreCode(call: Call): Response {
  const order = call.world.ledger.findByPaymentNo(call.url.searchParams.get('PaymentNo') ?? '');
  if (!order) throw new ActionError(404, 'ORDER_NOT_FOUND', 'No such payment code.');
  return answerPage(storeCodePage(order));
}

/** ECPay's own paths; the hosts payment, ecpayment and ecpg all lead here. */
export const ecpayRoutes: readonly Route[] = [
  { method: 'POST', gateway: gateways.checkout, path: /^\/Cashier\/AioCheckOut\/V5$/, answer: checkOut },
  { method: 'POST', gateway: gateways.aioQueryTrade, path: /^\/Cashier\/QueryTradeInfo\/V5$/, answer: queryTradeInfo },
  {
    method: 'POST',
    gateway: gateways.aioQueryPaymentInfo,
    path: /^\/Cashier\/QueryPaymentInfo$/,
    answer: queryPaymentInfo,
  },
  {
    method: 'POST',
    gateway: gateways.genPaymentCode,
    path: /^\/1\.0\.0\/Cashier\/GenPaymentCode$/,
    answer: generateCode,
  },
  { method: 'POST', gateway: gateways.queryTrade, path: /^\/1\.0\.0\/Cashier\/QueryTrade$/, answer: querySealedTrade },
  {
    method: 'POST',
    gateway: gateways.queryPaymentInfo,
    path: /^\/1\.0\.0\/Cashier\/QueryPaymentInfo$/,
    answer: querySealedPaymentInfo,
  },
  { method: 'POST', gateway: gateways.aioDoAction, path: /^\/CreditDetail\/DoAction$/, answer: doAioAction },
  { method: 'POST', gateway: gateways.doAction, path: /^\/1\.0\.0\/Credit\/DoAction$/, answer: doSealedAction },
  { method: 'POST', gateway: gateways.getToken, path: /^\/Merchant\/GetTokenbyTrade$/, answer: getToken },
  { method: 'POST', gateway: gateways.createPayment, path: /^\/Merchant\/CreatePayment$/, answer: createPayment },
  { method: 'POST', gateway: gateways.payToken, path: /^\/Merchant\/SimulatorPayToken$/, answer: askPayToken },
  { method: 'GET', gateway: gateways.sdkScript, path: /^\/Scripts\/sdk-1\.0\.0\.js$/, answer: answerScript },
  {
    method: 'GET',
    path: /^\/Merchant\/(ThreeD|UnionPay)\/([A-Za-z0-9]+)\/([A-Za-z0-9]+)(?:\/([a-z]+))?$/,
    answer: showSecurePage,
  },
  {
    method: 'POST',
    path: /^\/Merchant\/(ThreeD|UnionPay)\/([A-Za-z0-9]+)\/([A-Za-z0-9]+)\/([a-z]+)$/,
    answer: stepSecure,
  },
  { method: 'GET', path: /^\/PaymentRule\/CVSBarCode$/, answer: showStoreCode },
  // The cashier's inner paths are the simulator's own.
  { method: 'GET', path: /^\/Cashier\/Order\/([A-Za-z0-9]+)\/([A-Za-z0-9]+)(?:\/([a-z]+))?$/, answer: showOrder },
  { method: 'POST', path: /^\/Cashier\/Order\/([A-Za-z0-9]+)\/([A-Za-z0-9]+)\/([a-z]+)$/, answer: stepCashier },
];

/** A reload or a step back only shows where the order is. */
function showOrder(call: Call): Promise<Response> {
  return stepCashier({ ...call, params: call.params.slice(0, 2) });
}

function showSecurePage(call: Call): Promise<Response> {
  return stepSecure({ ...call, params: call.params.slice(0, 3) });
}
