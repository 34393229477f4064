/** What payers know a way to pay as, whichever gateway takes it: each kind is one row where they choose. */
export const METHOD_KINDS = [
  'card',
  'atm',
  'cvs',
  'barcode',
  'paypal',
  'alipay',
  'wechat',
  'grabpay',
  'paynow',
  'promptpay',
  'fpx',
  /** A page or a form of the gateway that offers several ways. */
  'cashier',
  /** Known by its gateway only. */
  'online',
] as const;
export type MethodKind = (typeof METHOD_KINDS)[number];

/**
 * The one line under its name. `cash`: paid in a store, `cash_days`: and known to arrive some two days later; `scan`: a QR
 * code on our page; `card_form`, `bank_form`, `wallet_form`, `several_form`: filled in on our page; `card_page`, `page`, `several_page`: on
 * a page of the gateway.
 */
export type MethodHint =
  | 'transfer'
  | 'cash'
  | 'cash_days'
  | 'scan'
  | 'card_form'
  | 'bank_form'
  | 'wallet_form'
  | 'several_form'
  | 'card_page'
  | 'page'
  | 'several_page';
