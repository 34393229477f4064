import type { Attempt } from '../../core/attempt.ts';
import { nameBank } from '../../core/banks.ts';
import type { Payment } from '../../core/payment.ts';
import { formatTaipei } from '../../core/time.ts';

/** `payment_info` as the API catalogue lists it: flat for ATM and store code, nested for barcodes. */
export function describeInfo(_payment: Payment, attempt: Attempt, pageUrl: string): Readonly<Record<string, unknown>> {
  const { instructions } = attempt;
  if (!instructions) return {};
  const expireAt = formatTaipei(Date.parse(instructions.expireAt));
  switch (instructions.type) {
    case 'atm':
      return {
        bank_code: instructions.bankCode ?? null,
        bank_name: nameBank(instructions.bankCode ?? ''),
        virtual_account: instructions.virtualAccount,
        expire_at: expireAt,
      };
    case 'cvs':
      return {
        payment_code: instructions.paymentCode,
        payment_code_url: instructions.paymentCodeUrl ?? null,
        expire_at: expireAt,
      };
    case 'barcode':
      return {
        ecpay: {
          selected_payment_method: 'barcode',
          barcode1: instructions.barcodes[0],
          barcode2: instructions.barcodes[1],
          barcode3: instructions.barcodes[2],
          barcode_user_copy_url: pageUrl,
          barcode_segments_copyable: false,
          barcode_user_action: 'copy_payment_page_url_and_scan_rendered_barcodes',
          barcode_intro_url: 'https://www.ecpay.com.tw/introcvs',
          expire_at: expireAt,
        },
      };
    default:
      return {};
  }
}
