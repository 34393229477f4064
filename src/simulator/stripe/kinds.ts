interface Kind {
  readonly title: string;
  /** How a payer goes on after a confirmation. */
  readonly way: 'card' | 'redirect' | 'qr';
  /** Null: every currency. */
  readonly currencies: string | null;
}

/** Payment methods in the order Stripe offers them. Currencies: Stripe documentation, the page of each. */
const kinds = {
  card: { title: 'Card', way: 'card', currencies: null },
  alipay: { title: 'Alipay', way: 'redirect', currencies: 'aud cad cny eur gbp hkd jpy nzd sgd usd myr' },
  wechat_pay: { title: 'WeChat Pay', way: 'qr', currencies: 'aud cad cny eur gbp hkd jpy sgd usd dkk nok sek chf' },
  grabpay: { title: 'GrabPay', way: 'redirect', currencies: 'sgd myr' },
  paynow: { title: 'PayNow', way: 'qr', currencies: 'sgd' },
  promptpay: { title: 'PromptPay', way: 'qr', currencies: 'thb' },
  fpx: { title: 'FPX', way: 'redirect', currencies: 'myr' },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as readonly KindName[];
export const isKind = (name: string): name is KindName => Object.hasOwn(kinds, name);
export const kindOf = (name: KindName): Kind => kinds[name];

/** The `type` of next_action, which is also the name of its object. */
export function actionOf(name: KindName): string {
  if (kinds[name].way === 'qr') return `${name}_display_qr_code`;
  return name === 'alipay' ? 'alipay_handle_redirect' : 'redirect_to_url';
}

export const takesCurrency = (name: KindName, currency: string): boolean =>
  kindOf(name).currencies?.split(' ').includes(currency) ?? true;

/** Stripe API reference, PaymentMethods, fpx.bank. */
export const fpxBanks = (
  'affin_bank agrobank alliance_bank ambank bank_islam bank_muamalat bank_of_china bank_rakyat bnp_paribas bsn cimb ' +
  'citibank deutsche_bank hong_leong_bank hsbc kfh maybank2e maybank2u mbsb_bank ocbc pb_enterprise public_bank rhb ' +
  'standard_chartered uob'
).split(' ');
