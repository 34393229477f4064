import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { currentScope } from './scope.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Writes entries as one JSON line each: `{time, level, msg, request_id?, ...fields}`, secrets replaced by `…`. Never
 * throws.
 */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that adds these fields to every entry. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  /** Entries below it are dropped. */
  readonly level: LogLevel;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Takes one line without its line break. */
  readonly write: (line: string) => void;
}

/** Source of the secret names: the credential fields of the gateways' documents and our own API. */
export function createLog(options: LogOptions): Log {
  const lowest = LOG_LEVELS.indexOf(options.level);
  const build = (inherited: LogFields): Log => {
    const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
      if (LOG_LEVELS.indexOf(level) < lowest) return;
      try {
        const scope = currentScope();
        const request = scope ? { request_id: scope.requestId } : {};
        options.write(formatEntry(options.now(), level, message, { ...request, ...inherited, ...fields }));
      } catch {
        // A log that cannot be written must never break the payment it tells about.
      }
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => build({ ...inherited, ...fields }),
    };
  };
  return build({});
}

const MAX_TEXT = 2048;
const MAX_SCANNED = 4 * MAX_TEXT;
const MAX_DEPTH = 6;
const MAX_ENTRIES = 50;
/** Values of one entry over all depths, so that wide and deep objects together stay bounded too. */
const MAX_VALUES = 500;
const HIDDEN = '…';
const RESERVED = new Set(['time', 'level', 'msg']);

function formatEntry(now: number, level: LogLevel, message: string, fields: LogFields): string {
  const entry: Record<string, unknown> = { time: new Date(now).toISOString(), level, msg: cleanText(message) };
  const clean = cleanValue(fields, { depth: 0, ancestors: [], left: { values: MAX_VALUES } }) as Record<
    string,
    unknown
  >;
  for (const key of Object.keys(clean)) entry[RESERVED.has(key) ? `${key}_` : key] = clean[key];
  return escapeControls(JSON.stringify(entry));
}

const CONTROLS = /[\u007f-\u009f\u2028\u2029]/;
const EVERY_CONTROL = new RegExp(CONTROLS, 'g');

