import type { Secrets } from '../../src/gateways/gateway.ts';
import type { GatewayHttp, GatewayResponse } from '../../src/gateways/http.ts';
import { START } from './clock.ts';

/** A gateway that quotes what it was sent, and what to look for then. */

/** The set that is quoted; what tells the merchant is no secret. */
export const MARKED: Readonly<Record<string, Secrets>> = {
  ecpay: { merchant_id: '3002607', hash_key: 'Qk7+Rv/9"Zx2<Lp4', hash_iv: 'Mw5&Tn8%Hb3=Jc6y' },
  smilepay: {
    dcvc: '2109',
    rvg2c: '1',
    verify_key: 'FACE0FF1CE00FACE0FF1CE00FACE0FF1',
    validation_token: 'Vouchsafe/me+with=this',
  },
  paypal: {
    client_id: 'CLIENT_OF_THE_MARKED',
    client_secret: 'EK+secret/of~the\\marked',
    webhook_id: 'WHOFTHEMARKED1',
  },
  stripe: {
    secret_key: 'sk_test_51MarkedSecretKey',
    publishable_key: 'pk_test_51PublicOfTheShop',
    webhook_secret: 'whsec_MarkedWebhook/Secret+',
    callback_secret: '密 callback "marked"',
  },
  plus: { appid: 'APPIDOFMARKED', secret_key: 'plus&secret=of|the<marked>' },
};

export const PUBLIC: ReadonlySet<string> = new Set([
  'merchant_id',
  'dcvc',
  'rvg2c',
  'client_id',
  'publishable_key',
  'appid',
]);

const secretsOf = (set: Secrets): readonly string[] =>
  Object.entries(set).flatMap(([name, value]) => (PUBLIC.has(name) ? [] : [value]));

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Every way in which one gateway or another writes what it quotes. */
export function listQuotes(set: Secrets): readonly string[] {
  const merchant = Object.entries(set).find(([name]) => PUBLIC.has(name))?.[1] ?? '';
  return secretsOf(set).flatMap((secret) => [
    secret,
    secret.toLowerCase(),
    encodeURIComponent(secret),
    encodeURIComponent(encodeURIComponent(secret)),
    new URLSearchParams({ a: secret }).toString().slice(2).toLowerCase(),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify({ said: JSON.stringify(secret) }),
    [...secret].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    secret.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`),
    `Basic ${base64(`${merchant}:${secret}`)}`,
    base64(secret),
    base64(`{"key":"${secret}"}`),
    Buffer.from(` ${secret} `).toString('base64url'),
    Buffer.from(secret).toString('hex'),
  ]);
}

/** Texts in which, wherever they are cut, a secret stands. */
export function listTexts(set: Secrets): readonly string[] {
  const quotes = listQuotes(set);
  return [
    quotes.join(' '),
    ...secretsOf(set).flatMap((secret) => [secret, `${secret} `.repeat(Math.ceil(700 / secret.length))]),
  ];
}

/** What of the set stands in the text; half a secret counts, and so does one in another writing. */
export function findLeaks(set: Secrets, text: string): readonly string[] {
  const low = text.toLowerCase();
  // What kind of key it is may be said.
  const bare = secretsOf(set).map((secret) => secret.replace(/^(sk_test|whsec)_/, ''));
  const halves = bare.flatMap((secret) => [secret.slice(0, 7), secret.slice(-7)]);
  return [...halves, ...listQuotes(set)].filter((one) => low.includes(one.toLowerCase()) || low.includes(escaped(one)));
}

const escaped = (text: string) => JSON.stringify(text).slice(1, -1).toLowerCase();

/** The value with one of its texts, or numbers, replaced; and with all of them. */
export function* mutate(value: unknown, text: string): Generator<unknown> {
  const paths = [...listPaths(value)];
  for (const path of paths) yield replaceAt(value, path, text);
  yield paths.reduce((changed, path) => replaceAt(changed, path, text), value);
}

function* listPaths(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) yield path;
  else for (const [key, inner] of Object.entries(value)) yield* listPaths(inner, [...path, key]);
}

function replaceAt(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
  if (key === undefined) return text;
  if (Array.isArray(value)) return value.map((item, at) => (String(at) === key ? replaceAt(item, rest, text) : item));
  const object = value as Readonly<Record<string, unknown>>;
  return { ...object, [key]: replaceAt(object[key], rest, text) };
}

export interface Said {
  readonly status?: number;
  readonly body: string;
}

/** Answers one after the other, the last one again and again. */
export function answerInTurn(answers: readonly Said[]): GatewayHttp {
  let at = 0;
  const answer = async (): Promise<GatewayResponse> => {
    const { status = 200, body = '' } = answers[Math.min(at++, answers.length - 1)] ?? {};
    return { status, headers: new Headers(), body: Buffer.from(body), date: START, elapsedMs: 1 };
  };
  return { get: answer, post: answer };
}
