import { exponentOf, toMinorUnits } from './money.ts';
import type { KeyKind, Order } from './payment.ts';

/** A payment link as it is stored. Instants are milliseconds since the epoch, amounts are in minor units. */
export interface Link {
  readonly id: number;
  readonly linkNo: string;
  readonly projectId: number;
  readonly keyKind: KeyKind;
  readonly title: string;
  readonly currency: string;
  /** Null: the payer enters it, between `minAmount` and `maxAmount` where they are set. */
  readonly amount: number | null;
  readonly minAmount: number | null;
  readonly maxAmount: number | null;
  readonly isSingleUse: boolean;
  /** What all its payments have in common. */
  readonly order: Order;
  readonly expiresAt: number | null;
  readonly closedAt: number | null;
  readonly paidCount: number;
  readonly paidAmount: number;
  readonly createdAt: number;
}

export const LINK_STATES = ['open', 'used', 'closed', 'expired'] as const;
export type LinkState = (typeof LINK_STATES)[number];

/** Whether somebody may begin to pay, and why not. */
export function stateOf(link: Link, now: number): LinkState {
  if (link.isSingleUse && link.paidCount > 0) return 'used';
  if (link.closedAt !== null) return 'closed';
  return link.expiresAt !== null && now >= link.expiresAt ? 'expired' : 'open';
}

export type AmountProblem = 'empty' | 'format' | 'decimals' | 'min' | 'max';

export interface AmountRule {
  readonly currency: string;
  /** Minor units. */
  readonly min: number;
  readonly max: number;
  /** Digits behind the point; those a payer may enter when left out. */
  readonly decimals?: number;
}

/** Decimals a payer may enter. Taiwan has no coins below a dollar, and its gateways take none. */
export function enteredDecimals(currency: string): number {
  return currency === 'TWD' ? 0 : exponentOf(currency);
}

/** The smallest amount a payer can enter, in minor units. */
export function smallestEntered(currency: string): number {
  return 10 ** (exponentOf(currency) - enteredDecimals(currency));
}

/** What people write around an amount in Taiwan. */
const AROUND: Readonly<Record<string, RegExp>> = { TWD: /^(?:NT\$?|TWD|\$)|元整?$/gi };
const GROUPED = /^\d{1,3}(?:,\d{3})+(?=\.|$)/;

/** An amount as somebody typed it, also with full-width digits or commas between thousands. */
export function readEntered(text: string, rule: AmountRule): { readonly amount: number } | AmountProblem {
  const plain = cleanEntered(text, rule.currency);
  if (plain === '') return 'empty';
  const [, sign = '', whole = '', fraction = ''] = /^([-−+]?)(\d+)(?:\.(\d+))?$/.exec(plain) ?? [];
  if (whole === '') return 'format';
  if (sign !== '' && sign !== '+') return 'min';
  const digits = whole.replace(/^0+(?=\d)/, '');
  const cents = fraction.replace(/0+$/, '');
  if (cents.length > (rule.decimals ?? enteredDecimals(rule.currency))) return 'decimals';
  const amount = toMinorUnits(cents === '' ? digits : `${digits}.${cents}`, rule.currency, 'major');
  // More digits than any amount has.
  if (amount === null || amount > rule.max) return 'max';
  return amount < rule.min ? 'min' : { amount };
}

function cleanEntered(text: string, currency: string): string {
  const narrow = text.normalize('NFKC').replace(/\s/g, '');
  const bare = AROUND[currency] ? narrow.replace(AROUND[currency], '') : narrow;
  return GROUPED.test(bare) ? bare.replaceAll(',', '') : bare;
}
