import type { Change, Post } from './contract.ts';
import { FORM } from './ecpay-callbacks.ts';

/** Single-byte changes of ECPay's callbacks. */

interface Piece {
  readonly name: Buffer;
  readonly value: Buffer;
}

function splitForm({ body }: Post): Piece[] {
  const decode = (text: string) => Buffer.from(decodeURIComponent(text.replaceAll('+', ' ')));
  return String(body)
    .split('&')
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return { name: decode(name), value: decode(value) };
    });
}

/** Every byte as %XX, so that bytes which are no UTF-8 can be sent too. */
function joinForm(pieces: readonly Piece[]): Post {
  const encode = (bytes: Buffer) => bytes.toHex().replace(/../g, '%$&');
  return { type: FORM, body: pieces.map(({ name, value }) => `${encode(name)}=${encode(value)}`).join('&') };
}

function* flipForm(post: Post, bit: number, isWanted: (byte: number, part: string) => boolean): Generator<Change> {
  const pieces = splitForm(post);
  for (const [index, piece] of pieces.entries()) {
    for (const part of ['name', 'value'] as const) {
      for (const [at, byte] of piece[part].entries()) {
        if (!isWanted(byte, `${piece.name}`)) continue;
        const flipped = Buffer.from(piece[part]);
        flipped[at] = byte ^ bit;
        const changed = pieces.with(index, { ...piece, [part]: flipped });
        yield { what: `${part} of ${piece.name}, byte ${at}, ${byte} → ${flipped[at]}`, post: joinForm(changed) };
      }
    }
  }
}

const isLetter = (byte: number) => /[A-Za-z]/.test(String.fromCharCode(byte));

/** Every byte of every name and value, its lowest bit turned, and all but letters with the bit of letter case too. */
export function* flipsOfForm(post: Post): Generator<Change> {
  yield* flipForm(post, 1, () => true);
  yield* flipForm(post, 0x20, (byte) => !isLetter(byte));
}

/** ECPay's signature is made over lower-case text: it does not see the case of a letter (developer docs p=2902). */
export function* caseFlipsOfForm(post: Post): Generator<Change> {
  yield* flipForm(post, 0x20, isLetter);
  const pieces = splitForm(post);
  const inCase = (to: 'toLowerCase' | 'toUpperCase', part: 'name' | 'value') =>
    pieces.map((piece) => ({ ...piece, [part]: Buffer.from(piece[part].toString()[to]()) }));
  for (const [index, piece] of pieces.entries()) {
    const lower = { ...piece, name: Buffer.from(piece.name.toString().toLowerCase()) };
    yield { what: `${piece.name} named in lower case`, post: joinForm(pieces.with(index, lower)) };
  }
  for (const part of ['name', 'value'] as const) {
    yield { what: `every ${part} in lower case`, post: joinForm(inCase('toLowerCase', part)) };
    yield { what: `every ${part} in upper case`, post: joinForm(inCase('toUpperCase', part)) };
  }
}

/** Every character of the base64 text of `Data`. */
export function* flipsOfSealed(post: Post): Generator<Change> {
  const whole = JSON.parse(String(post.body));
  const text = Buffer.from(whole.Data);
  for (const bit of [1, 0x20]) {
    for (const [at, byte] of text.entries()) {
      const flipped = Buffer.from(text);
      flipped[at] = byte ^ bit;
      // A space stands for "+" on purpose, and so is no change.
      if (flipped[at] === 0x20) continue;
      const body = JSON.stringify({ ...whole, Data: flipped.toString('latin1') });
      yield { what: `byte ${at}, ${byte} → ${flipped[at]}`, post: { ...post, body } };
    }
  }
}
