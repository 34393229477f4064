export type Random = (bytes: number) => Uint8Array;

/** Decimal digits; the small bias of a byte modulo ten does not matter for made-up numbers. */
export const digits = (random: Random, count: number): string =>
  Array.from(random(count), (byte) => String(byte % 10)).join('');

/** One letter for each byte, with the same small bias. */
export const spell = (bytes: Uint8Array, alphabet: string): string =>
  Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');

/** A number that begins with `head` and is not taken; the next free one when chance hits a taken one. */
export function freeNumber(random: Random, head: string, length: number, isTaken: (number: string) => boolean): string {
  let tail = Number(digits(random, length));
  const write = () => head + String(tail).padStart(length, '0');
  while (isTaken(write())) tail = (tail + 1) % 10 ** length;
  return write();
}
