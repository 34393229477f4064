import type { Attempt } from '../../core/attempt.ts';
import { nameBank } from '../../core/banks.ts';
import type { Payment } from '../../core/payment.ts';
import { formatTaipei } from '../../core/time.ts';

/** `payment_info`: PLUS's own names for account and order beside those that all accounts share. */
export function describeInfo(_payment: Payment, attempt: Attempt): Readonly<Record<string, unknown>> {
  const { instructions } = attempt;
  if (instructions?.type !== 'atm') return {};
  const { bankCode, virtualAccount, payUrl, expireAt } = instructions;
  return {
    account_code: virtualAccount,
    plat_no: attempt.gatewayTradeNo,
    bank_code: bankCode ?? null,
    bank_name: nameBank(bankCode ?? ''),
    virtual_account: virtualAccount,
    expire_at: formatTaipei(Date.parse(expireAt)),
    ...(payUrl === undefined ? {} : { pay_url: payUrl }),
  };
}
