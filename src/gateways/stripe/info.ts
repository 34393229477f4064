import type { Attempt } from '../../core/attempt.ts';
import type { Payment } from '../../core/payment.ts';
import { typeOf } from './methods.ts';

/** `payment_info`. The client secret is the payer's: whoever has it can pay with it and see what is paid. */
export function describeInfo(payment: Payment, attempt: Attempt): Readonly<Record<string, unknown>> {
  const { gatewayTradeNo, instructions } = attempt;
  return {
    stripe_payment_method: typeOf(payment.method),
    ...(gatewayTradeNo === null ? {} : { payment_intent: gatewayTradeNo }),
    ...(instructions?.type === 'qr' ? { qr_data: instructions.data } : {}),
  };
}
