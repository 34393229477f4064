import { formatTaipeiDay } from '../clock.ts';
import { digits, type Random } from '../random.ts';
import type { PayMethod } from './methods.ts';

const TAIL_LENGTH = 8;

/** Twelve digits: month and day, then eight which every payment number of the order ends with as well. */
export function makeSmilePayNo(now: number, random: Random, isTaken: (number: string) => boolean): string {
  const day = formatTaipeiDay(now).slice(5).replace('/', '');
  let tail = Number(digits(random, TAIL_LENGTH));
  const write = () => day + String(tail).padStart(TAIL_LENGTH, '0');
  while (isTaken(write())) tail = (tail + 1) % 10 ** TAIL_LENGTH;
  return write();
}

interface Slip {
  readonly tail: string;
  readonly amount: number;
  readonly deadline: number | null;
  readonly random: Random;
}

/** Lengths 9, 16 and 20; the first begins with the deadline in years of the Republic. */
function issueBarcodes({ tail, amount, deadline, random }: Slip): Record<string, string> {
  const [year = '', month = '', day = ''] = formatTaipeiDay(deadline ?? 0).split('/');
  const rocYear = String((Number(year) - 1911) % 100).padStart(2, '0');
  return {
    Barcode1: `${rocYear}${month}${day}A1F`,
    Barcode2: digits(random, 16),
    Barcode3: `${String(amount).padStart(8, '0')}0000${tail}`,
  };
}

const issuers: Readonly<Record<string, (slip: Slip) => Record<string, string>>> = {
  atm: ({ tail }) => ({ AtmBankNo: '809', AtmNo: `80117734${tail}` }),
  barcode: issueBarcodes,
  ibon: ({ tail }) => ({ IbonNo: `216${tail}` }),
  famiport: ({ tail }) => ({ FamiNO: `660123${tail}` }),
};

/** What the payer needs, in SmilePay's names. */
export function issueNumbers(method: PayMethod, smilePayNo: string, slip: Omit<Slip, 'tail'>): Record<string, string> {
  return issuers[method.name]?.({ ...slip, tail: smilePayNo.slice(-TAIL_LENGTH) }) ?? {};
}
