import { formatTaipei, MINUTE_MS } from '../clock.ts';
import { ActionError, answerJson, parseForm } from '../http.ts';
import { limits } from '../options.ts';
import type { Call, World } from '../world.ts';
import { type Choice, choicesOf } from './choices.ts';
import { duplicateFault, type Fault, type FieldValues, findFault, flatten, textOf } from './fields.ts';
import { findTextFault, isOrderUsed } from './payment-code.ts';
import { noMethodFault, serveSealed } from './service.ts';
import { tokenCombos, tokenRules } from './service-fields.ts';

/** ECPay developer documentation, page 9040. */
const TOKEN_LIFE_MS = 10 * MINUTE_MS;
const TOKEN_BYTES = 24;
const APPLE_PAY = '7';

/** What GetTokenbyTrade was asked for. */
export interface TradeToken {
  readonly merchantId: string;
  readonly merchantTradeNo: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly expiresAt: number;
}

/** What the payer chose in the form on the shop's page. */
export interface PayToken {
  readonly trade: TradeToken;
  readonly choice: Choice;
  readonly isUsed: boolean;
}

const trades = (world: World) => world.shelves.open<TradeToken>('ecpay.trade-tokens', limits.tokens);
export const payTokens = (world: World) => world.shelves.open<PayToken>('ecpay.pay-tokens', limits.tokens);

function findTokenFault(values: FieldValues, world: World): Fault | null {
  const fault = findFault(tokenRules, tokenCombos, values, '') ?? findTextFault(values);
  if (fault) return fault;
  // A number may ask for token after token; only a payment that was made spends it.
  if (isOrderUsed(values, world)) return duplicateFault;
  const isOfferable = choicesOf(values).length > 0 || textOf(values, 'ChoosePaymentList') === APPLE_PAY;
  return isOfferable ? null : noMethodFault;
}

/** `POST /Merchant/GetTokenbyTrade` (ECPay developer documentation, page 9040). */
export const getToken = serveSealed(({ world, account, data, values }) => {
  const fault = findTokenFault(values, world);
  const common = { PlatformID: textOf(values, 'PlatformID'), MerchantID: account.merchantId };
  if (fault) return { RtnCode: Number(fault.code), RtnMsg: fault.message, ...common, Token: '', TokenExpireDate: '' };
  const Token = Buffer.from(world.random(TOKEN_BYTES)).toString('hex');
  const { expiresAt } = trades(world).put(Token, {
    merchantId: account.merchantId,
    merchantTradeNo: textOf(values, 'OrderInfo.MerchantTradeNo'),
    data,
    expiresAt: world.now() + TOKEN_LIFE_MS,
  });
  return { RtnCode: 1, RtnMsg: 'Success', ...common, Token, TokenExpireDate: formatTaipei(expiresAt) };
});

/** The form stands in a page of another origin, which sends no cookies and gets none. */
function answerOpen(value: unknown, status = 200): Response {
  const response = answerJson(value, status);
  response.headers.set('access-control-allow-origin', '*');
  return response;
}

/** ECPay documents 64 characters, while integrators got signed tokens of more than 200 with dots in them. */
function makePayToken(world: World): string {
  const part = (bytes: number) => Buffer.from(world.random(bytes)).toString('base64url');
  return [part(27), part(120), part(32)].join('.');
}

function givePayToken({ body, world }: Call): unknown {
  const form = Object.fromEntries(parseForm(body) ?? []);
  const trade = trades(world).get(form.Token ?? '');
  if (!trade) throw new ActionError(422, 'TOKEN_UNKNOWN', 'Token error 驗證碼錯誤');
  if (trade.expiresAt < world.now()) throw new ActionError(422, 'TOKEN_EXPIRED', 'Token expired 驗證碼已逾時');
  const choices = choicesOf(flatten(trade.data));
  if (form.Method === undefined) {
    return { MerchantTradeNo: trade.merchantTradeNo, Methods: choices.map(({ id, zh, en }) => ({ id, zh, en })) };
  }
  const choice = choices.find((one) => one.id === form.Method);
  if (!choice) throw new ActionError(422, 'METHOD_UNKNOWN', 'Choose a payment method 請選擇付款方式');
  const PayToken = makePayToken(world);
  payTokens(world).put(PayToken, { trade, choice, isUsed: false });
  return { PayToken, PaymentType: choice.paymentType };
}

/**
 * `POST /Merchant/SimulatorPayToken`, the simulator's own: with `Token` the ways to pay, with `Method` besides the
 * PayToken. ECPay's script asks ECPay's server the same in a way of its own.
 */
export function askPayToken(call: Call): Response {
  try {
    return answerOpen(givePayToken(call));
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return answerOpen({ error: { code: error.code, message: error.message } }, error.status);
  }
}
