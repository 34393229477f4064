import { DAY_MS, endOfTaipeiDay, MINUTE_MS } from '../clock.ts';

/** A way to pay, by its Pay_zg. */
export interface PayMethod {
  readonly payZg: string;
  readonly name: string;
  /** What the callback calls it. */
  readonly classif: string;
  /** Whole TWD. The lower ends are what is left after the fee a payer may bear. */
  readonly low: number;
  readonly high: number;
  /** Latest deadline an order may ask for. */
  latest(now: number): number;
  /** The deadline of an order that asks for none; null = the number stays good. */
  standard(now: number): number | null;
  /** Which field of the answer is the number that was paid; a slip of barcodes has none. */
  readonly numberField: string;
  /** Means something for cards only; accounts that were paid carry 0, store codes 1. */
  readonly responseId: string;
  /** ibon alone sends an Auth_code besides cards. */
  readonly hasAuthCode: boolean;
  readonly fee: number;
}

const HIGHEST = 20_000;
const CODE_MINUTES = 10_080;
const CODE_DAYS = 6;
const ACCOUNT_DAYS = 60;
const SLIP_DAYS = 50;

const dayLater = (days: number) => (now: number) => endOfTaipeiDay(now) + days * DAY_MS;
/** Kiosk codes are counted in minutes, the others in days. */
const code = { latest: (now: number) => now + CODE_MINUTES * MINUTE_MS, standard: dayLater(CODE_DAYS) };

const list: readonly PayMethod[] = [
  {
    payZg: '2',
    name: 'atm',
    classif: 'B',
    low: 13,
    high: HIGHEST,
    latest: dayLater(ACCOUNT_DAYS),
    standard: () => null,
    numberField: 'AtmNo',
    responseId: '0',
    hasAuthCode: false,
    fee: 8,
  },
  {
    payZg: '3',
    name: 'barcode',
    classif: 'C',
    low: 25,
    high: HIGHEST,
    latest: dayLater(SLIP_DAYS),
    standard: dayLater(SLIP_DAYS),
    numberField: '',
    responseId: '0',
    hasAuthCode: false,
    fee: 20,
  },
  {
    ...code,
    payZg: '4',
    name: 'ibon',
    classif: 'E',
    low: 35,
    high: HIGHEST,
    numberField: 'IbonNo',
    responseId: '1',
    hasAuthCode: true,
    fee: 25,
  },
  {
    ...code,
    payZg: '6',
    name: 'famiport',
    classif: 'F',
    low: 35,
    high: HIGHEST,
    numberField: 'FamiNO',
    responseId: '1',
    hasAuthCode: false,
    fee: 30,
  },
];

export const payZgs: readonly string[] = list.map((method) => method.payZg);

export function findMethod(payZg: string): PayMethod | undefined {
  return list.find((method) => method.payZg === payZg);
}
