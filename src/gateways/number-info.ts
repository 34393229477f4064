import type { Instructions } from '../core/attempt.ts';
import { nameBank } from '../core/banks.ts';
import type { Method } from './method.ts';

/** Parts of `payment_info` that are the same whoever issues the number. */

type Given<Type extends Instructions['type']> = Extract<Instructions, { readonly type: Type }>;

export function describeAccount({ bankCode, virtualAccount }: Pick<Given<'atm'>, 'bankCode' | 'virtualAccount'>) {
  return { bank_code: bankCode ?? null, bank_name: nameBank(bankCode ?? ''), virtual_account: virtualAccount };
}

export function describeBarcodes([one, two, three]: Given<'barcode'>['barcodes'], pageUrl: string, guideUrl: string) {
  return { ...describeBarcodePage(pageUrl, guideUrl), barcode1: one, barcode2: two, barcode3: three };
}

/** Barcodes are never handed over as numbers: the store scans the page at `pageUrl`, where they are once there are any. */
export function describeBarcodePage(pageUrl: string, guideUrl: string) {
  return {
    selected_payment_method: 'barcode',
    barcode_user_copy_url: pageUrl,
    barcode_segments_copyable: false,
    barcode_user_action: 'copy_payment_page_url_and_scan_rendered_barcodes',
    barcode_intro_url: guideUrl,
  };
}

/** What an integrator has to know of barcodes. */
export const BARCODE_NOTE = 'Give the payer the page’s address, never the three numbers: the store scans the page.';
export const ISSUED_NOTE = 'A number that was issued is not yet paid: the payment is `pending` until the money comes.';

/** The guide of another gateway would send the payer to the wrong machine. */
export function tellGuide(gateway: string, what: 'store codes' | 'barcodes'): string {
  return `The payment page links to ${gateway}’s own guide to ${what}, and to no other gateway’s.`;
}

/** Whole Taiwan dollars, and nothing else. */
export const WHOLE_TWD = {
  currencies: ['TWD'],
  unit: 'major',
  decimals: { TWD: 0 },
} as const satisfies Partial<Method>;

/** How a number is taken that the gateway issues at once, for a bank in Taiwan or a store. */
export const NUMBER_METHOD = {
  mode: 'background',
  ...WHOLE_TWD,
  callsGateway: true,
  mayChooseAgain: false,
} as const satisfies Partial<Method>;

/** The page's address in examples. */
export const EXAMPLE_PAGE = 'https://pay.example/zh-tw/pay/PAY202606220001ABCDEFGH?token=…';
