import { seedRandom } from '../support/clock.ts';
import type { Change, Expected, Post } from './contract.ts';

/** Changes that any gateway's callbacks can be put through. A space of bits: 1 turns a digit, 0x20 a letter's case. */
const BITS = [1, 0x20] as const;

/** Every byte of the body, once with each bit turned. */
export function* flipsOfBody(post: Post, bits: readonly number[] = BITS): Generator<Change> {
  const body = Buffer.from(post.body);
  for (const bit of bits) {
    for (const [at, byte] of body.entries()) {
      const flipped = new Uint8Array(body);
      flipped[at] = byte ^ bit;
      yield { what: `byte ${at} of the body, ${byte} → ${byte ^ bit}`, post: { ...post, body: flipped } };
    }
  }
}

/** Every character of a header, as far as what comes of it can be sent in one. */
export function* flipsOfHeader(post: Post, name: string, bits: readonly number[] = BITS): Generator<Change> {
  const value = post.headers?.[name] ?? '';
  for (const { at, text } of flipsOfText(value, bits)) {
    if (!/^[!-~](?:[ -~]*[!-~])?$/.test(text)) continue;
    yield { what: `character ${at} of ${name}`, post: { ...post, headers: { ...post.headers, [name]: text } } };
  }
}

/** Every character of a parameter of the address. */
export function* flipsOfQuery(post: Post, name: string, bits: readonly number[] = BITS): Generator<Change> {
  const value = new URLSearchParams(post.query).get(name) ?? '';
  for (const { at, text } of flipsOfText(value, bits)) {
    const query = new URLSearchParams(post.query);
    query.set(name, text);
    yield { what: `character ${at} of the address’s ${name}`, post: { ...post, query: query.toString() } };
  }
}

function* flipsOfText(value: string, bits: readonly number[]): Generator<{ at: number; text: string }> {
  for (const bit of bits) {
    for (let at = 0; at < value.length; at++) {
      const flipped = String.fromCharCode(value.charCodeAt(at) ^ bit);
      yield { at, text: value.slice(0, at) + flipped + value.slice(at + 1) };
    }
  }
}

const JSON_TYPE = 'application/json';

/** What gateways are answered with whose callbacks are answered in JSON. */
export const ACCEPTED: Expected = {
  status: 200,
  type: JSON_TYPE,
  text: '{"success":true,"message":"Webhook received"}',
};
export const refuse = (message: string, error_code = 'WEBHOOK_REFUSED'): Expected => ({
  status: 400,
  type: JSON_TYPE,
  text: JSON.stringify({ success: false, message, error: { error_code } }),
});

/** What callbacks that are changed say before it. */
export const PAID = { fact: 'paid' } as const;
export const BIG = 300 * 1024;

/** Forms that nobody could have meant; `names`: fields that a careless reader would look up where they are not. */
export function* brokenForms(
  body: string,
  names: readonly string[],
  form: (what: string, body: string) => Change,
): Generator<Change> {
  for (const name of [...names, '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
    yield form(`with ${name}`, `${body}&${encodeURIComponent(name)}=1`);
    yield form(`with ${name} in front`, `${encodeURIComponent(name)}=1&${body}`);
  }
  yield form('no body', '');
  yield form('only separators', '&&&');
  yield form('broken percent', `${body}&x=%`);
  yield form('half a character', `${body}&x=%E4%BA`);
  yield form('semicolons', body.replaceAll('&', ';'));
  yield form('encoded twice', encodeURIComponent(body));
  yield form('10,000 fields', `${body}${'&a=1'.repeat(10_000)}`);
  yield form('300 kB', `${body}&x=${'a'.repeat(BIG)}`);
}

/** JSON that holds a good body, and is none. */
export function* brokenJson(text: string, json: (what: string, body: string) => Change): Generator<Change> {
  yield json('in a list', `[${text}]`);
  yield json('cut off', text.slice(0, -1));
  yield json('and more behind', `${text}1`);
  yield json('a text', JSON.stringify(text));
  yield json('under data', `{"data":${text}}`);
  yield json('__proto__ for fields', `{"__proto__":${text}}`);
  yield json('10,000 deep', `${'{"data":'.repeat(10_000)}1${'}'.repeat(10_000)}`);
  yield json('null', 'null');
}

/** So many of them, evenly spread, the first among them: where every single one costs a call of the gateway. */
export function thinOut(changes: Iterable<Change>, count = 240): readonly Change[] {
  const all = [...changes];
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor(i * step)]).flatMap(
    (change) => change ?? [],
  );
}

