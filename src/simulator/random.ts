export type Random = (bytes: number) => Uint8Array;

/** Decimal digits; the small bias of a byte modulo ten does not matter for made-up numbers. */
export function digits(random: Random, count: number): string {
  return Array.from(random(count), (byte) => String(byte % 10)).join('');
}
