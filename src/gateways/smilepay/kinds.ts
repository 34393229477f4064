import { type Instructions, STORES, type Store } from '../../core/attempt.ts';
import type { Order } from '../../core/payment.ts';
import { DAY, HOUR } from '../../core/time.ts';
import type { CreateInput, Method, MethodNature } from '../gateway.ts';
import type { Answer } from './answer.ts';

/**
 * The kinds of number that SmilePay issues. Source: SmilePay’s plug-ins for WooCommerce (3.0.5) and PrestaShop (2.2.5):
 * Pay_zg, the fields of the answer, and how long each kind may be good for.
 */
export interface Kind {
  readonly payZg: string;
  readonly nature: MethodNature;
  /** Longest life we ask for. Kiosk codes end at 10,080 minutes, so six days are safe whatever the hour. */
  readonly maxDays: number;
  /** Counted in minutes; the others are good until a day is over. */
  readonly toTheMinute: boolean;
  /** Null when the answer holds no whole number. */
  read(answer: Answer, expireAt: string): Instructions | null;
}

const CODE = /^[0-9A-Z]{6,20}$/;
const readCode =
  (field: string, stores: readonly Store[]): Kind['read'] =>
  (answer, expireAt) => {
    const paymentCode = answer.get(field) ?? '';
    return CODE.test(paymentCode) ? { type: 'cvs', paymentCode, stores, expireAt } : null;
  };

/** A code is for one chain’s machine; Hi-Life’s takes those of both. */
const issueCode = (store: Store, field: string): Pick<Kind, 'nature' | 'read'> => {
  const stores = [store, 'lifeet'] as const;
  return { nature: { kind: 'cvs', serves: stores, hint: 'cash' }, read: readCode(field, stores) };
};

const readAtm: Kind['read'] = (answer, expireAt) => {
  const bankCode = answer.get('atmbankno') ?? '';
  const virtualAccount = answer.get('atmno') ?? '';
  if (!/^\d{3}$/.test(bankCode) || !/^\d{10,16}$/.test(virtualAccount)) return null;
  return { type: 'atm', bankCode, virtualAccount, expireAt };
};

/** 9, 16 and up to 20 digits and capitals; what they mean is the store’s business. */
const readBarcode: Kind['read'] = (answer, expireAt) => {
  const [one = '', two = '', three = ''] = ['barcode1', 'barcode2', 'barcode3'].map((name) => answer.get(name) ?? '');
  const barcodes = [one, two, three] as const;
  return barcodes.every((code) => /^[0-9A-Z]{6,24}$/.test(code)) ? { type: 'barcode', barcodes, expireAt } : null;
};

export const KINDS = {
  atm: { payZg: '2', maxDays: 60, toTheMinute: false, nature: { kind: 'atm', hint: 'transfer' }, read: readAtm },
  // At the counters of all four chains.
  barcode: {
    payZg: '3',
    maxDays: 30,
    toTheMinute: false,
    nature: { kind: 'barcode', serves: STORES, hint: 'cash' },
    read: readBarcode,
  },
  ibon: { payZg: '4', maxDays: 6, toTheMinute: true, ...issueCode('ibon', 'ibonno') },
  fami: { payZg: '6', maxDays: 6, toTheMinute: true, ...issueCode('famiport', 'famino') },
} as const satisfies Record<string, Kind>;

/** What a request may call a store code, and a merchant his usual one. */
const CVS_KINDS: Readonly<Record<string, keyof typeof KINDS>> = {
  ibon: 'ibon',
  fami: 'fami',
  famiport: 'fami',
  family: 'fami',
  barcode: 'barcode',
};

/** The kind of number where neither the request nor the merchant says. */
const USUAL = 'ibon';

/** What `cvs` is, by the merchant’s usual type of it. */
export const CVS_NATURE: MethodNature & Pick<Method, 'varies'> = {
  ...KINDS[USUAL].nature,
  varies: {
    by: 'default_cvs_type',
    as: Object.fromEntries(Object.entries(CVS_KINDS).map(([type, kind]) => [type, KINDS[kind].nature])),
  },
};

export const CVS_TYPES = ['ibon', 'fami', 'famiport', 'family'] as const;

/** The kind of number a request means. */
export function chooseKind({ method, payment, secrets }: Pick<CreateInput, 'method' | 'payment' | 'secrets'>): Kind {
  if (method.method === 'atm') return KINDS.atm;
  if (method.method === 'barcode') return KINDS.barcode;
  return KINDS[CVS_KINDS[readCvsType(payment.order) ?? secrets.default_cvs_type ?? USUAL] ?? USUAL];
}

/** Older payments have it beside the fields that all methods take. */
function readCvsType(order: Order & { readonly cvsType?: unknown }): string | undefined {
  const type = order.own?.cvs_type ?? order.cvsType;
  return typeof type === 'string' ? type : undefined;
}

/** Kiosk codes of less than two hours are refused. */
const SHORTEST = 2 * HOUR;

/** The end that is asked for, as near to the wanted one as SmilePay allows; milliseconds since the epoch. */
export function planDeadline(kind: Kind, wanted: number, now: number): number {
  return Math.min(Math.max(wanted, now + SHORTEST), now + kind.maxDays * DAY);
}
