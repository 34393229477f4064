import { type GatewayContext, GatewayGarbage, type GatewayRefund, type QueryInput } from '../gateway.ts';
import { askPaypal, isDone, readProblem } from './client.ts';
import { type Fields, listOf, objectOf, textOf } from './json.ts';
import { readPaypalMoney } from './money.ts';
import { ORDER_ID, readOrder } from './order.ts';
import { readState } from './refund.ts';

const TIMEOUT_MS = 15_000;

/** Every refund of an order's captures (PayPal Orders v2, show order details). Ours carry their number as invoice_id. */
export async function listRefunds(input: QueryInput, ctx: GatewayContext): Promise<readonly GatewayRefund[]> {
  const { environment, secrets, tradeNo, payment } = input;
  if (tradeNo === null || !ORDER_ID.test(tradeNo)) return [];
  const path = `/v2/checkout/orders/${tradeNo}`;
  const answer = await askPaypal({ environment, secrets, path, timeoutMs: TIMEOUT_MS }, ctx);
  if (!isDone(answer)) {
    const { code, message } = readProblem(answer);
    throw new GatewayGarbage(`PayPal did not tell the refunds: ${code} ${message}`);
  }
  const { unit } = readOrder(answer.body, payment, tradeNo);
  return listOf(objectOf(unit.payments).refunds).map((refund) => readRefund(refund, payment.currency));
}

function readRefund(refund: Fields, currency: string): GatewayRefund {
  const money = readPaypalMoney(refund.amount);
  if (!money || money.currency !== currency) throw new GatewayGarbage('PayPal’s list of refunds cannot be read');
  const refundNo = textOf(refund.invoice_id);
  return { ...readState(refund), refundNo: refundNo.startsWith('RF') ? refundNo : null, amount: money.amount };
}
