import { formatDecimal } from '../../../core/money.ts';
import { formatInZone } from '../../../core/zone.ts';

/** What stands in one place of a sheet, by what a program that reads it back has to make of it. */
export type Cell =
  | { readonly type: 'text'; readonly text: string }
  /** Minor units. */
  | { readonly type: 'amount'; readonly minor: number; readonly currency: string }
  | { readonly type: 'time'; readonly at: number };

/** Who opens the file: a spreadsheet, which takes what looks like a number or a day for one, or a program. */
export type Reader = 'spreadsheet' | 'program';

export interface Writing {
  readonly reader: Reader;
  /** Of the merchant's day. */
  readonly zone: string;
}

/** Nothing is known. */
export const NOTHING: Cell = { type: 'text', text: '' };
export const text = (value: string | null | undefined): Cell => (value ? { type: 'text', text: value } : NOTHING);
export const amount = (minor: number | undefined, currency: string): Cell =>
  minor === undefined ? NOTHING : { type: 'amount', minor, currency };
export const time = (at: number | null): Cell => (at === null ? NOTHING : { type: 'time', at });

/** Amounts and times are ours and stand as they are, minus signs too; only texts can be anything. */
export function writeCell(cell: Cell, { reader, zone }: Writing): string {
  switch (cell.type) {
    case 'text':
      return reader === 'program' ? protectFormula(cell.text) : protectText(cell.text);
    case 'amount':
      return formatDecimal(cell.minor, cell.currency);
    case 'time':
      return formatInZone(cell.at, zone);
  }
}

/**
 * Before a text that a spreadsheet would not leave alone: it shows the mark, and takes the rest for text. Before a text
 * that begins with it already, so that whoever reads the file takes one off and has every text as it was.
 */
export const MARK = "'";

/** What makes a spreadsheet compute, in full-width letters too, and what hides it from the eye. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠']/u;

/** Numbers that would lose digits or zeros or be shown as powers of ten, and what would become a day or a time. */
const MISREAD_NUMBER: readonly RegExp[] = [
  /^0\d/,
  /^\d[\d.,]{11,}$/,
  /^\d+(\.\d+)?e[+-]?\d+$/i,
  /^\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?$/,
  /^\d{1,2}:\d{2}/,
  /^\d{1,4}[-/ ]?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[-/ ]?\d{1,4}$/i,
  /^\d{1,4}年/u,
];
/** What would become a day or a truth. */
const MISREAD_WORD = /^((jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[-/ ]?\d{1,4}([-/ ]\d{1,4})?|true|false)$/i;

function protectFormula(value: string): string {
  return FORMULA.test(value) ? MARK + value : value;
}

function protectText(value: string): string {
  const first = value.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  const isMisread = isDigit ? MISREAD_NUMBER.some((shape) => shape.test(value)) : MISREAD_WORD.test(value);
  return isMisread ? MARK + value : protectFormula(value);
}
