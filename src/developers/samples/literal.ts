import { Variable } from './call.ts';

/** How a language writes values. */
export interface Syntax {
  readonly indent: string;
  readonly object: Brackets;
  readonly list: Brackets;
  /** An object without members. */
  readonly nothing: string;
  readonly words: { readonly null: string; readonly true: string; readonly false: string };
  /** After the last of several lines. */
  readonly trailing: string;
  text(value: string): string;
  /** A member's name and what stands before its value. */
  key(name: string): string;
  variable(name: string): string;
}

interface Brackets {
  readonly open: string;
  readonly close: string;
  /** Inside of the brackets, in one line. */
  readonly pad: string;
}

const LONGEST_LINE = 60;

/**
 * JSON as a literal of that language.
 *
 * @param margin what stands before each line but the first
 */
export function writeLiteral(value: unknown, syntax: Syntax, margin = ''): string {
  return write(value, syntax, margin, true);
}

function write(value: unknown, syntax: Syntax, margin: string, isOutermost: boolean): string {
  if (value instanceof Variable) return syntax.variable(value.name);
  if (typeof value === 'string') return syntax.text(value);
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return wordOf(value, syntax);
  const inner = margin + syntax.indent;
  const isList = Array.isArray(value);
  const { open, close, pad } = isList ? syntax.list : syntax.object;
  const items = isList
    ? value.map((item) => write(item, syntax, inner, false))
    : Object.entries(value).map(([name, item]) => syntax.key(name) + write(item, syntax, inner, false));
  if (items.length === 0) return isList ? open + close : syntax.nothing;
  const line = open + pad + items.join(', ') + pad + close;
  const isFlat = !items.some((item) => item.includes('\n')) && line.length <= LONGEST_LINE;
  if (isFlat && !isOutermost) return line;
  return `${open}\n${inner}${items.join(`,\n${inner}`)}${syntax.trailing}\n${margin}${close}`;
}

function wordOf(value: unknown, { words }: Syntax): string {
  if (value === true) return words.true;
  return value === false ? words.false : words.null;
}
