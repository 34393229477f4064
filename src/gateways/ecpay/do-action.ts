import { minorToMajor } from '../../core/money.ts';
import { type GatewayContext, GatewayForbidden, GatewayGarbage, GatewayRefusal, type RefundInput } from '../gateway.ts';
import { callEnvelope, textOf } from './envelope.ts';
import { parseRawForm } from './rawform.ts';
import { checkSignature, signFields } from './signature.ts';

/**
 * ECPay's one call for what becomes of a card's money: R pays back, E takes back that the amount is to be collected, N
 * lets go of an authorisation. Sources: ECPay developer documentation, pages 2885 (AIO orders: a signed form) and 9242
 * (in-site payments: sealed JSON).
 */
export type CardAction = 'R' | 'E' | 'N';

/** What ECPay did with it. */
export interface ActionAnswer {
  readonly isDone: boolean;
  readonly code: string;
  readonly message: string;
}

export interface ActionCall {
  readonly action: CardAction;
  readonly input: RefundInput;
  readonly tradeNo: string;
  readonly timeoutMs: number;
}

/** Throws GatewayRefusal, GatewayForbidden, GatewayGarbage or GatewayCallError when there is no such answer. */
export function doAction(call: ActionCall, ctx: GatewayContext): Promise<ActionAnswer> {
  return call.input.method.mode === 'aio' ? postForm(call, ctx) : postSealed(call, ctx);
}

async function postForm(call: ActionCall, ctx: GatewayContext): Promise<ActionAnswer> {
  const { secrets, payment } = call.input;
  const { TotalAmount, ...rest } = describe(call);
  const fields: Record<string, string> = { ...rest, TotalAmount: String(TotalAmount) };
  const response = await ctx.http.post(`${ctx.originOf('payment', payment.environment)}/CreditDetail/DoAction`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, CheckMacValue: signFields(fields, secrets) }).toString(),
    timeoutMs: call.timeoutMs,
  });
  if (response.status === 403) throw new GatewayForbidden('ECPay answers 403: too many calls');
  if (response.status !== 200) throw new GatewayGarbage(`ECPay answered HTTP ${response.status}, expected 200`);
  const answer = parseRawForm(response.body);
  if (!answer) throw readPlain(response.body);
  // ECPay's own package asks for no signature here; where there is one, it has to be right.
  if (answer.CheckMacValue !== undefined && !checkSignature(answer, secrets)) {
    throw new GatewayGarbage('the CheckMacValue of ECPay’s answer is wrong');
  }
  return readAnswer(answer, call);
}

async function postSealed(call: ActionCall, ctx: GatewayContext): Promise<ActionAnswer> {
  const { secrets, payment } = call.input;
  const data = await callEnvelope(
    {
      service: 'ecpayment',
      path: '/1.0.0/Credit/DoAction',
      environment: payment.environment,
      secrets,
      data: describe(call),
      timeoutMs: call.timeoutMs,
      refusal: 'REFUND_REFUSED',
    },
    ctx,
  );
  return readAnswer(data, call);
}

function describe({ action, input, tradeNo }: ActionCall) {
  const { secrets, payment, gatewayOrderNo, amount } = input;
  return {
    ...(secrets.platform_id ? { PlatformID: secrets.platform_id } : {}),
    MerchantID: secrets.merchant_id ?? '',
    MerchantTradeNo: gatewayOrderNo,
    TradeNo: tradeNo,
    Action: action,
    TotalAmount: minorToMajor(amount, payment.currency),
  };
}

/** A request that ECPay does not take is answered `code|text`; `0|text` may be anything that went wrong there. */
function readPlain(body: Uint8Array): Error {
  const [, code = '', message = ''] = /^(\d{2,20})\|([^\n]*)/.exec(new TextDecoder().decode(body)) ?? [];
  return code === ''
    ? new GatewayGarbage('ECPay’s answer cannot be read')
    : new GatewayRefusal('REFUND_REFUSED', code, message);
}

function readAnswer(answer: Readonly<Record<string, unknown>>, { input, tradeNo }: ActionCall): ActionAnswer {
  const code = textOf(answer.RtnCode);
  const isDone = code === '1';
  const names = [
    [answer.MerchantID, input.secrets.merchant_id],
    [answer.MerchantTradeNo, input.gatewayOrderNo],
    [answer.TradeNo, tradeNo],
  ] as const;
  // A yes has to say to what; a no may leave out what it did not find.
  const isOurs = names.every(([given, ours]) => (textOf(given) === '' && !isDone) || textOf(given) === ours);
  if (!/^-?\d{1,20}$/.test(code)) throw new GatewayGarbage('ECPay’s answer has no RtnCode');
  if (!isOurs) throw new GatewayGarbage('ECPay’s answer is about another order');
  return { isDone, code, message: textOf(answer.RtnMsg) };
}
