import { DAY } from '../../core/time.ts';

/**
 * `expire_days` in the unit of each kind of number, with ECPay's maximum.
 * Source: ECPay developer documentation, pages 2872 (ATM), 2874 (CVS), 2876 (barcode).
 */
export const EXPIRY = {
  atm: { unit: 'days', max: 60, default: 3 },
  cvs: { unit: 'minutes', max: 43_200, default: 10_080 },
  barcode: { unit: 'days', max: 30, default: 7 },
} as const;

export type NumberKind = keyof typeof EXPIRY;

export const NUMBER_KINDS = Object.keys(EXPIRY) as readonly NumberKind[];

const MINUTES_A_DAY = 1440;

/** Days of the request to what ECPay is sent. */
export function convertExpireDays(kind: NumberKind, days: number): number {
  const { unit, max } = EXPIRY[kind];
  return Math.min(unit === 'minutes' ? days * MINUTES_A_DAY : days, max);
}

/** How long a number of this kind lives when nobody says. */
export function defaultLifetime(kind: NumberKind): number {
  const { unit, default: amount } = EXPIRY[kind];
  return unit === 'minutes' ? (amount / MINUTES_A_DAY) * DAY : amount * DAY;
}

export function isNumberKind(method: string): method is NumberKind {
  return Object.hasOwn(EXPIRY, method);
}
