import type { Attempt } from '../../core/attempt.ts';
import type { Payment } from '../../core/payment.ts';
import { formatTaipei } from '../../core/time.ts';
import { describeAccount } from '../number-info.ts';

/** `payment_info`: PLUS's own names for account and order beside those that all accounts share. */
export function describeInfo(_payment: Payment, attempt: Attempt): Readonly<Record<string, unknown>> {
  const { instructions } = attempt;
  if (instructions?.type !== 'atm') return {};
  const { virtualAccount, payUrl, expireAt } = instructions;
  return {
    account_code: virtualAccount,
    plat_no: attempt.gatewayTradeNo,
    ...describeAccount(instructions),
    expire_at: formatTaipei(Date.parse(expireAt)),
    ...(payUrl === undefined ? {} : { pay_url: payUrl }),
  };
}
