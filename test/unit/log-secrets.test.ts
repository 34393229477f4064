import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { cleanText } from '../../src/log.ts';
import { sameRuns } from '../support/clock.ts';
import { entryOf } from '../support/log.ts';

describe('secrets', () => {
  const SECRET = 'S3cr3tValue';

  test.each([
    'hash_key',
    'hash_iv',
    'HashKey',
    'HashIV',
    'api_key',
    'x-api-key',
    'X-API-KEY',
    'Authorization',
    'secret',
    'client_secret',
    'password',
    'token',
    'pay_token',
    'PayToken',
    'access_token',
    'Cookie',
    'set-cookie',
    'CheckMacValue',
    'gateway_credentials',
    'master_key',
    'Verify_key',
    'notification_secret',
  ])('are hidden under the name %s at any depth', (name) => {
    const { line } = entryOf('m', { [name]: SECRET, deep: [{ inner: { [name]: { again: SECRET } } }] });
    expect(line).not.toContain(SECRET);
  });

  test.each([
    `key pc_live_${SECRET}`,
    `key pc_test_${SECRET}.`,
    `whsec_${SECRET}+/==`,
    `sk_live_${SECRET}`,
    `sk_test_${SECRET}`,
    `rk_live_${SECRET}`,
    `pi_1_secret_${SECRET}`,
    `https://pay.example/zh-tw/pay/PAY1?token=${SECRET}&x=1`,
    `https://pay.example/callback?t=${SECRET}`,
    `https://pay.example/callback?a=1&vt=${SECRET}`,
    `/admin/welcome/${SECRET}`,
    `HashKey=${SECRET}&ChoosePayment=ATM`,
    `CheckMacValue=${SECRET}`,
    `Authorization: Bearer ${SECRET}`,
    `authorization: Basic ${SECRET}==`,
    `X-API-KEY: ${SECRET}`,
    `{"hash_key":"${SECRET}","a":1}`,
    `{\\"HashIV\\": \\"${SECRET}\\"}`,
  ])('are hidden inside a text: %s', (text) => {
    expect(entryOf(text).line).not.toContain(SECRET);
    expect(entryOf('m', { list: [text], [text]: 1 }).line).not.toContain(SECRET);
    const failure = new Error(text, { cause: new Error(text) });
    expect(entryOf('m', { failure }).line).not.toContain(SECRET);
  });

  test('are not seen where there are none', () => {
    const fields = { merchant_id: '2000132', has_secret: true, secret: null, url: 'https://a.example/x?page=2' };
    expect(entryOf('token bucket is empty', fields).entry).toMatchObject({ msg: 'token bucket is empty', ...fields });
  });

  test('are hidden in headers and maps', () => {
    const headers = new Headers({ 'x-api-key': SECRET, accept: 'text/html' });
    const { line, entry } = entryOf('m', { headers, map: new Map([['password', SECRET]]) });
    expect(line).not.toContain(SECRET);
    expect(entry.headers).toMatchObject({ accept: 'text/html' });
  });
});

/** The rules one after the other on every text, as they are meant; the log itself looks first whether one applies. */
function cleanSlowly(text: string): string {
  const words =
    '(?:secret|passw(?:or)?d|passphrase|token|cookie|authorization|credentials?|api[_-]?key|hash[_-]?key|hash[_-]?iv|master[_-]?key|private[_-]?key|verify[_-]?key|check[_-]?mac[_-]?value)';
  const clean = text
    .slice(0, 8192)
    .replace(/\bpc_(live|test)_[A-Za-z0-9]+/g, 'pc_$1_…')
    .replace(/\bwhsec_[A-Za-z0-9+/=_-]+/g, 'whsec_…')
    .replace(/\b(sk|rk)_(live|test)_[A-Za-z0-9]+/g, '$1_$2_…')
    .replace(/_secret_[A-Za-z0-9]+/g, '_secret_…')
    .replace(/\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]+/gi, '$1 …')
    .replace(/([?&](?:t|vt)=)[^&\s"'#]+/gi, '$1…')
    .replace(/(\/admin\/welcome\/)[A-Za-z0-9_-]+/g, '$1…')
    .replace(new RegExp(`(${words}[\\w-]{0,20}=)[^&\\s"'#]+`, 'gi'), '$1…')
    .replace(new RegExp(`(${words}[\\w-]{0,20}\\\\?"\\s{0,5}:\\s{0,5}\\\\?")[^"\\\\]+`, 'gi'), '$1…')
    .replace(new RegExp(`((?:${words})\\s{0,3}:\\s{0,3})(?![\\s"'\\\\])[^\\s&"',]+`, 'gi'), '$1…');
  if (clean.length <= 2048 && text.length <= 8192) return clean;
  return `${clean.slice(0, 2048)}… (${Math.max(1, text.length - 2048)} more characters)`;
}

describe('looking first', () => {
  const WORDS =
    'pc_live_ pc_test_ whsec_ sk_live_ rk_test_ _secret_ secret passwd password passphrase token cookie authorization credential credentials api_key apikey hash-key hashiv HashKey master_key privatekey verify_key CheckMacValue check-mac_value Bearer Basic ?t= &vt= ?T= /admin/welcome/ S3cr3t live x 9 é \u212aey \u017fecret ToKeN';
  const SIGNS = [
    '=',
    ':',
    '"',
    '\\\\',
    "'",
    ' ',
    '   ',
    '\t',
    '\n',
    '\u00a0',
    '&',
    '?',
    '#',
    '_',
    '-',
    ',',
    '.',
    '/',
    '+',
    '',
  ];
  const part = fc.oneof(
    fc.constantFrom(...WORDS.split(' ')),
    fc.constantFrom(...WORDS.split(' ')).map((word) => word.toUpperCase()),
    fc.constantFrom(...SIGNS),
    fc.constantFrom(...SIGNS),
    fc.string({ maxLength: 4, unit: 'binary' }),
  );
  const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));

  test('hides just what the rules hide, whatever the text', () => {
    fc.assert(
      fc.property(text, (one) => expect(cleanText(one)).toBe(cleanSlowly(one))),
      sameRuns(5000),
    );
  });

  test('does so where a text is cut as well', () => {
    const length = fc.oneof(fc.integer({ min: 2000, max: 2080 }), fc.integer({ min: 8140, max: 8220 }));
    fc.assert(
      fc.property(text, text, length, (start, end, fill) => {
        const long = `${start} ${'x'.repeat(fill)} ${end}`;
        expect(cleanText(long)).toBe(cleanSlowly(long));
      }),
      sameRuns(1000),
    );
  });

  test('does so for names and values of an entry', () => {
    fc.assert(
      fc.property(text, text, (name, value) => {
        const { line } = entryOf(value, { list: [value], map: new Map([[name, null]]) });
        const map = Object.fromEntries([[cleanSlowly(name), null]]);
        expect(JSON.parse(line)).toEqual(
          JSON.parse(
            JSON.stringify({
              time: '1970-01-01T00:00:00.000Z',
              level: 'info',
              msg: cleanSlowly(value),
              list: [cleanSlowly(value)],
              map,
            }),
          ),
        );
      }),
      sameRuns(2000),
    );
  });
});
