import type { Attempt } from '../../core/attempt.ts';
import { nameBank } from '../../core/banks.ts';
import type { Payment } from '../../core/payment.ts';
import { formatTaipei, formatTaipeiSlashed } from '../../core/time.ts';

/** SmilePay’s guide for payers; it has no page about store codes alone. */
export const GUIDE = 'https://www.smilepay.net/es/index_gz_index.asp';

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
        bank_code: instructions.bankCode ?? null,
        bank_name: nameBank(instructions.bankCode ?? ''),
        virtual_account: instructions.virtualAccount,
        expire_at: expireAt,
        ...common,
        AtmBankNo: instructions.bankCode ?? null,
        AtmNo: instructions.virtualAccount,
      };
    case 'cvs':
      return { payment_code: instructions.paymentCode, payment_code_url: null, expire_at: expireAt, ...common };
    case 'barcode':
      return {
        smilepay: {
          selected_payment_method: 'barcode',
          barcode1: instructions.barcodes[0],
          barcode2: instructions.barcodes[1],
          barcode3: instructions.barcodes[2],
          barcode_user_copy_url: pageUrl,
          barcode_segments_copyable: false,
          barcode_user_action: 'copy_payment_page_url_and_scan_rendered_barcodes',
          barcode_intro_url: GUIDE,
          expire_at: expireAt,
          ...common,
        },
      };
    default:
      return {};
  }
}
