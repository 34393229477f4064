import type { PayNumber } from '../../core/attempt.ts';
import type { MethodHint, MethodKind } from '../../core/method-kind.ts';
import type { Say, TextKey } from '../text.ts';
import type { KindPicture } from './icons.tsx';
import type { Choice } from './model.ts';
import { STORE_KEYS } from './words.ts';

/** What the list of ways to pay calls things. */

interface KindWords {
  readonly name: TextKey;
  readonly picture: KindPicture;
  /** The app that scans its code. */
  readonly app?: TextKey;
}

export const KINDS: Readonly<Record<MethodKind, KindWords>> = {
  card: { name: 'method.credit', picture: 'card' },
  atm: { name: 'method.atm', picture: 'bank' },
  cvs: { name: 'method.cvs', picture: 'code' },
  barcode: { name: 'method.barcode', picture: 'barcode' },
  paypal: { name: 'method.checkout', picture: 'wallet' },
  alipay: { name: 'method.alipay', picture: 'wallet' },
  wechat: { name: 'method.wechat', picture: 'qr', app: 'wallet.wechat' },
  grabpay: { name: 'method.grabpay', picture: 'wallet' },
  paynow: { name: 'method.paynow', picture: 'qr', app: 'wallet.paynow' },
  promptpay: { name: 'method.promptpay', picture: 'qr', app: 'wallet.promptpay' },
  fpx: { name: 'method.fpx', picture: 'bank' },
  cashier: { name: 'method.other', picture: 'several' },
  online: { name: 'method.other', picture: 'several' },
};

const HINTS: Readonly<Record<MethodHint, TextKey>> = {
  transfer: 'hint.transfer',
  cash: 'hint.cash',
  cash_days: 'hint.cash.days',
  scan: 'hint.scan',
  card_form: 'hint.card.form',
  bank_form: 'hint.bank.form',
  wallet_form: 'hint.wallet.form',
  several_form: 'hint.several.form',
  card_page: 'hint.card.page',
  page: 'hint.page',
  several_page: 'hint.several.page',
};

/** That the payer has such a number, and the button that shows it again. */
export const HELD: Readonly<Record<PayNumber['type'], { readonly note: TextKey; readonly show: TextKey }>> = {
  atm: { note: 'held.atm', show: 'held.atm.show' },
  cvs: { note: 'held.cvs', show: 'held.cvs.show' },
  barcode: { note: 'held.barcode', show: 'held.barcode.show' },
};

/** One line about a way to pay. */
export function describeHint({ kind, hint, stores, gateway }: Choice, say: Say): string {
  const { name, app = 'wallet.other' } = KINDS[kind];
  const names = stores.map((store) => say(STORE_KEYS[store]));
  const [first = '', ...others] = names;
  const list = others.reduce((before, next) => say('hint.stores', { stores: before, store: next }), first);
  return say(HINTS[hint], { gateway, stores: list, app: say(app), name: say(name) });
}
