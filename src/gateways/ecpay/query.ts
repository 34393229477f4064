import type { Fact } from '../../core/attempt.ts';
import { formatInstant } from '../../core/time.ts';
import {
  type GatewayContext,
  GatewayForbidden,
  GatewayGarbage,
  GatewayRefusal,
  type QueryInput,
  type QueryResult,
} from '../gateway.ts';
import { callEnvelope, objectOf, textOf } from './envelope.ts';
import { readIssued, readIssuedParts, readPaid } from './facts.ts';
import { parseRawForm } from './rawform.ts';
import { checkSignature, signFields } from './signature.ts';

/**
 * Asking ECPay what became of a number. AIO orders answer signed text, background and in-site orders sealed JSON.
 * Sources: ECPay developer documentation, pages 2890 (QueryTradeInfo), 5615 (QueryPaymentInfo), 28020 and 28025.
 */
const TIMEOUT_MS = 15_000;
/** Answered for every order there is or is not. */
export const TRADE_QUERY = '/Cashier/QueryTradeInfo/V5';
type Fields = Readonly<Record<string, unknown>>;

export function queryOrder(input: QueryInput, ctx: GatewayContext): Promise<QueryResult> {
  return input.method.mode === 'aio' ? queryAio(input, ctx) : querySealed(input, ctx);
}

/** TradeStatus of an AIO order; everything else leaves the order unpaid. */
const PAID = '1';
const NOT_FOUND = '10200047';

async function queryAio(input: QueryInput, ctx: GatewayContext): Promise<QueryResult> {
  const trade = await askAio(TRADE_QUERY, input, ctx);
  const status = trade.TradeStatus ?? '';
  if (!/^\d+$/.test(status)) throw new GatewayGarbage('ECPay’s answer has no TradeStatus');
  if (status === NOT_FOUND) return { type: 'not_found' };
  if (status === PAID) return { type: 'facts', facts: [readPaid(trade, false, trade)] };
  // Cards have no number; where one may have been taken, its callback may have been lost.
  const isKnown = input.hasInstructions && !input.lacksCodeUrl;
  if (isKnown || input.method.method === 'credit') return { type: 'facts', facts: [] };
  const number = await askAio('/Cashier/QueryPaymentInfo', input, ctx);
  const issued = readIssued(number, input.method.method);
  const isNews = !input.hasInstructions || namesCodeUrl(issued);
  return { type: 'facts', facts: issued && isNews ? [issued] : [] };
}

/** Of a number that the callback has told already, only ECPay's page about it is news: that is in this answer alone. */
function namesCodeUrl(fact: Fact | null): boolean {
  if (fact?.type !== 'instructions') return false;
  return fact.instructions.type === 'cvs' && fact.instructions.paymentCodeUrl !== undefined;
}

/** Which order a question is about; one on the way to something else has less time. */
export type Question = Pick<QueryInput, 'secrets' | 'gatewayOrderNo' | 'environment'> & { readonly timeoutMs?: number };

/**
 * What ECPay knows about the money of an order (TradeStatus, TradeNo, TradeAmt, PaymentType), named alike in both of its
 * services. Null when it does not know the order.
 */
export async function askTrade(mode: string, question: Question, ctx: GatewayContext): Promise<Fields | null> {
  if (mode !== 'aio') {
    const data = await askSealed(SEALED_TRADE_QUERY, question, ctx);
    return data && objectOf(data.OrderInfo);
  }
  const trade = await askAio(TRADE_QUERY, question, ctx);
  return trade.TradeStatus === NOT_FOUND ? null : trade;
}

async function askAio(path: string, input: Question, ctx: GatewayContext): Promise<Readonly<Record<string, string>>> {
  const { secrets } = input;
  const answer = parseRawForm(await sendQuery(path, input, ctx));
  if (!answer) throw new GatewayGarbage('ECPay’s answer to a query cannot be read');
  if (!checkSignature(answer, secrets)) throw new GatewayGarbage('the CheckMacValue of ECPay’s answer is wrong');
  requireOurs(answer.MerchantID, answer.MerchantTradeNo, input);
  return answer;
}

