import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { GatewayContext, GatewaySetting } from '../gateway.ts';

/**
 * How PLUS signs. Its documents are not public and gateways of its kind differ in how the secret is attached, so the
 * operator chooses (PAYCORE_PLUS_SIGN). What is signed is the same for all: the fields that are not empty, without
 * `sign`, ordered by name, as `name=value` joined by `&`.
 */
type Digest = (text: string, secret: string) => string;

const md5: (text: string) => string = (text) => createHash('md5').update(text, 'utf8').digest('hex');

const DIGESTS = {
  'md5-key': (text, secret) => md5(`${text}&key=${secret}`),
  'md5-amp': (text, secret) => md5(`${text}&${secret}`),
  'md5-bare': (text, secret) => md5(text + secret),
  'hmac-sha256': (text, secret) => createHmac('sha256', secret).update(text, 'utf8').digest('hex'),
} as const satisfies Readonly<Record<string, Digest>>;

export const SIGN: GatewaySetting = {
  name: 'sign',
  variable: 'PAYCORE_PLUS_SIGN',
  words: [...Object.keys(DIGESTS), 'none'],
  fallback: 'md5-key',
  meaning: 'How PLUS signs: the way its contract with you says.',
};

export type SignVariant = keyof typeof DIGESTS | 'none';

type Fields = Readonly<Record<string, string>>;

/** What the operator chose; the configuration takes no other words. */
export function variantOf({ settings }: Pick<GatewayContext, 'settings'>): SignVariant {
  const word = settings[SIGN.name] ?? SIGN.fallback;
  if (word !== 'none' && !Object.hasOwn(DIGESTS, word)) throw new Error(`PLUS has no signing variant ${word}`);
  return word as SignVariant;
}

function writeSigned(fields: Fields): string {
  return Object.entries(fields)
    .filter(([name, value]) => name !== 'sign' && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Lower-case hex; null when nothing is signed. */
export function makeSign(fields: Fields, secret: string, variant: SignVariant): string | null {
  return variant === 'none' ? null : DIGESTS[variant](writeSigned(fields), secret);
}

/** The fields with their `sign`, or as they are where nothing is signed. */
export function signFields(fields: Fields, secret: string, variant: SignVariant): Fields {
  const sign = makeSign(fields, secret, variant);
  return sign === null ? fields : { ...fields, sign };
}

/** The signed text does not tell `a=1&b=2` in one value from two fields: such a message could be cut up anew. */
const SPELLS_A_FIELD = /&\w+=/;
const FIELD_NAME = /^\w+$/;

/** True when `fields.sign` is right, in upper or lower case; never true where nothing is signed. */
export function checkSign(fields: Fields, secret: string, variant: SignVariant): boolean {
  const foreign = ([name, value]: [string, string]) => !FIELD_NAME.test(name) || SPELLS_A_FIELD.test(value);
  const wanted = makeSign(fields, secret, variant);
  if (wanted === null || Object.entries(fields).some(foreign)) return false;
  const given = fields.sign ?? '';
  if (given.length !== wanted.length || !/^[0-9a-f]+$/i.test(given)) return false;
  return timingSafeEqual(Buffer.from(given, 'hex'), Buffer.from(wanted, 'hex'));
}
