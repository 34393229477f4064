import ipaddr from 'ipaddr.js';
import { readRange } from '../security/addresses.ts';

/** Reading the texts of environment variables; each reader throws `Refusal` with what it expected. */

/** Host names and address ranges that notifications may reach although they are not public. */
export interface AddressList {
  /** Lower case, without a trailing dot. */
  readonly hosts: readonly string[];
  /** CIDR notation; a single address is `/32` or `/128`. */
  readonly ranges: readonly string[];
}

/** What a value must be; `readConfig` adds the rest of the sentence. */
export class Refusal extends Error {}

export function refuse(expected: string): never {
  throw new Refusal(expected);
}

export const optional =
  <T>(parse: (text: string) => T) =>
  (text: string): T | null =>
    text === '' ? null : parse(text);

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*$/;

export function parseHost(text: string): string {
  const plain = text.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const known = ipaddr.isValid(plain) || (HOST_NAME.test(plain) && !/^[\d.]+$/.test(plain));
  return known ? plain : refuse('must be an IP address or a host name to listen on');
}

export function parsePort(text: string): number {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port <= 65_535 ? port : refuse('must be a whole number from 0 to 65535');
}

export const parseCount =
  (least: number, most: number) =>
  (text: string): number => {
    const count = Number(text);
    return /^\d{1,9}$/.test(text) && count >= least && count <= most
      ? count
      : refuse(`must be a whole number from ${least} to ${most}`);
  };

const MAX_ORIGIN = 100;

export function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const web = url && (url.protocol === 'https:' || url.protocol === 'http:');
  if (!web) return refuse('must be an address that starts with https:// or http://');
  if (url.username || url.password) return refuse('must not contain a user name or password');
  if (url.pathname !== '/' || /[?#]/.test(text)) return refuse('must be scheme, host and port only, without a path');
  if (url.origin.length > MAX_ORIGIN) return refuse(`must not be longer than ${MAX_ORIGIN} characters`);
  return url.origin;
}

export function parseDatabaseUrl(text: string): string {
  // Of several hosts the first: the rest are no part of a URL, though of the address.
  const first = text.replace(/^([^/]*\/\/(?:[^/@]*@)?[^/,?]*)(?:,[^/?]*)?/, '$1');
  const url = URL.canParse(first) ? new URL(first) : null;
  const isPostgres = url?.protocol === 'postgres:' || url?.protocol === 'postgresql:';
  if (isPostgres && url.hostname !== '' && url.pathname.length > 1) return text;
  return refuse('must be an address of a PostgreSQL database: postgres://user:password@host:port/database');
}

export function parseMasterKey(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  // Buffer skips what is not base64; encoding again shows whether anything was skipped.
  const clean = bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  return clean && bytes.length === 32 ? new Uint8Array(bytes) : refuse('must be 32 bytes in base64 (44 characters)');
}

/** What it is unless configured. Asking Intl about it would take a sixth of the time from start to first answer. */
const USUAL_ZONE = 'Asia/Taipei';

export function parseTimezone(text: string): string {
  if (text === USUAL_ZONE) return text;
  try {
    if (/^[A-Za-z]/.test(text)) return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    // Falls through to the refusal: Intl throws a RangeError for a name it does not know.
  }
  return refuse('must be an IANA time zone');
}

export function parseWord<T extends string>(words: readonly T[]) {
  return (text: string): T => words.find((word) => word === text) ?? refuse(`must be one of ${words.join(', ')}`);
}

export const parseSwitch = (text: string): boolean => parseWord(['on', 'off'])(text) === 'on';

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

export function parseRanges(text: string): readonly string[] {
  return splitList(text).map(
    (entry) =>
      readRange(entry) ??
      refuse(`must be a comma-separated list of IP addresses and CIDR ranges ("${entry}" is neither)`),
  );
}

const LOCALHOST = ['127.0.0.0/8', '::1/128'];

/**
 * Who may come. Of names only `localhost` is taken: to let in whoever a name server names would be to trust the name server,
 * and to ask it before every answer.
 */
export function parseClients(text: string): readonly string[] {
  return splitList(text).flatMap((entry) => (entry.toLowerCase() === 'localhost' ? LOCALHOST : parseRanges(entry)));
}

export function parseAddressList(text: string): AddressList {
  const hosts: string[] = [];
  const ranges: string[] = [];
  for (const entry of splitList(text)) {
    const range = readRange(entry);
    const host = entry.toLowerCase().replace(/\.$/, '');
    if (range) ranges.push(range);
    else if (HOST_NAME.test(host) && !/^[\d.]+$/.test(host)) hosts.push(host);
    else
      refuse(`must be a comma-separated list of host names, IP addresses and CIDR ranges ("${entry}" is none of them)`);
  }
  return { hosts, ranges };
}
