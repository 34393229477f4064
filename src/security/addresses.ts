import ipaddr from 'ipaddr.js';

/**
 * CIDR notation of an address (`/32`, `/128`) or a range, IPv6 also in brackets; null for anything else. Only four
 * decimal parts count as IPv4, so `127.1` and `0x7f000001` are no addresses here.
 */
export function readRange(text: string): string | null {
  const plain = text.replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.IPv4.isValidFourPartDecimal(plain)) return `${plain}/32`;
  if (ipaddr.IPv6.isValid(plain)) return `${plain}/128`;
  const range = ipaddr.IPv4.isValidCIDRFourPartDecimal(plain) || ipaddr.IPv6.isValidCIDR(plain);
  return range ? plain : null;
}

/** Whether an address (IPv4, IPv6, or IPv4 mapped into IPv6) lies in one of the ranges, which are in CIDR notation. */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range);
    return network.kind() === parsed.kind() && parsed.match(network, bits);
  });
}

/** An address of the public internet. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = unwrap(ipaddr.process(address));
  if (parsed.range() !== 'unicast') return false;
  // Of IPv6 only 2000::/3 has been given out; the library calls all that has no name unicast (IANA IPv6 address space).
  return !(parsed instanceof ipaddr.IPv6) || parsed.match(ipaddr.IPv6.parse('2000::'), 3);
}

/**
 * Where clouds hand credentials to whoever asks from inside: AWS (instance, ECS, EKS, IPv6), Google, Azure, Alibaba,
 * Oracle. Some of them lie in ranges that are otherwise public.
 */
const METADATA = new Set(
  [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
  ].map((address) => ipaddr.parse(address).toNormalizedString()),
);

/** A cloud's metadata service, also when its IPv4 address hides in an IPv6 one. */
export function isMetadata(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return [parsed, unwrap(parsed), readLastFour(parsed)].some((form) =>
    METADATA.has(stripZone(form.toNormalizedString())),
  );
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The IPv4 address that a translator reaches through this one (NAT64, RFC 6052; 6to4, RFC 3056). */
function unwrap(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  const bytes = address.toByteArray();
  const range = address.range();
  if (range === 'rfc6052' && address.match(ipaddr.IPv6.parse('64:ff9b::'), 96)) return new ipaddr.IPv4(bytes.slice(12));
  return range === '6to4' ? new ipaddr.IPv4(bytes.slice(2, 6)) : address;
}

/** Compatible, mapped, translated and ISATAP addresses all end in the IPv4 address. */
function readLastFour(address: Address): Address {
  return address instanceof ipaddr.IPv6 ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

function stripZone(text: string): string {
  return text.replace(/%.*$/, '');
}