/** JSON leaves C1 controls and line separators as they are; a terminal or a line reader does not. */
function escapeControls(json: string): string {
  if (!CONTROLS.test(json)) return json;
  return json.replace(EVERY_CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const SECRET_WORDS = [
  'secret',
  'password',
  'passwd',
  'passphrase',
  'token',
  'cookie',
  'authorization',
  'credential',
  'apikey',
  'hashkey',
  'hashiv',
  'masterkey',
  'privatekey',
  'verifykey',
  'checkmacvalue',
  'totp',
];
const SECRET_NAME = new RegExp(SECRET_WORDS.join('|'));

/** A field of that name is a secret, however the name is written. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

/** The same words where they stand inside a text, with any separators between their parts. */
const WORDS_IN_TEXT =
  '(?:secret|passw(?:or)?d|passphrase|token|cookie|authorization|credentials?|api[_-]?key|hash[_-]?key|hash[_-]?iv|master[_-]?key|private[_-]?key|verify[_-]?key|check[_-]?mac[_-]?value)';

const TEXT_RULES: readonly (readonly [RegExp, string])[] = [
  [/\bpc_(live|test)_[A-Za-z0-9]+/g, `pc_$1_${HIDDEN}`],
  [/\bwhsec_[A-Za-z0-9+/=_-]+/g, `whsec_${HIDDEN}`],
  [/\b(sk|rk)_(live|test)_[A-Za-z0-9]+/g, `$1_$2_${HIDDEN}`],
  [/_secret_[A-Za-z0-9]+/g, `_secret_${HIDDEN}`],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]+/gi, `$1 ${HIDDEN}`],
  [/([?&](?:t|vt)=)[^&\s"'#]+/gi, `$1${HIDDEN}`],
  // The one-time link by which somebody sets a password.
  [/(\/admin\/welcome\/)[A-Za-z0-9_-]+/g, `$1${HIDDEN}`],
  [new RegExp(`(${WORDS_IN_TEXT}[\\w-]{0,20}=)[^&\\s"'#]+`, 'gi'), `$1${HIDDEN}`],
  [new RegExp(`(${WORDS_IN_TEXT}[\\w-]{0,20}\\\\?"\\s{0,5}:\\s{0,5}\\\\?")[^"\\\\]+`, 'gi'), `$1${HIDDEN}`],
  [new RegExp(`((?:${WORDS_IN_TEXT})\\s{0,3}:\\s{0,3})(?![\\s"'\\\\])[^\\s&"',]+`, 'gi'), `$1${HIDDEN}`],
];

/**
 * Whether any of the rules could find something, letter case aside. Nearly every text of a log is none of theirs, and one
 * look is cheaper than ten. Made from the rules themselves, so that a new one cannot be forgotten here; those about words
 * find nothing where no such word is.
 */
const ANY_RULE = new RegExp(
  [...new Set(TEXT_RULES.map(([{ source }]) => (source.includes(WORDS_IN_TEXT) ? WORDS_IN_TEXT : source)))].join('|'),
  'i',
);

/** Replaces secrets by their look, and cuts nothing. */
export function hideSecrets(text: string): string {
  if (!ANY_RULE.test(text)) return text;
  return TEXT_RULES.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

/**
 * Replaces secrets by their look (`pc_live_…`, `whsec_…`, `sk_live_…`, `Bearer …`, `token=…`, `"hash_key":"…"`) and
 * cuts the text at 2 kB.
 */
export function cleanText(text: string): string {
  const clean = hideSecrets(text.slice(0, MAX_SCANNED));
  const cut = Math.max(1, text.length - MAX_TEXT);
  return clean.length > MAX_TEXT || text.length > MAX_SCANNED
    ? `${clean.slice(0, MAX_TEXT)}… (${cut} more characters)`
    : clean;
}

interface Walk {
  readonly depth: number;
  readonly ancestors: readonly object[];
  readonly left: { values: number };
}

function cleanValue(value: unknown, walk: Walk): unknown {
  walk.left.values -= 1;
  if (walk.left.values < 0) return '[left out]';
  switch (typeof value) {
    case 'string':
      return cleanText(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return value.toString();
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
    case 'object':
      return value === null ? null : cleanObject(value, walk);
    default:
      return value;
  }
}

function cleanObject(value: object, walk: Walk): unknown {
  if (walk.ancestors.includes(value)) return '[circular]';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[invalid date]' : value.toISOString();
  if (value instanceof URL) return cleanText(value.href);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (walk.depth >= MAX_DEPTH) return '[too deep]';
  const inner: Walk = { depth: walk.depth + 1, ancestors: [...walk.ancestors, value], left: walk.left };
  if (value instanceof Error) return cleanError(value, inner);
  if (Array.isArray(value) || value instanceof Set) return cleanList([...value], inner);
  if (value instanceof Map || value instanceof Headers)
    return cleanEntries(
      [...value].map(([k, v]) => [String(k), v]),
      inner,
    );
  return cleanEntries(readEntries(value), inner);
}

function cleanList(items: readonly unknown[], walk: Walk): unknown[] {
  const clean = items.slice(0, MAX_ENTRIES).map((item) => cleanValue(item, walk));
  return items.length > MAX_ENTRIES ? [...clean, `[${items.length - MAX_ENTRIES} more]`] : clean;
}

type Entry = readonly [string, unknown];

function readEntries(value: object): Entry[] {
  return Object.keys(value).map((key): Entry => {
    try {
      return [key, (value as Record<string, unknown>)[key]];
    } catch {
      return [key, '[unreadable]'];
    }
  });
}

function cleanEntries(entries: readonly Entry[], walk: Walk): Record<string, unknown> {
  const clean: Record<string, unknown> = Object.create(null);
  for (const [key, value] of entries.slice(0, MAX_ENTRIES)) {
    // Whether a secret is there at all may be said; what it is may not.
    const tells = value !== null && value !== undefined && typeof value !== 'boolean';
    clean[cleanText(key)] = tells && isSecretName(key) ? HIDDEN : cleanValue(value, walk);
  }
  if (entries.length > MAX_ENTRIES) clean['…'] = `[${entries.length - MAX_ENTRIES} more]`;
  return clean;
}

/** Errors carry what went wrong and where, but not the objects that others hung on them (requests, configurations). */
function cleanError(error: Error, walk: Walk): Record<string, unknown> {
  const code = (error as { code?: unknown }).code;
  return {
    name: cleanText(String(error.name)),
    message: cleanText(String(error.message)),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof error.stack === 'string' ? { stack: cleanText(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: cleanValue(error.cause, walk) }),
  };
}

export interface FileSink {
  /** Appends the line and a line break. Drops it when the file cannot be written (disk full, no permission). */
  write(line: string): void;
  close(): void;
}

/**
 * A log file readable by its owner only. When it would grow beyond `maxBytes` (default 10 MB) it is renamed to `path.1`,
 * the older ones move up, and the one after `path.<keep>` (default 3) is removed.
 */
export function createFileSink(path: string, { maxBytes = 10_000_000, keep = 3 } = {}): FileSink {
  let file: { readonly descriptor: number; size: number } | null = null;
  let torn = false;

  const open = () => {
    const descriptor = openSync(path, 'a', 0o600);
    file = { descriptor, size: fstatSync(descriptor).size };
    return file;
  };
  const close = () => {
    if (file) attempt(() => file && closeSync(file.descriptor));
    file = null;
  };
  const append = (line: string) => {
    const bytes = Buffer.from(`${torn ? '\n' : ''}${line}\n`);
    let current = file ?? open();
    if (current.size > 0 && current.size + bytes.length > maxBytes) {
      close();
      rotate(path, keep);
      current = open();
    }
    const written = writeSync(current.descriptor, bytes);
    current.size += written;
    torn = written < bytes.length;
  };
  return { write: (line) => attempt(() => append(line)), close };
}

function rotate(path: string, keep: number): void {
  if (keep < 1) attempt(() => rmSync(path, { force: true }));
  for (let number = keep; number >= 1; number -= 1) {
    attempt(() => renameSync(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`));
  }
}

/** Everything about a log file may fail, and nothing of it is worth stopping for. */
function attempt(action: () => unknown): void {
  try {
    action();
  } catch {
    // The next line tries again.
  }
}