/** Resolves with the bytes of the answer, which is not believed yet. */
export async function sendQuery(
  path: string,
  { secrets, gatewayOrderNo, environment, timeoutMs = TIMEOUT_MS }: Question,
  ctx: GatewayContext,
): Promise<Uint8Array> {
  const fields: Record<string, string> = {
    MerchantID: secrets.merchant_id ?? '',
    MerchantTradeNo: gatewayOrderNo,
    // Valid for three minutes only, so it is made for every call.
    TimeStamp: String(Math.floor(ctx.now / 1000)),
    ...(secrets.platform_id ? { PlatformID: secrets.platform_id } : {}),
  };
  const response = await ctx.http.post(`${ctx.originOf('payment', environment)}${path}`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, CheckMacValue: signFields(fields, secrets) }).toString(),
    timeoutMs,
  });
  if (response.status === 403) throw new GatewayForbidden('ECPay answers 403: too many queries');
  if (response.status !== 200) throw new GatewayGarbage(`ECPay answered HTTP ${response.status}, expected 200`);
  return response.body;
}

const SEALED_NOT_FOUND = '10000185';
const SEALED_TRADE_QUERY = '/1.0.0/Cashier/QueryTrade';

async function querySealed(input: QueryInput, ctx: GatewayContext): Promise<QueryResult> {
  // The number view names the number, the trade view the payer; both say whether it is paid.
  const path = input.hasInstructions ? SEALED_TRADE_QUERY : '/1.0.0/Cashier/QueryPaymentInfo';
  const first = await askSealed(path, input, ctx);
  if (first) return { type: 'facts', facts: readSealed(first, input) };
  if (input.hasInstructions || input.method.mode !== 'ecpg') return { type: 'not_found' };
  // A card order has no number and is known to the trade view only.
  const trade = await askSealed(SEALED_TRADE_QUERY, input, ctx);
  return trade ? { type: 'facts', facts: readSealed(trade, input) } : { type: 'not_found' };
}

/** Null when ECPay does not know the order. */
async function askSealed(path: string, input: Question, ctx: GatewayContext): Promise<Fields | null> {
  const { secrets, environment, timeoutMs = TIMEOUT_MS } = input;
  let data: Fields;
  try {
    data = await callEnvelope(
      {
        service: 'ecpayment',
        path,
        environment,
        secrets,
        data: {
          ...(secrets.platform_id ? { PlatformID: secrets.platform_id } : {}),
          MerchantID: secrets.merchant_id,
          MerchantTradeNo: input.gatewayOrderNo,
        },
        timeoutMs,
        refusal: 'PAYMENT_GATEWAY_ERROR',
      },
      ctx,
    );
  } catch (error) {
    // A query that is not taken says nothing about the order.
    if (error instanceof GatewayRefusal)
      throw new GatewayGarbage(`ECPay did not take the query: ${error.gatewayCode} ${error.message}`);
    throw error;
  }
  const code = textOf(data.RtnCode);
  if (code === SEALED_NOT_FOUND || code === NOT_FOUND) return null;
  if (code !== '1')
    throw new GatewayGarbage(`ECPay answered the query with RtnCode ${code || 'missing'}: ${textOf(data.RtnMsg)}`);
  requireOurs(textOf(data.MerchantID), textOf(objectOf(data.OrderInfo).MerchantTradeNo), input);
  return data;
}

function requireOurs(merchantId: string | undefined, orderNo: string | undefined, input: Question): void {
  const ours = merchantId === input.secrets.merchant_id && orderNo === input.gatewayOrderNo;
  if (!ours) throw new GatewayGarbage('ECPay’s answer is about another order');
}

function readSealed(data: Fields, input: QueryInput): readonly Fact[] {
  const order = objectOf(data.OrderInfo);
  const issued = readIssuedParts(data, { method: input.method.method, fallback: formatInstant(input.deadline) });
  const paid = textOf(order.TradeStatus) === PAID;
  return [...(issued ? [issued] : []), ...(paid ? [readPaid(order, false, objectOf(data.CardInfo))] : [])];
}
