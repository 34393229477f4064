import { PayCoreError } from '../../core/errors.ts';
import { minorToMajor } from '../../core/money.ts';
import { formatTaipei, MINUTE, SECOND } from '../../core/time.ts';
import {
  type GatewayContext,
  GatewayForbidden,
  GatewayGarbage,
  GatewayRefusal,
  type RefundInput,
  type RefundResult,
} from '../gateway.ts';
import { GatewayCallError } from '../http.ts';
import { type ActionAnswer, type CardAction, doAction } from './do-action.ts';
import { textOf } from './envelope.ts';
import { askTrade } from './query.ts';

/**
 * Paying back a card. What has been collected, or is going to be, is paid back (R). The whole of an order that is not
 * collected yet is not: its collection is taken back (E) and the card let go of (N); one that is only authorised is let
 * go of at once. ECPay refuses what does not fit the order's state, and a state that is asked for may have changed a
 * moment later, so the three are tried in this order. Source: ECPay developer documentation, page 2885.
 */
export async function refundCard(input: RefundInput, ctx: GatewayContext): Promise<RefundResult> {
  refuseStage(input, ctx);
  refuseAtClosing(ctx);
  const tradeNo = await findTradeNo(input, ctx);
  const act = (action: CardAction) => doAction({ action, input, tradeNo, timeoutMs: TIMEOUTS[action] }, ctx);
  const paidBack = await act('R');
  if (paidBack.isDone) return succeeded(paidBack);
  if (input.amount !== input.payment.amount) throw refusalOf(paidBack);
  const takenBack = await act('E');
  const letGo = takenBack.isDone ? await finish(() => act('N')) : await act('N');
  // What stood in the way of the first, e.g. too little money in the merchant's account, is what he needs to hear.
  if (!letGo.isDone) throw refusalOf(paidBack);
  return succeeded(letGo);
}

/** All of them together end before the call counts as over (CALL_LIMIT in core/lifecycle/schedule.ts). */
const QUERY_TIMEOUT = 10 * SECOND;
const TIMEOUTS: Readonly<Record<CardAction, number>> = { R: 18 * SECOND, E: 10 * SECOND, N: 10 * SECOND };

/** ECPay gives a refund no number of its own. */
function succeeded({ message }: ActionAnswer): RefundResult {
  return { status: 'succeeded', gatewayRefundNo: null, ...(message === '' ? {} : { message }) };
}

function refusalOf({ code, message }: ActionAnswer): GatewayRefusal {
  return new GatewayRefusal('REFUND_REFUSED', code, message);
}

/** The collection is taken back already: whatever goes wrong now, the order is no longer what it was. */
async function finish(letGo: () => Promise<ActionAnswer>): Promise<ActionAnswer> {
  let reason: string;
  try {
    const answer = await letGo();
    if (answer.isDone) return answer;
    reason = `${answer.code} ${answer.message}`;
  } catch (error) {
    reason = error instanceof Error ? error.message : '';
  }
  throw new GatewayGarbage(`ECPay will not collect the amount any more, but has not let go of the card: ${reason}`);
}

/** The real stage environment authorises nothing and has no such call; what stands in for it may have one. */
function refuseStage({ method, payment }: RefundInput, ctx: GatewayContext): void {
  const origin = ctx.originOf(method.mode === 'aio' ? 'payment' : 'ecpayment', payment.environment);
  if (!origin.endsWith('-stage.ecpay.com.tw')) return;
  throw new GatewayRefusal('REFUND_NOT_SUPPORTED', '', 'ECPay’s stage environment pays nothing back.');
}

/** While ECPay closes the day it wants no such calls (page 2885). Taipei time. */
const CLOSING = { from: '20:15:00', to: '20:30:00' } as const;

function refuseAtClosing({ now }: GatewayContext): void {
  const time = formatTaipei(now).slice(11);
  if (time < CLOSING.from || time >= CLOSING.to) return;
  throw new PayCoreError('GATEWAY_RESTING', {
    message: 'ECPay closes the day from 20:15 to 20:30 Taipei time and pays nothing back meanwhile. Ask again then.',
    details: { retry_after: (15 * MINUTE) / SECOND },
  });
}

/** PaymentType of what was paid by card (page 5686; in-site payments write it without underscores). */
const CARD = /^(Credit|Flexible_?Installment|ApplePay|UnionPay)/;

/** ECPay's number of the money. Whatever is thrown here, nothing has been asked back yet. */
async function findTradeNo(input: RefundInput, ctx: GatewayContext): Promise<string> {
  const { secrets, gatewayOrderNo, payment, method } = input;
  const { environment, amount, currency } = payment;
  const question = { secrets, gatewayOrderNo, environment, timeoutMs: QUERY_TIMEOUT };
  const trade = await askTrade(method.mode, question, ctx).catch((error) => {
    throw error instanceof GatewayForbidden ? error : nothingSent(error);
  });
  const tradeNo = input.tradeNo ?? textOf(trade?.TradeNo);
  const status = textOf(trade?.TradeStatus);
  if (!trade || status !== '1' || tradeNo === '') {
    throw new GatewayRefusal('REFUND_REFUSED', status, 'ECPay does not show this order as paid.');
  }
  if (Number(textOf(trade.TradeAmt)) !== minorToMajor(amount, currency)) {
    throw new GatewayRefusal('REFUND_REFUSED', status, 'ECPay shows this order with another amount.');
  }
  const channel = textOf(trade.PaymentType);
  if (channel === '' || CARD.test(channel)) return tradeNo;
  throw new GatewayRefusal('REFUND_NOT_SUPPORTED', channel, 'ECPay pays back cards only, and this was paid otherwise.');
}

function nothingSent(error: unknown): GatewayCallError {
  const reason = error instanceof Error ? error.message : '';
  const elapsedMs = error instanceof GatewayCallError ? error.elapsedMs : 0;
  return new GatewayCallError('not_sent', `ECPay could not be asked how the order was paid: ${reason}`, { elapsedMs });
}
