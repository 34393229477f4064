import type { World } from '../world.ts';
import { pay } from './actions.ts';
import * as rule from './fields.ts';
import { codes, type Fault, findFault, flatten } from './fields.ts';
import { type EcpayOrder, isUsed, makeOrder } from './order.ts';
import { issueServiceNumber, orderParts } from './payment-code.ts';
import { codeData, secureData } from './payment-info.ts';
import { securePath } from './secure.ts';
import { type Asked, refuseOrder, serveSealed } from './service.ts';
import { type PayToken, payTokens } from './tokens.ts';

/** The notification of a payment made at once follows the answer instead of overtaking it. */
const NOTICE_DELAY_MS = 300;

/** ECPay developer documentation, page 9053. */
const paymentRules = [
  rule.merchantIdRule,
  rule.platformRule,
  { name: 'PayToken', required: true, max: 2000 },
  rule.tradeNoRule,
];

/** ECPay publishes no codes of its own for tokens that do not fit. */
const tokenFault = (message: string): Fault => ({
  code: codes.parameter,
  message: `Parameter Error. PayToken ${message}`,
});

const cardRefused: Fault = { code: codes.cardRefused, message: '授權失敗' };

function findPaymentFault({ world, account, data, values }: Asked, token: PayToken | undefined): Fault | null {
  const fault = findFault(paymentRules, [], values, '');
  if (fault) return fault;
  const { trade, choice } = token ?? {};
  if (!trade || trade.merchantId !== account.merchantId) return tokenFault('is unknown');
  if (trade.merchantTradeNo !== data.MerchantTradeNo) return tokenFault('belongs to another MerchantTradeNo');
  if (isUsed(world, account.merchantId, trade.merchantTradeNo)) return rule.duplicateFault;
  if (token?.isUsed) return tokenFault('was used');
  if (trade.expiresAt < world.now()) return tokenFault('is expired');
  return choice?.outcome === 'refused' ? cardRefused : null;
}

type Means = Pick<EcpayOrder, 'info' | 'deadline' | 'status'>;

function meansOf({ choice, trade }: PayToken, asked: Asked): Means {
  const { method, outcome } = choice;
  if (outcome === 'number') {
    const values = flatten(trade.data);
    return { ...issueServiceNumber({ ...asked, values }, method, 'StoreExpireDate'), status: 'issued' };
  }
  const name = method === 'UnionPay' ? 'UnionPayURL' : 'ThreeDURL';
  const address = asked.call.url.origin + securePath({ method, ...trade });
  return { info: outcome === 'secure' ? { [name]: address } : {}, deadline: null, status: 'created' };
}

function makePagePayment(token: PayToken, asked: Asked): EcpayOrder {
  const { method, paymentType, installment } = token.choice;
  return makeOrder(asked.world, {
    ...orderParts(flatten(token.trade.data)),
    kind: 'ecpg',
    method,
    paymentType,
    installment,
    ...meansOf(token, asked),
    fields: token.trade.data,
  });
}

/** The answer for each way a payment can go on. */
async function goOn(world: World, order: EcpayOrder, token: PayToken, origin: string) {
  if (token.choice.outcome === 'secure') return secureData(order);
  const isPaid = token.choice.outcome === 'paid';
  const settled = isPaid ? await pay(world, order, { delay_ms: NOTICE_DELAY_MS }, origin) : order;
  return codeData(settled, world.now(), 'Success');
}

/** `POST /Merchant/CreatePayment` (ECPay developer documentation, page 9053). */
export const createPayment = serveSealed(async (asked) => {
  const { call, world, account, data } = asked;
  const token = payTokens(world).get(String(data.PayToken));
  const fault = findPaymentFault(asked, token);
  // A card that the bank refuses uses the PayToken up, but not the MerchantTradeNo.
  if (token && (!fault || fault === cardRefused)) {
    payTokens(world).put(String(data.PayToken), { ...token, isUsed: true });
  }
  if (fault || !token) {
    const merchantTradeNo = typeof data.MerchantTradeNo === 'string' ? data.MerchantTradeNo : '';
    return refuseOrder(fault ?? tokenFault('is unknown'), account.merchantId, merchantTradeNo);
  }
  return goOn(world, makePagePayment(token, asked), token, call.url.origin);
});