/**
 * Bytes of the body taken out, put in and exchanged at random, the same ones in every run. Left out is what means the
 * same as before: `meaningOf` says what a body means to a reader who is in his right mind.
 */
export function* scramble(post: Post, count: number, meaningOf: (body: Buffer) => string): Generator<Change> {
  const random = seedRandom(7);
  const body = Buffer.from(post.body);
  for (let i = 0; i < count; i++) {
    const [kind = 0, high = 0, low = 0, byte = 0] = random(4);
    const at = (high * 256 + low) % body.length;
    const inserted = kind % 3 === 0 ? Buffer.alloc(0) : Buffer.from([byte]);
    const rest = body.subarray(kind % 3 === 1 ? at : at + 1);
    const changed = Buffer.concat([body.subarray(0, at), inserted, rest]);
    if (changed.equals(body) || meaningOf(changed) === meaningOf(body)) continue;
    const what = `scrambled ${['taken out', 'put in', 'exchanged'][kind % 3]} at ${at} (${byte})`;
    yield { what, post: { ...post, body: new Uint8Array(changed) } };
  }
}

export type Pairs = readonly (readonly [string, string])[];

export function encodeForm(pairs: Pairs): string {
  return new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString();
}

/** Every field of a form spoilt in every way in which a careless reader may take it for itself. */
export function* spoilFields(
  pairs: Pairs,
  post: (pairs: Pairs) => Post,
  more: (name: string, value: string) => Readonly<Record<string, Pairs>> = () => ({}),
): Generator<Change> {
  for (const [index, [name, value]] of pairs.entries()) {
    const put = (what: string, ...instead: Pairs): Change => ({
      what: `${name}: ${what}`,
      post: post(pairs.toSpliced(index, 1, ...instead)),
    });
    yield put('missing');
    yield put('twice the same', [name, value], [name, value]);
    yield put('twice, another one last', [name, value], [name, `${value}1`]);
    yield put('twice, another one first', [name, '1'], [name, value]);
    yield put('an array', [`${name}[]`, value]);
    yield put('an indexed array', [`${name}[0]`, value]);
    yield put('another name', [`${name}_`, value]);
    yield put('a space behind', [name, `${value} `]);
    yield put('a space in front', [name, ` ${value}`]);
    yield put('a NUL behind', [name, `${value}\0`]);
    yield put('a line break behind', [name, `${value}\r\n`]);
    if (value !== '') yield put('empty', [name, '']);
    for (const [what, instead] of Object.entries(more(name, value))) yield put(what, ...instead);
  }
}

const FORM = 'application/x-www-form-urlencoded';

/** The same of a form that comes to an address of its own; `inside`: a field that hides in the value of another. */
export const spoilForm = (fields: Readonly<Record<string, string>>, query: string, inside: string): Generator<Change> =>
  spoilFields(
    Object.entries(fields),
    (pairs) => ({ type: FORM, body: encodeForm(pairs), query }),
    (name, value) => ({
      'in capitals': [[name.toUpperCase(), value]],
      'twice, an empty one last': [
        [name, value],
        [name, ''],
      ],
      'a field inside': [[name, `${value}&${inside}`]],
    }),
  );

/** Bodies of any kind that come to one address. */
export const postsTo =
  (query: string) =>
  (what: string, body: string | Uint8Array<ArrayBuffer>, type = FORM): Change => ({
    what,
    post: { type, body, query },
  });
