/** What SmilePay’s callbacks are refused with. */
export const TEXTS = {
  unreadable: 'SmilePay callback cannot be read.',
  unknown: 'SmilePay transaction not found.',
  merchant: 'SmilePay Dcvc mismatch.',
  validation: 'SmilePay validation token mismatch.',
  mid: 'SmilePay Mid_smilepay mismatch.',
  amount: 'SmilePay amount mismatch.',
  unconfirmed: 'SmilePay callback not confirmed.',
} as const;
