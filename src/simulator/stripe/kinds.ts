/** How a payer goes on after a confirmation. */
export type Way = 'card' | 'redirect' | 'qr';

/** A payment method type this stand-in knows. */
export interface Kind {
  readonly title: string;
  readonly way: Way;
  /** Null: every currency. */
  readonly currencies: readonly string[] | null;
  /** The `type` of next_action, which is also the name of its object. */
  readonly action: string;
}

const split = (codes: string): readonly string[] => codes.split(' ');

/** In the order Stripe offers them. Currencies: Stripe documentation, the page of each payment method. */
export const kinds = {
  card: { title: 'Card', way: 'card', currencies: null, action: 'redirect_to_url' },
  alipay: {
    title: 'Alipay',
    way: 'redirect',
    currencies: split('aud cad cny eur gbp hkd jpy nzd sgd usd myr'),
    action: 'alipay_handle_redirect',
  },
  wechat_pay: {
    title: 'WeChat Pay',
    way: 'qr',
    currencies: split('aud cad cny eur gbp hkd jpy sgd usd dkk nok sek chf'),
    action: 'wechat_pay_display_qr_code',
  },
  grabpay: { title: 'GrabPay', way: 'redirect', currencies: split('sgd myr'), action: 'redirect_to_url' },
  paynow: { title: 'PayNow', way: 'qr', currencies: ['sgd'], action: 'paynow_display_qr_code' },
  promptpay: { title: 'PromptPay', way: 'qr', currencies: ['thb'], action: 'promptpay_display_qr_code' },
  fpx: { title: 'FPX', way: 'redirect', currencies: ['myr'], action: 'redirect_to_url' },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as readonly KindName[];

export function isKind(name: string): name is KindName {
  return Object.hasOwn(kinds, name);
}

export function kindOf(name: KindName): Kind {
  return kinds[name];
}

export function takesCurrency(name: KindName, currency: string): boolean {
  return kindOf(name).currencies?.includes(currency) ?? true;
}

/** Stripe API reference, PaymentMethods, fpx.bank. */
export const fpxBanks = split(
  'affin_bank agrobank alliance_bank ambank bank_islam bank_muamalat bank_of_china bank_rakyat bnp_paribas bsn cimb ' +
    'citibank deutsche_bank hong_leong_bank hsbc kfh maybank2e maybank2u mbsb_bank ocbc pb_enterprise public_bank rhb ' +
    'standard_chartered uob',
);
