import {
  type GatewayContext,
  GatewayGarbage,
  type GatewayRefund,
  GatewayRefusal,
  type RefundInput,
  type RefundResult,
} from '../gateway.ts';
import { GatewayCallError } from '../http.ts';
import { callPaypal, isDone, refusalOf } from './client.ts';
import { errors } from './errors.ts';
import { type Fields, objectOf, textOf } from './json.ts';
import { readPaypalMoney, toPaypalMoney } from './money.ts';
import { ORDER_ID, readOrder } from './order.ts';
import { cutText } from './text.ts';

const QUERY_TIMEOUT_MS = 15_000;
const TIMEOUT_MS = 30_000;
const MAX_NOTE = 255;

const STATUSES: Readonly<Record<string, RefundResult['status']>> = {
  COMPLETED: 'succeeded',
  PENDING: 'pending',
  CANCELLED: 'failed',
  FAILED: 'failed',
};

/** Pays a capture back, whole or in part (PayPal Payments v2, refund captured payment). */
export async function refundPayment(input: RefundInput, ctx: GatewayContext): Promise<RefundResult> {
  const { payment, secrets } = input;
  const id = await findCapture(input, ctx).catch(denySending);
  const answer = await callPaypal(
    {
      environment: payment.environment,
      secrets,
      path: `/v2/payments/captures/${id}/refund`,
      body: JSON.stringify(buildRefund(input)),
      requestId: input.refundNo,
      timeoutMs: TIMEOUT_MS,
    },
    ctx,
  );
  if (!isDone(answer)) throw refusalOf(answer);
  return readRefund(answer.body, input);
}

/** The capture's number is in the order alone. Whatever fails here, nothing has been paid back yet. */
async function findCapture({ payment, secrets, tradeNo }: RefundInput, ctx: GatewayContext): Promise<string> {
  if (tradeNo === null || !ORDER_ID.test(tradeNo)) throw refuseUncaptured();
  const { environment } = payment;
  const path = `/v2/checkout/orders/${tradeNo}`;
  const answer = await callPaypal({ environment, secrets, path, timeoutMs: QUERY_TIMEOUT_MS }, ctx);
  if (!isDone(answer)) throw refusalOf(answer);
  const id = textOf(readOrder(answer.body, payment, tradeNo).capture?.id);
  if (!ORDER_ID.test(id)) throw refuseUncaptured();
  return id;
}

/** A question that was not answered has moved no money, so the refund certainly was not made. */
function denySending(error: unknown): never {
  if (error instanceof GatewayRefusal) throw error;
  const reason = error instanceof Error ? error.message : '';
  const elapsedMs = error instanceof GatewayCallError ? error.elapsedMs : 0;
  throw new GatewayCallError('not_sent', `PayPal could not be asked about the order: ${reason}`, { elapsedMs });
}

function refuseUncaptured(): GatewayRefusal {
  return new GatewayRefusal(errors.PAYPAL_REQUEST_REJECTED, 'NOT_CAPTURED', 'PayPal shows no capture of this order.');
}

function buildRefund({ payment, amount, reason, refundNo }: RefundInput): Fields {
  const note = cutText(reason ?? '', MAX_NOTE);
  return {
    amount: toPaypalMoney(amount, payment.currency),
    // PayPal's event about the refund names nothing else that is ours,
    custom_id: payment.paymentNo,
    // and by this the refund is found again when the answer is lost.
    invoice_id: refundNo,
    ...(note === '' ? {} : { note_to_payer: note }),
  };
}

function readRefund(body: Fields, { payment, amount }: RefundInput): RefundResult {
  const { gatewayRefundNo, status } = readState(body);
  const money = body.amount === undefined ? null : readPaypalMoney(body.amount);
  if (body.amount !== undefined && (money?.amount !== amount || money.currency !== payment.currency)) {
    throw new GatewayGarbage('PayPal’s refund is about another amount');
  }
  const reason = textOf(objectOf(body.status_details).reason);
  return { status, gatewayRefundNo, ...(reason === '' ? {} : { message: reason }) };
}

/** Number and status of a refund as PayPal shows it anywhere. */
export function readState(refund: Fields): Pick<GatewayRefund, 'gatewayRefundNo' | 'status'> {
  const gatewayRefundNo = textOf(refund.id);
  const word = textOf(refund.status);
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  if (!ORDER_ID.test(gatewayRefundNo) || !status) throw new GatewayGarbage('PayPal’s answer is not a refund');
  return { gatewayRefundNo, status };
}
