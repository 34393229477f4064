import type { Order } from '../../core/payment.ts';

/**
 * Everything that ECPay is sent goes through `prepareFields`: texts lose what it refuses, are made harmless for its
 * firewall and fitted to its lengths, addresses are written as it takes them. Sources: ECPay developer documentation,
 * pages 2858 (forbidden signs and words), 2862 (lengths), 9040 and 27995 (the JSON services).
 */
interface TextRule {
  /** In UTF-16 units, as ECPay counts: an emoji is two. */
  readonly max: number;
  /** Signs that ECPay refuses, or that break its signature. */
  readonly forbidden: RegExp;
  /** `#` stands between lines. */
  readonly isList?: true;
}

/** No tags, no quotes, nothing a shell reads, no line breaks (browsers turn LF into CRLF, and the signature no longer fits). */
const SIGNS = '<>&\'"\\\\|`\\p{Cc}\\p{Zl}\\p{Zp}';
/** Letters of any script, digits, blanks, picture signs, and the marks that ECPay lists for its free fields. */
const FREE = '\\p{L}\\p{N}\\p{M}\\p{Zs}\\p{So}\\u3000-\\u303f\\uff00-\\uffef,.#()$[\\];%{}:/?@!_\\-';

const PLAIN = new RegExp(`[${SIGNS}]`, 'gu');
const PLAIN_LINE = new RegExp(`[#${SIGNS}]`, 'gu');
const NOT_FREE = new RegExp(`[^${FREE}]`, 'gu');

/** What a caller's own text must look like, in ECPay's own names. */
export const PLAIN_TEXT = new RegExp(`^[^${SIGNS}]*$`, 'u');
export const FREE_TEXT = new RegExp(`^[${FREE}]*$`, 'u');
/** `%3C` would have to be decoded before it is sent, and nothing may hold a `<`. */
export const ADDRESS = /^(?!.*%3c)https?:\/\/[^\s"'<>\\;|`]+$/i;

/** Of 200, 400 are allowed; but longer names are cut by ECPay, and a cut inside a character breaks the signature. */
const MAX_LINE = 195;
const numbered = (name: string, rule: TextRule) => [1, 2, 3, 4].map((n) => [`${name}${n}`, rule] as const);

/** By ECPay's names, which mean the same wherever they stand. */
const TEXTS: ReadonlyMap<string, TextRule> = new Map<string, TextRule>([
  ['ItemName', { max: MAX_LINE, forbidden: PLAIN_LINE, isList: true }],
  ['TradeDesc', { max: MAX_LINE, forbidden: PLAIN_LINE }],
  ['Remark', { max: 100, forbidden: PLAIN }],
  ['MerchantMemberID', { max: 30, forbidden: PLAIN }],
  ['Name', { max: 50, forbidden: PLAIN }],
  ['CustomField', { max: 200, forbidden: NOT_FREE }],
  ...numbered('CustomField', { max: 50, forbidden: NOT_FREE }),
  ...numbered('Desc_', { max: 20, forbidden: PLAIN }),
]);

/** Longest text of a field, in UTF-16 units. */
export function maxOf(name: string): number {
  return TEXTS.get(name)?.max ?? MAX_URL;
}

export const MAX_URL = 200;

/** The fields of a request as ECPay takes them, those of its objects too. */
export function prepareFields<T extends Readonly<Record<string, unknown>>>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, prepare(name, value)])) as T;
}

function prepare(name: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return prepareFields(value as Readonly<Record<string, unknown>>);
  if (typeof value !== 'string') return value;
  if (name.endsWith('URL')) return cleanUrl(value);
  return TEXTS.has(name) ? cleanText(name, value) : value;
}

/** A text as ECPay takes it in a field; `fallback` when nothing is left of it. */
export function cleanText(name: string, text: string, fallback = ''): string {
  const rule = TEXTS.get(name);
  if (!rule) throw new Error(`ECPay has no text called ${name}`);
  const lines = rule.isList ? text.split('#') : [text];
  const clean = lines.map((line) => cleanLine(line, rule.forbidden)).filter((line) => line !== '');
  return cut(clean.length === 0 ? fallback : clean.join('#'), rule.max).replace(rule.isList ? /[\s#]+$/ : /\s+$/, '');
}

/** What an order is called. `#` in a name given as such is the shop's own wish for lines. */
export function nameOrder(
  { itemName, description }: Order,
  paymentNo: string,
): { TradeDesc: string; ItemName: string } {
  return {
    TradeDesc: cleanText('TradeDesc', description ?? itemName ?? '', paymentNo),
    ItemName: cleanText('ItemName', itemName ?? description?.replaceAll('#', ' ') ?? '', paymentNo),
  };
}

function cleanLine(text: string, forbidden: RegExp): string {
  const clean = text
    .toWellFormed()
    .replace(/<[^>]*>/g, ' ')
    .replace(forbidden, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return disarm(clean, widen);
}

/** Never between the halves of a character. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  const isFirstHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isFirstHalf ? max - 1 : max);
}

/**
 * Words that the firewall in front of ECPay takes for a command, in any letters: those that page 2858 names, and their
 * like. It answers with an error page (10400011) in the payer's face.
 */
const COMMANDS = new RegExp(
  `(?<![a-z])(?:${[
    'bash chmod chown cmd curl echo eval exec finger ftp gcc ifconfig kill ls mail nc net netcat netstat nmap nslookup',
    'passwd perl ping powershell python rm sudo system systemctl tclsh telnet tftp traceroute tracert uname wget whoami',
    'wsh xterm',
  ]
    .flatMap((line) => line.split(' '))
    .join('|')})(?![a-z])`,
  'gi',
);

function disarm(text: string, change: (letter: string) => string): string {
  return text.replace(COMMANDS, (word) => change(word.slice(0, 1)) + word.slice(1));
}

/** The same letter of full width: people read the word, and no firewall does. */
function widen(letter: string): string {
  return String.fromCharCode(letter.charCodeAt(0) + 0xfee0);
}

const escapeLetter = (letter: string): string => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;

/**
 * An address as ECPay takes it: `%26` and `%3C` decoded, or the call fails (page 2862); a letter of a command in path or
 * query escaped, which leads to the same place.
 */
export function cleanUrl(url: string): string {
  const decoded = url.replaceAll('%26', '&').replace(/%3c/gi, '<');
  const [, origin = '', rest = ''] = /^(https?:\/\/[^/?#]*)(.*)$/is.exec(decoded) ?? [];
  return origin === '' ? decoded : origin + disarm(rest, escapeLetter);
}
