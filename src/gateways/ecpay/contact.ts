import { BUYER_FIELDS, type BuyerField } from '../../core/payer.ts';
import type { Order } from '../../core/payment.ts';

/** How ECPay may reach the payer of an in-site payment; of what it would refuse, nothing (page 9040). */
export interface Contact {
  readonly Email?: string;
  readonly Phone?: string;
}

export const MAX_EMAIL = 100;
const PHONE = /^\+?[\d-]{6,20}$/;

export function readContact({ buyerEmail, buyerMobile, buyerPhone }: Order): Contact {
  const phone = [buyerMobile, buyerPhone]
    .map((text = '') => text.replace(/[\s().]/g, ''))
    .find((one) => PHONE.test(one));
  return {
    ...(buyerEmail === undefined || buyerEmail.length > MAX_EMAIL ? {} : { Email: buyerEmail }),
    ...(phone === undefined ? {} : { Phone: phone }),
  };
}

/** Whether ECPay takes this for a way to reach the payer. */
export function canReach(field: BuyerField, text: string): boolean {
  return Object.keys(readContact({ [BUYER_FIELDS[field]]: text })).length > 0;
}
