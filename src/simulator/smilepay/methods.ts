import { DAY_MS, endOfTaipeiDay, formatRocDay, MINUTE_MS } from '../clock.ts';
import { digits, type Random } from '../random.ts';

type Numbers = Readonly<Record<string, string>>;

/** What a payment number is made for; every number of the order ends with `tail`. */
export interface Slip {
  readonly tail: string;
  readonly amount: number;
  readonly deadline: number | null;
  readonly random: Random;
}

/** A way to pay, by its Pay_zg. */
export interface PayMethod {
  readonly payZg: string;
  readonly name: string;
  /** What the callback calls it. */
  readonly classif: string;
  /** Whole TWD. The lower ends are what is left after the fee a payer may bear. */
  readonly low: number;
  readonly fee: number;
  /** Latest deadline an order may ask for. */
  latest(now: number): number;
  /** The deadline of an order that asks for none; null = the number stays good. */
  standard(now: number): number | null;
  /** What the payer needs, in SmilePay's names. */
  issue(slip: Slip): Numbers;
  /** Which of those is the number that was paid; a slip of barcodes has none. */
  readonly numberField: string;
  /** Means something for cards only; accounts that were paid carry 0, store codes 1. */
  readonly responseId: string;
  /** ibon alone sends an Auth_code besides cards. */
  readonly hasAuthCode: boolean;
}

/** The most that any method takes, whole TWD. */
export const HIGHEST = 20_000;
const CODE_MINUTES = 10_080;
const CODE_DAYS = 6;
const ACCOUNT_DAYS = 60;
const SLIP_DAYS = 50;
const dayLater = (days: number) => (now: number) => endOfTaipeiDay(now) + days * DAY_MS;
const plain = { responseId: '0', hasAuthCode: false };
/** Kiosk codes are counted in minutes, the others in days. */
const code = {
  ...plain,
  low: 35,
  latest: (now: number) => now + CODE_MINUTES * MINUTE_MS,
  standard: dayLater(CODE_DAYS),
  responseId: '1',
};

/** Lengths 9, 16 and 20; the first begins with the deadline. */
const issueBarcodes = ({ tail, amount, deadline, random }: Slip): Numbers => ({
  Barcode1: `${formatRocDay(deadline ?? 0)}A1F`,
  Barcode2: digits(random, 16),
  Barcode3: `${String(amount).padStart(8, '0')}0000${tail}`,
});

const list: readonly PayMethod[] = [
  {
    ...plain,
    payZg: '2',
    name: 'atm',
    classif: 'B',
    low: 13,
    fee: 8,
    latest: dayLater(ACCOUNT_DAYS),
    standard: () => null,
    issue: ({ tail }) => ({ AtmBankNo: '809', AtmNo: `80117734${tail}` }),
    numberField: 'AtmNo',
  },
  {
    ...plain,
    payZg: '3',
    name: 'barcode',
    classif: 'C',
    low: 25,
    fee: 20,
    latest: dayLater(SLIP_DAYS),
    standard: dayLater(SLIP_DAYS),
    issue: issueBarcodes,
    numberField: '',
  },
  {
    ...code,
    payZg: '4',
    name: 'ibon',
    classif: 'E',
    fee: 25,
    issue: ({ tail }) => ({ IbonNo: `216${tail}` }),
    numberField: 'IbonNo',
    hasAuthCode: true,
  },
  {
    ...code,
    payZg: '6',
    name: 'famiport',
    classif: 'F',
    fee: 30,
    issue: ({ tail }) => ({ FamiNO: `660123${tail}` }),
    numberField: 'FamiNO',
  },
];

export const payZgs: readonly string[] = list.map((method) => method.payZg);
export const findMethod = (payZg: string): PayMethod | undefined => list.find((method) => method.payZg === payZg);
