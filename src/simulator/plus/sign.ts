import { createHash, createHmac } from 'node:crypto';
import { isSame } from '../digest.ts';

/** The ways of signing that gateways of this kind know; which one PLUS uses is in the merchant's contract with it. */
export const signings = ['md5-key', 'md5-amp', 'md5-bare', 'hmac-sha256', 'none'] as const;
export type Signing = (typeof signings)[number];

type Fields = Readonly<Record<string, string>>;

const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');

const signers: Readonly<Record<Signing, (text: string, secret: string) => string>> = {
  'md5-key': (text, secret) => md5(`${text}&key=${secret}`),
  'md5-amp': (text, secret) => md5(`${text}&${secret}`),
  'md5-bare': (text, secret) => md5(text + secret),
  'hmac-sha256': (text, secret) => createHmac('sha256', secret).update(text, 'utf8').digest('hex'),
  none: () => '',
};

/** What is signed: every field but `sign` and empty ones, by name, `k=v` joined by `&`. */
const canonicalise = (fields: Fields): string =>
  Object.entries(fields)
    .filter(([name, value]) => name !== 'sign' && value !== '')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** In lower-case hex; '' when nothing is signed. */
export const signOf = (fields: Fields, secret: string, signing: Signing): string =>
  signers[signing](canonicalise(fields), secret);

export const isSigned = (fields: Fields, secret: string, signing: Signing): boolean =>
  signing === 'none' || isSame((fields.sign ?? '').toLowerCase(), signOf(fields, secret, signing));

/** The fields with their sign, or as they are when nothing is signed. */
export const signFields = (fields: Fields, secret: string, signing: Signing): Fields =>
  signing === 'none' ? fields : { ...fields, sign: signOf(fields, secret, signing) };
