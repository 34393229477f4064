import { isTaipeiTime } from '../clock.ts';
import type { ComboRule } from './fields.ts';
import { codes } from './fields.ts';

export const alnum = /^[A-Za-z0-9]+$/;
export const wholeNumber = /^(?:0|[1-9]\d*)$/;
export const positiveNumber = /^[1-9]\d*$/;

/**
 * An address as ECPay takes it: no shell marks, and neither `%26` nor `%3C`, which have to be decoded before sending
 * (ECPay developer docs p=2862). ECPay's own sample starts with a space, so that is let through.
 */
export const address = /^(?!.*%(?:26|3c)) *https?:\/\/[^\s"'<>\\;|`]+$/i;

/** Letters of any script, digits, spaces and the marks ECPay's documents list for free fields, plus `-` and `_`. */
export const customText = /^[\p{L}\p{N}\p{M}\p{Zs}\p{So}\u3000-\u303f\uff00-\uffef,.#()$[\];%{}:/?&@<>!_-]*$/u;

/** "No special characters" (ECPay developer docs p=2862): the ones that broke signatures before. */
export const plainText = /^[^<>&'"\\]*$/;

export const tradeNo = /^[A-Za-z0-9]{1,20}$/;
export const isTradeDate = isTaipeiTime;

/** Smallest and largest amount per method; contracts differ, so these are the widest that ECPay publishes. */
export const amountRange: Readonly<Record<string, readonly [number, number]>> = {
  Credit: [5, 199_999],
  ATM: [11, 49_999],
  WebATM: [11, 49_999],
  CVS: [27, 20_000],
  BARCODE: [16, 20_000],
  BNPL: [3000, 199_999],
};
const anyRange: readonly [number, number] = [5, 199_999];

export function isAmountFine(method: string, amount: number): boolean {
  const [low, high] = amountRange[method] ?? anyRange;
  return amount >= low && amount <= high;
}

/** A combo rule for amounts outside the method's range, with ECPay's own code for it. */
export function amountCombo(method: string, field: string): ComboRule {
  return {
    field,
    code: method === 'BNPL' ? codes.bnplMinimum : codes.amountRange,
    broken: (values) => !isAmountFine(method, Number(values.get(field))),
  };
}
