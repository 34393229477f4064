import type { Attempt } from '../../core/attempt.ts';
import type { Payment } from '../../core/payment.ts';
import { formatTaipei } from '../../core/time.ts';
import { describeAccount, describeBarcodePage, describeBarcodes } from '../number-info.ts';

/** ECPay's page that explains paying at a store. */
export const GUIDE = 'https://www.ecpay.com.tw/introcvs';

/** `payment_info` as the API catalogue lists it: flat for ATM and store code, nested for barcodes. */
export function describeInfo(_payment: Payment, attempt: Attempt, pageUrl: string): Readonly<Record<string, unknown>> {
  const { instructions } = attempt;
  // The payer can be given the page before he has taken the numbers at the cashier.
  if (!instructions) return attempt.method === 'barcode' ? { ecpay: describeBarcodePage(pageUrl, GUIDE) } : {};
  const expireAt = formatTaipei(Date.parse(instructions.expireAt));
  switch (instructions.type) {
    case 'atm':
      return { ...describeAccount(instructions), expire_at: expireAt };
    case 'cvs':
      return {
        payment_code: instructions.paymentCode,
        payment_code_url: instructions.paymentCodeUrl ?? null,
        expire_at: expireAt,
      };
    case 'barcode':
      return { ecpay: { ...describeBarcodes(instructions.barcodes, pageUrl, GUIDE), expire_at: expireAt } };
    default:
      return {};
  }
}
