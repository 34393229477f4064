import type { Attempt } from '../../core/attempt.ts';
import type { Payment } from '../../core/payment.ts';
import { formatTaipei, formatTaipeiSlashed } from '../../core/time.ts';
import { describeAccount, describeBarcodes } from '../number-info.ts';

/** SmilePay’s guide for payers; it has no page about store codes alone. */
export const GUIDE = 'https://www.smilepay.net/es/index_gz_index.asp';

/** What SmilePay calls things. */
export const OWN_NAMES = {
  SmilePayNO: 'SmilePay’s number of the order, as in `gateway_trade_no`.',
  PayEndDate: 'Last moment to pay, Taipei time, as SmilePay writes it.',
  AtmBankNo: 'SmilePay’s name of `bank_code`.',
  AtmNo: 'SmilePay’s name of `virtual_account`.',
} as const;

/** `payment_info` as the API catalogue lists it: flat for ATM and store code, nested for barcodes, SmilePay’s names beside ours. */
export function describeInfo(_payment: Payment, attempt: Attempt, pageUrl: string): Readonly<Record<string, unknown>> {
  const { instructions, gatewayTradeNo } = attempt;
  if (!instructions) return {};
  const end = Date.parse(instructions.expireAt);
  const expireAt = formatTaipei(end);
  const common = { SmilePayNO: gatewayTradeNo, PayEndDate: formatTaipeiSlashed(end) };
  switch (instructions.type) {
    case 'atm':
      return {
        ...describeAccount(instructions),
        expire_at: expireAt,
        ...common,
        AtmBankNo: instructions.bankCode ?? null,
        AtmNo: instructions.virtualAccount,
      };
    case 'cvs':
      return { payment_code: instructions.paymentCode, payment_code_url: null, expire_at: expireAt, ...common };
    case 'barcode':
      return {
        smilepay: { ...describeBarcodes(instructions.barcodes, pageUrl, GUIDE), expire_at: expireAt, ...common },
      };
    default:
      return {};
  }
}
