import { answerScript } from '../assets.ts';
import type { FaultKind } from '../faults.ts';
import type { Gateway, Shape } from '../gateways.ts';
import { ActionError, answerPage } from '../http.ts';
import type { Call, Route } from '../world.ts';
import { ecpayConsole } from './accounts.ts';
import { checkOut, stepCashier } from './cashier.ts';
import { createPayment } from './create-payment.ts';
import { doAioAction, doSealedAction } from './do-action.ts';
import { orders } from './order.ts';
import { storeCodePage } from './pages.tsx';
import { generateCode } from './payment-code.ts';
import { queryPaymentInfo, querySealedPaymentInfo, querySealedTrade, queryTradeInfo } from './queries.ts';
import { stepSecure } from './secure.ts';
import { askPayToken, getToken } from './tokens.ts';

function gateway(name: string, shape: Shape, faults: readonly FaultKind[] = [], isQuery = false): Gateway {
  return { name, shape, stand: 'ecpay', isQuery, faults: ['charset', ...faults] };
}

/** Signed with the account's keys, and about one order. */
const signed: readonly FaultKind[] = ['refuse', 'wrong-key', 'other-order'];

/** Making orders never counts against the limit of queries (ECPay developer documentation, page 2858). */
const services: readonly (readonly [string, Gateway, Route['answer'], Route['method']?])[] = [
  ['/Cashier/AioCheckOut/V5', gateway('aio-checkout', 'page', ['refuse', 'duplicate']), checkOut],
  ['/Cashier/QueryTradeInfo/V5', gateway('aio-query-trade', 'form', signed, true), queryTradeInfo],
  ['/Cashier/QueryPaymentInfo', gateway('aio-query-payment-info', 'form', signed, true), queryPaymentInfo],
  ['/CreditDetail/DoAction', gateway('aio-do-action', 'form', signed), doAioAction],
  ['/1.0.0/Cashier/GenPaymentCode', gateway('gen-payment-code', 'sealed', ['duplicate', ...signed]), generateCode],
  ['/1.0.0/Cashier/QueryTrade', gateway('query-trade', 'sealed', signed, true), querySealedTrade],
  ['/1.0.0/Cashier/QueryPaymentInfo', gateway('query-payment-info', 'sealed', signed, true), querySealedPaymentInfo],
  ['/1.0.0/Credit/DoAction', gateway('do-action', 'sealed', ['refuse', 'wrong-key']), doSealedAction],
  ['/Merchant/GetTokenbyTrade', gateway('get-token', 'sealed', ['refuse', 'duplicate', 'wrong-key']), getToken],
  ['/Merchant/CreatePayment', gateway('create-payment', 'sealed', ['duplicate', ...signed]), createPayment],
  ['/Scripts/sdk-1.0.0.js', gateway('sdk-script', 'browser'), answerScript, 'GET'],
  ['/Merchant/SimulatorPayToken', gateway('pay-token', 'browser'), askPayToken],
];

function showStoreCode({ url, world }: Call): Response {
  const paymentNo = url.searchParams.get('PaymentNo') ?? '';
  const order = orders.shelf(world).find((one) => one.info.PaymentNo === paymentNo);
  if (!order) throw new ActionError(404, 'ORDER_NOT_FOUND', 'No such payment code.');
  return answerPage(storeCodePage(order));
}

const SECURE = /^\/Merchant\/(ThreeD|UnionPay)\/([A-Za-z0-9]+)\/([A-Za-z0-9]+)(?:\/([a-z]+))?$/;
/** The cashier's inner paths are the simulator's own. */
const CASHIER = /^\/Cashier\/Order\/([A-Za-z0-9]+)\/([A-Za-z0-9]+)(?:\/([a-z]+))?$/;

/** ECPay's own paths; the hosts payment, ecpayment and ecpg all lead here. */
export const ecpayRoutes: readonly Route[] = [
  ...services.map(([path, service, answer, method = 'POST']): Route => {
    return { method, path: new RegExp(`^${path.replaceAll('.', '\\.')}$`), gateway: service, answer };
  }),
  { method: 'GET', path: SECURE, answer: stepSecure },
  { method: 'POST', path: SECURE, answer: stepSecure },
  { method: 'GET', path: CASHIER, answer: stepCashier },
  { method: 'POST', path: CASHIER, answer: stepCashier },
  { method: 'GET', path: /^\/PaymentRule\/CVSBarCode$/, answer: showStoreCode },
  ...ecpayConsole,
];
