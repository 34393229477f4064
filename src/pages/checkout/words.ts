import { isNumber, type Store } from '../../core/attempt.ts';
import { formatMoney, formatZonedMoment } from '../format.ts';
import { speak, type TextKey } from '../text.ts';
import type { PageModel } from './model.ts';

/** What a payment's page calls things. */

const METHOD_KEYS: Readonly<Record<string, TextKey>> = {
  atm: 'method.atm',
  cvs: 'method.cvs',
  barcode: 'method.barcode',
  credit: 'method.credit',
  all: 'method.all',
  checkout: 'method.checkout',
  alipay: 'method.alipay',
  'wechat-pay': 'method.wechat',
  grabpay: 'method.grabpay',
  paynow: 'method.paynow',
  promptpay: 'method.promptpay',
  fpx: 'method.fpx',
};

const WALLET_KEYS: Readonly<Record<string, TextKey>> = {
  'wechat-pay': 'wallet.wechat',
  paynow: 'wallet.paynow',
  promptpay: 'wallet.promptpay',
};

/** The app that reads a method's QR code. */
export function walletKey(method: string): TextKey {
  return Object.hasOwn(WALLET_KEYS, method) ? (WALLET_KEYS[method] ?? 'wallet.other') : 'wallet.other';
}

/** Where a code or a barcode is paid, by the names on the doors. */
export const STORE_KEYS: Readonly<Record<Store, TextKey>> = {
  ibon: 'store.ibon',
  famiport: 'store.famiport',
  lifeet: 'store.lifeet',
  okgo: 'store.okgo',
};

/** What the page calls the method. Those only a gateway knows are just "online payment". */
export function methodKey(method: string): TextKey {
  return Object.hasOwn(METHOD_KEYS, method) ? (METHOD_KEYS[method] ?? 'method.other') : 'method.other';
}

/** The gateway has the payer's money or word for it, and makes up its mind. */
export function isUnderReview(model: PageModel): boolean {
  return model.screen === 'waiting' && model.flags.includes('under_review');
}

/** What the button of the `go` screen brings onto this page; null: it leads away to the gateway. */
export function opensHere({ instructions, method, paysHere }: PageModel): 'qr' | 'element' | null {
  if (instructions?.type === 'element') return 'element';
  if (instructions?.type === 'qr' || Object.hasOwn(WALLET_KEYS, method)) return 'qr';
  // Nothing to pay with yet: the outcome of the call that was to make it is not known.
  return instructions === null && paysHere ? 'element' : null;
}

/** There is a number that is taken to a counter or a bank, where money goes on its way without us. */
export function isPaidElsewhere({ instructions }: PageModel): boolean {
  return isNumber(instructions);
}

export function titleKey(model: PageModel): TextKey {
  switch (model.screen) {
    case 'instructions':
      return methodKey(model.instructions && model.instructions.type !== 'qr' ? model.instructions.type : model.method);
    case 'choose':
      return 'method.all';
    case 'go':
    case 'insite':
    case 'element':
      return methodKey(model.method);
    case 'waiting':
      return isUnderReview(model) ? 'review.title' : 'waiting.title';
    case 'paid':
      return 'paid.title';
    case 'expired':
      return isPaidElsewhere(model) ? 'expired.title' : 'expired.order.title';
    case 'failed':
      return 'failed.title';
    case 'cancelled':
      return 'cancelled.title';
  }
}

/** Sentences for a script, by its own names for them. */
export function sayAll({ locale, gateway }: PageModel, keys: Readonly<Record<string, TextKey>>): string {
  const say = speak(locale);
  return JSON.stringify(Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, say(key, { gateway })])));
}

export function moneyOf({ amount, currency, locale }: PageModel): string {
  return formatMoney(amount, currency, locale);
}

/** By the merchant's clocks. The year is told where it is another one, or where `now` is null. */
export function momentOf({ locale, timezone, now }: PageModel, ms: number, told: number | null = now): string {
  return formatZonedMoment(locale, speak(locale), ms, told, timezone);
}

/** The deadline is that of a number which is paid at a bank or a counter. */
export function isDueElsewhere(model: PageModel): boolean {
  return model.screen !== 'choose' && isPaidElsewhere(model);
}
