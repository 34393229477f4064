import {
  DAY_MS,
  dayOfTaipeiYear,
  endOfTaipeiDay,
  formatRocDay,
  formatTaipei,
  formatTaipeiDay,
  MINUTE_MS,
} from '../clock.ts';
import { digits, type Random } from '../random.ts';

/** A payment number and until when it holds; `info` uses ECPay's own field names. */
export interface IssuedNumber {
  readonly info: Readonly<Record<string, string>>;
  readonly deadline: number;
}

interface Bank {
  readonly code: string;
  readonly name: string;
  /** First digits of the account, and its length at the cashier; the background service always gives 16 digits. */
  readonly prefix: string;
  readonly length: number;
}

/** What an order without a wish gets. */
const firstBank: Bank = { code: '004', name: 'BOT', prefix: '9103', length: 16 };

/** ECPay developer docs p=5679 and p=28005. */
export const banks: readonly Bank[] = [
  firstBank,
  { code: '005', name: 'LAND', prefix: '5219', length: 16 },
  { code: '007', name: 'FIRST', prefix: '9972', length: 16 },
  { code: '013', name: 'CATHAY', prefix: '6933', length: 14 },
  { code: '118', name: 'PANHSIN', prefix: '9902', length: 14 },
  { code: '809', name: 'KGI', prefix: '9150', length: 16 },
  { code: '822', name: 'CHINATRUST', prefix: '9251', length: 14 },
];

export const findBank = (wish: string): Bank =>
  banks.find((bank) => bank.code === wish || bank.name === wish) ?? firstBank;

export interface NumberWish {
  readonly method: string;
  readonly amount: number;
  readonly now: number;
  readonly random: Random;
  /** In the method's own unit: days for ATM and BARCODE, minutes for CVS. */
  readonly expire: number | null;
  readonly bank: string;
  readonly accountLength: number | null;
  readonly origin: string;
}

function issueAccount(wish: NumberWish, until: number): IssuedNumber {
  const bank = findBank(wish.bank);
  const length = wish.accountLength ?? bank.length;
  const deadline = endOfTaipeiDay(until);
  const vAccount = bank.prefix + digits(wish.random, length - bank.prefix.length);
  return { info: { BankCode: bank.code, vAccount, ExpireDate: formatTaipeiDay(deadline) }, deadline };
}

/** `LLL`, two-digit year, day of the year, six digits: the pattern of the numbers ECPay's stage gives. */
function issueStoreCode(wish: NumberWish, deadline: number): IssuedNumber {
  const year = formatTaipei(wish.now).slice(2, 4);
  const day = String(dayOfTaipeiYear(wish.now)).padStart(3, '0');
  const PaymentNo = `LLL${year}${day}${digits(wish.random, 6)}`;
  const PaymentURL = `${wish.origin}/PaymentRule/CVSBarCode?PaymentNo=${PaymentNo}`;
  return { info: { PaymentNo, ExpireDate: formatTaipei(deadline), PaymentURL }, deadline };
}

/** Taiwan's store payment slips count letters as A–I 1–9, J–R 1–9, S–Z 2–9. */
function valueOfChar(char: string): number {
  const digit = '0123456789'.indexOf(char);
  if (digit >= 0) return digit;
  const letter = char.charCodeAt(0) - 'A'.charCodeAt(0);
  return letter < 18 ? (letter % 9) + 1 : letter - 16;
}

const sumPositions = (text: string, remainder: 0 | 1): number =>
  Array.from(text).reduce((sum, char, at) => (at % 2 === remainder ? sum + valueOfChar(char) : sum), 0);

/** The two check characters at positions 5 and 6 of the third segment; what stands there counts as zero. */
export function barcodeCheck(first: string, second: string, third: string): string {
  const blanked = `${third.slice(0, 4)}00${third.slice(6)}`;
  const total = (remainder: 0 | 1) =>
    [first, second, blanked].reduce((sum, segment) => sum + sumPositions(segment, remainder), 0) % 11;
  const odd = total(0);
  const even = total(1);
  const oddChar = odd === 0 ? 'A' : odd === 10 ? 'B' : String(odd);
  const evenChar = even === 0 ? 'X' : even === 10 ? 'Y' : String(even);
  return oddChar + evenChar;
}

function issueBarcodes(wish: NumberWish, until: number): IssuedNumber {
  const deadline = endOfTaipeiDay(until);
  const day = formatRocDay(deadline);
  const Barcode1 = `${day}6CY`;
  const Barcode2 = digits(wish.random, 16);
  const draft = `${day.slice(2)}00${String(wish.amount).padStart(9, '0')}`;
  const Barcode3 = draft.slice(0, 4) + barcodeCheck(Barcode1, Barcode2, draft) + draft.slice(6);
  return { info: { Barcode1, Barcode2, Barcode3, ExpireDate: formatTaipei(deadline) }, deadline };
}

type Issue = (wish: NumberWish, until: number) => IssuedNumber;

/** Units, defaults and caps: ECPay developer docs p=2872 (ATM), p=2874 (CVS), p=2876 (BARCODE). */
const issuers: Readonly<Record<string, { unit: number; standard: number; cap: number; issue: Issue }>> = {
  ATM: { unit: DAY_MS, standard: 3, cap: 60, issue: issueAccount },
  CVS: { unit: MINUTE_MS, standard: 10080, cap: 43200, issue: issueStoreCode },
  BARCODE: { unit: DAY_MS, standard: 7, cap: 30, issue: issueBarcodes },
};

export const isNumberMethod = (method: string): boolean => Object.hasOwn(issuers, method);

export function issueNumber(wish: NumberWish): IssuedNumber {
  const issuer = issuers[wish.method];
  if (!issuer) throw new Error(`no payment number for ${wish.method}`);
  const { unit, standard, cap, issue } = issuer;
  return issue(wish, wish.now + Math.min(wish.expire ?? standard, cap) * unit);
}

/** Sixteen digits: when it was made, to the second, then four at random. */
export const makeTradeNo = (now: number, random: Random): string =>
  formatTaipei(now).replace(/\D/g, '').slice(2) + digits(random, 4);
