import { lookup as lookupDns } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { isInRanges, isMetadata, isPublic } from '../security/addresses.ts';

/** What notifications may reach besides public addresses (`PAYCORE_NOTIFY_ALLOW`). */
export interface TargetPolicy {
  /** Lower case, without a trailing dot. */
  readonly hosts: readonly string[];
  /** CIDR notation. */
  readonly ranges: readonly string[];
}

/** `unresolved` may pass by itself, the others do not. */
export interface TargetProblem {
  readonly kind: 'invalid' | 'forbidden' | 'unresolved';
  /** One or two sentences for whoever set the address. */
  readonly message: string;
}

export interface TargetAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Every address of a name. Rejects when the name does not resolve. */
export type Lookup = (host: string) => Promise<readonly TargetAddress[]>;

/** The machine's own resolver. */
export const lookupSystem: Lookup = async (host) => {
  const found = await lookupDns(host, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

const MAX_URL = 2048;
const METADATA_NAMES = new Set(['metadata.google.internal', 'metadata.goog']);

/** Ports of services that are not web servers and that a request could be made to talk to (Fetch Standard, bad ports). */
const FOREIGN_PORTS = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** What can be said about an address before its name is resolved; null = nothing against it so far. */
export function checkTargetUrl(url: string, policy: TargetPolicy): TargetProblem | null {
  const target = readTarget(url);
  if ('kind' in target) return target;
  const { host, port } = target;
  if (METADATA_NAMES.has(host)) return forbidMetadata(host);
  if (ipaddr.isValid(host)) {
    const problem = checkAddress(host, host, policy);
    if (problem) return problem;
  } else if (isLocalName(host) && listLocal(host, policy).length === 0) {
    return forbidPrivate(host, host);
  }
  return FOREIGN_PORTS.has(port) && !isAllowed(host, policy)
    ? { kind: 'forbidden', message: `Port ${port} belongs to another service than a web server. Use another port.` }
    : null;
}

/**
 * The addresses that may be connected to, in the order they should be tried. Every address of the name must be permitted:
 * one that is not shows that the name is not what it seems.
 */
export async function resolveTarget(
  url: string,
  policy: TargetPolicy,
  lookup: Lookup,
): Promise<{ readonly addresses: readonly TargetAddress[] } | TargetProblem> {
  const problem = checkTargetUrl(url, policy);
  if (problem) return problem;
  const target = readTarget(url);
  if ('kind' in target) return target;
  const { host } = target;
  if (ipaddr.isValid(host)) return { addresses: [addressOf(host)] };
  if (isLocalName(host)) return { addresses: listLocal(host, policy) };

  let addresses: readonly TargetAddress[];
  try {
    addresses = await lookup(host);
  } catch (error) {
    return unresolved(host, String((error as { code?: unknown }).code ?? 'no code'));
  }
  for (const { address } of addresses) {
    const wrong = checkAddress(address, host, policy);
    if (wrong) return wrong;
  }
  return addresses.length > 0 ? { addresses } : unresolved(host, 'no address');
}

interface Target {
  readonly host: string;
  readonly port: number;
}

/** URL parsing also brings odd spellings of IPv4 (decimal, octal, hexadecimal, short) into four decimal parts. */
function readTarget(url: string): Target | TargetProblem {
  const invalid = (message: string): TargetProblem => ({ kind: 'invalid', message });
  if (url.length > MAX_URL) return invalid(`The address must not be longer than ${MAX_URL} characters.`);
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
    return invalid('The address must be a full URL that starts with https:// or http://.');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return invalid('The address must not contain a user name or password.');
  }
  if (parsed.port === '0') return invalid('The address must not use port 0.');
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const port = Number(parsed.port) || (parsed.protocol === 'https:' ? 443 : 80);
  return host === '' ? invalid('The address must name a host.') : { host, port };
}

function checkAddress(address: string, host: string, policy: TargetPolicy): TargetProblem | null {
  if (isMetadata(address)) return forbidMetadata(host);
  const permitted = isPublic(address) || isAllowed(host, policy) || isInRanges(address, policy.ranges);
  return permitted ? null : forbidPrivate(host, address);
}

function isAllowed(host: string, policy: TargetPolicy): boolean {
  return policy.hosts.includes(host) || isInRanges(host, policy.ranges);
}

/** These names are the machine itself whatever a resolver says (RFC 6761, 6.3). */
function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

function listLocal(host: string, policy: TargetPolicy): readonly TargetAddress[] {
  return ['127.0.0.1', '::1'].filter((address) => checkAddress(address, host, policy) === null).map(addressOf);
}

function addressOf(address: string): TargetAddress {
  return { address, family: ipaddr.IPv6.isValid(address) ? 6 : 4 };
}

function forbidPrivate(host: string, address: string): TargetProblem {
  const what = host === address ? `${host} is` : `${host} resolves to ${address}, which is`;
  return {
    kind: 'forbidden',
    message: `${what} not a public address. Use a public one, or have the merchant add it to PAYCORE_NOTIFY_ALLOW.`,
  };
}

function forbidMetadata(host: string): TargetProblem {
  return {
    kind: 'forbidden',
    message: `${host} is a cloud metadata service, which is never allowed, not even by PAYCORE_NOTIFY_ALLOW.`,
  };
}

function unresolved(host: string, code: string): TargetProblem {
  return { kind: 'unresolved', message: `${host} could not be resolved (${code}).` };
}
