import { answerScript } from '../assets.ts';
import { answerPage, refuseAction } from '../http.ts';
import { routesOf } from '../route.ts';
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

function showStoreCode({ url, world }: Call): Response {
  const paymentNo = url.searchParams.get('PaymentNo') ?? '';
  const order = orders.shelf(world).find((one) => one.info.PaymentNo === paymentNo);
  return answerPage(storeCodePage(order ?? refuseAction('ORDER_NOT_FOUND', 'No such payment code.', 404)));
}

const browser = { faults: ['charset'] } as const;
const checkout = { shape: 'page', faults: ['charset', 'refuse', 'duplicate'] } as const;
/** Signed with the account's keys, and about one order. */
const form = { shape: 'form', faults: ['charset', 'refuse', 'wrong-key', 'other-order'] } as const;
const sealed = { shape: 'sealed', faults: form.faults } as const;
const making = { shape: 'sealed', faults: ['duplicate', ...form.faults] } as const;
const token = { shape: 'sealed', faults: ['charset', 'refuse', 'duplicate', 'wrong-key'] } as const;
const doing = { shape: 'sealed', faults: ['charset', 'refuse', 'wrong-key'] } as const;
const isQuery = { isQuery: true };
const route = routesOf('ecpay', '([A-Za-z0-9]+)');

/**
 * ECPay's own paths; the hosts payment, ecpayment and ecpg all lead here. Making orders never counts against the limit
 * of queries (ECPay developer documentation, page 2858).
 */
export const ecpayRoutes: readonly Route[] = [
  route('POST', '/Cashier/AioCheckOut/V5', checkOut, 'aio-checkout', checkout),
  route('POST', '/Cashier/QueryTradeInfo/V5', queryTradeInfo, 'aio-query-trade', { ...form, ...isQuery }),
  route('POST', '/Cashier/QueryPaymentInfo', queryPaymentInfo, 'aio-query-payment-info', { ...form, ...isQuery }),
  route('POST', '/CreditDetail/DoAction', doAioAction, 'aio-do-action', form),
  route('POST', '/1\\.0\\.0/Cashier/GenPaymentCode', generateCode, 'gen-payment-code', making),
  route('POST', '/1\\.0\\.0/Cashier/QueryTrade', querySealedTrade, 'query-trade', { ...sealed, ...isQuery }),
  route('POST', '/1\\.0\\.0/Cashier/QueryPaymentInfo', querySealedPaymentInfo, 'query-payment-info', {
    ...sealed,
    ...isQuery,
  }),
  route('POST', '/1\\.0\\.0/Credit/DoAction', doSealedAction, 'do-action', doing),
  route('POST', '/Merchant/GetTokenbyTrade', getToken, 'get-token', token),
  route('POST', '/Merchant/CreatePayment', createPayment, 'create-payment', making),
  route('GET', '/Scripts/sdk-1\\.0\\.0\\.js', answerScript, 'sdk-script', browser),
  route('POST', '/Merchant/SimulatorPayToken', askPayToken, 'pay-token', browser),
  route('GET POST', '/Merchant/(ThreeD|UnionPay)/*/*(?:/([a-z]+))?', stepSecure),
  // The cashier's inner paths are the simulator's own.
  route('GET POST', '/Cashier/Order/*/*(?:/([a-z]+))?', stepCashier),
  route('GET', '/PaymentRule/CVSBarCode', showStoreCode),
  ...ecpayConsole,
];
