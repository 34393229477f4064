import { exponentOf, fromMinorUnits } from '../core/money.ts';
import type { Method } from './method.ts';

/**
 * What money a method takes: all that is offered, created, entered and paid back is measured by this one table of its
 * currencies, their decimals and its limits.
 */
type Table = Pick<Method, 'currencies' | 'unit' | 'decimals'>;

export function takesCurrency({ currencies }: Pick<Method, 'currencies'>, currency: string): boolean {
  return currencies.includes(currency);
}

/** Digits behind the point of an amount in whole units. */
export function decimalsOf({ decimals }: Pick<Method, 'decimals'>, currency: string): number {
  return decimals?.[currency] ?? exponentOf(currency);
}

/** Amounts are given in whole units and may have decimals ("10.99"). */
export function takesDecimals(method: Table): boolean {
  return method.unit === 'major' && method.currencies.some((currency) => decimalsOf(method, currency) > 0);
}

/** Minor units (ISO 4217) without more decimals than the method takes. */
export function isFineEnough(minor: number, currency: string, method: Pick<Method, 'decimals'>): boolean {
  return minor % 10 ** (exponentOf(currency) - decimalsOf(method, currency)) === 0;
}

/**
 * The gateway would take this amount from anybody. What is too little is known for some currencies only: it may be asked
 * for, and the gateway has the last word, but no payer is offered it.
 */
export function mayTake(minor: number, currency: string, method: Table & Pick<Method, 'least'>): boolean {
  const least = method.least?.[currency] ?? 0;
  const isEnough = fromMinorUnits(minor, currency, method.unit) >= least;
  return takesCurrency(method, currency) && isFineEnough(minor, currency, method) && isEnough;
}
