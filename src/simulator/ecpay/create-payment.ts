import { pay } from '../actions.ts';
import type { Order } from '../order.ts';
import type { Call, World } from '../world.ts';
import { codes, duplicateFault, type Fault, type FieldRule, findFault, textOf } from './fields.ts';
import { issueNumber, makeTradeNo } from './numbers.ts';
import { codeData, flatten } from './payment-code.ts';
import * as rule from './rules.ts';
import { secureData, securePath } from './secure.ts';
import { answerSealed, type OpenedRequest, openRequest } from './service.ts';
import type { PayToken } from './token-box.ts';

const ITEM_NAME_LENGTH = 400;
const ACCOUNT_LENGTH = 16;
/** The notification of a payment made at once follows the answer instead of overtaking it. */
const NOTICE_DELAY_MS = 300;

/** ECPay developer documentation, page 9053. */
const paymentRules: readonly FieldRule[] = [
  { name: 'MerchantID', required: true, max: 10, pattern: rule.alnum, code: codes.merchantId },
  { name: 'PlatformID', max: 10, pattern: rule.alnum },
  { name: 'PayToken', required: true, max: 2000 },
  { name: 'MerchantTradeNo', required: true, max: 20, pattern: rule.tradeNo, code: codes.tradeNo },
];

/** ECPay publishes no codes of its own for tokens that do not fit. */
function tokenFault(message: string): Fault {
  return { code: codes.parameter, message: `Parameter Error. PayToken ${message}` };
}

function findPaymentFault({ account, data }: OpenedRequest, token: PayToken | undefined, world: World): Fault | null {
  const fault = findFault(paymentRules, [], flatten(data), '');
  if (fault) return fault;
  if (!token || token.trade.merchantId !== account.merchantId) return tokenFault('is unknown');
  if (token.trade.merchantTradeNo !== data.MerchantTradeNo) return tokenFault('belongs to another MerchantTradeNo');
  if (world.ledger.isUsed(account.merchantId, token.trade.merchantTradeNo)) return duplicateFault;
  if (token.isUsed) return tokenFault('was used');
  if (token.trade.expiresAt < world.now()) return tokenFault('is expired');
  if (token.choice.outcome === 'refused') return { code: codes.cardRefused, message: '授權失敗' };
  return null;
}

/** Deadlines are days for ATM and BARCODE and minutes for CVS. */
const expiryFields: Readonly<Record<string, string>> = {
  ATM: 'ATMInfo.ExpireDate',
  CVS: 'CVSInfo.StoreExpireDate',
  BARCODE: 'BarcodeInfo.StoreExpireDate',
};

type Means = Pick<Order, 'info' | 'deadline' | 'status'>;

function meansOf(token: PayToken, amount: number, call: Call): Means {
  const { world, url } = call;
  const { method, outcome } = token.choice;
  if (outcome === 'paid') return { info: {}, deadline: null, status: 'created' };
  if (outcome === 'secure') {
    const name = method === 'UnionPay' ? 'UnionPayURL' : 'ThreeDURL';
    const address = url.origin + securePath(method, token.trade.merchantId, token.trade.merchantTradeNo);
    return { info: { [name]: address }, deadline: null, status: 'created' };
  }
  const values = flatten({ ...token.trade.data });
  const expire = textOf(values, expiryFields[method] ?? '');
  const issued = issueNumber({
    method,
    amount,
    now: world.now(),
    random: world.random,
    expire: expire === '' ? null : Number(expire),
    bank: textOf(values, 'ATMInfo.ATMBankCode'),
    accountLength: ACCOUNT_LENGTH,
    origin: url.origin,
  });
  return { ...issued, status: 'issued' };
}

function makeOrder(token: PayToken, call: Call): Order {
  const { world } = call;
  const { trade, choice } = token;
  const values = flatten({ ...trade.data });
  const amount = Number(textOf(values, 'OrderInfo.TotalAmount'));
  return {
    merchantId: trade.merchantId,
    merchantTradeNo: trade.merchantTradeNo,
    tradeNo: makeTradeNo(world.now(), world.random),
    kind: 'ecpg',
    amount,
    itemName: textOf(values, 'OrderInfo.ItemName').slice(0, ITEM_NAME_LENGTH),
    method: choice.method,
    paymentType: choice.paymentType,
    createdAt: world.now(),
    paidAt: null,
    simulated: false,
    installment: choice.installment,
    ...meansOf(token, amount, call),
    fields: trade.data,
    customField: textOf(values, 'CustomField'),
    returnUrl: textOf(values, 'OrderInfo.ReturnURL'),
    infoUrl: '',
    callbacks: [],
    last: null,
    pending: [],
  };
}

/** The answer for each way a payment can go on. */
async function goOn(order: Order, token: PayToken, call: Call): Promise<Record<string, unknown>> {
  const { world } = call;
  if (token.choice.outcome === 'secure') return secureData(order);
  const isPaid = token.choice.outcome === 'paid';
  const settled = isPaid ? await pay(world, order, { delay_ms: NOTICE_DELAY_MS }, call.url.origin) : order;
  return codeData(settled, world.now(), 'Success');
}

function refusal(fault: Fault, { account, data }: OpenedRequest): Record<string, unknown> {
  return {
    RtnCode: Number(fault.code),
    RtnMsg: fault.message,
    PlatformID: '',
    MerchantID: account.merchantId,
    OrderInfo: { MerchantTradeNo: typeof data.MerchantTradeNo === 'string' ? data.MerchantTradeNo : '' },
    CustomField: null,
  };
}

/** `POST /Merchant/CreatePayment` (ECPay developer documentation, page 9053). */
export async function createPayment(call: Call): Promise<Response> {
  const { world } = call;
  const opened = openRequest(call.body, call.contentType, world);
  if ('response' in opened) return opened.response;
  const token = world.tokens.findPay(String(opened.data.PayToken));
  const fault = findPaymentFault(opened, token, world);
  // A card that the bank refuses uses the PayToken up, but not the MerchantTradeNo.
  if (token && (!fault || fault.code === codes.cardRefused)) world.tokens.putPay({ ...token, isUsed: true });
  if (fault || !token) {
    return answerSealed(refusal(fault ?? tokenFault('is unknown'), opened), opened.account, world.now());
  }
  const order = world.ledger.put(makeOrder(token, call));
  return answerSealed(await goOn(order, token, call), opened.account, world.now());
}
