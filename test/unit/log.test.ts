import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { cleanText, createFileSink, createLog, type LogFields } from '../../src/log.ts';
import { sameRuns } from '../support/clock.ts';
import { costOf } from '../support/cost.ts';

function capture(level: 'debug' | 'info' | 'warn' | 'error' = 'debug') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, now: () => 0, write: (line) => lines.push(line) }) };
}

function entryOf(message: string, fields?: LogFields): { line: string; entry: Record<string, unknown> } {
  const { lines, log } = capture();
  log.info(message, fields);
  const line = lines[0] ?? '';
  return { line, entry: JSON.parse(line) };
}

describe('createLog', () => {
  test('writes one JSON line with time, level and message first', () => {
    expect(entryOf('hello', { a: 1 }).line).toBe(
      '{"time":"1970-01-01T00:00:00.000Z","level":"info","msg":"hello","a":1}',
    );
  });

  test('drops what is below its level', () => {
    const { lines, log } = capture('warn');
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['c', 'd']);
  });

  test('children add their fields', () => {
    const { lines, log } = capture();
    log.child({ request: 'r1' }).child({ part: 'x' }).info('m', { part: 'y' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ request: 'r1', part: 'y' });
  });

  test('fields cannot pose as time, level or message', () => {
    expect(entryOf('m', { msg: 'forged', level: 'x' }).entry).toMatchObject({
      msg: 'm',
      level: 'info',
      msg_: 'forged',
    });
  });

  test('never throws, neither for the sink nor for a hostile object', () => {
    const log = createLog({
      level: 'debug',
      now: () => 0,
      write: () => {
        throw new Error('disk full');
      },
    });
    expect(() => log.info('m')).not.toThrow();
    const hostile = {
      get boom() {
        throw new Error('no');
      },
    };
    expect(entryOf('m', { hostile }).entry.hostile).toEqual({ boom: '[unreadable]' });
  });
});

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
    .replace(new RegExp(`(${words}[\\w-]{0,20}=)[^&\\s"'#]+`, 'gi'), '$1…')
    .replace(new RegExp(`(${words}[\\w-]{0,20}\\\\?"\\s{0,5}:\\s{0,5}\\\\?")[^"\\\\]+`, 'gi'), '$1…')
    .replace(new RegExp(`((?:${words})\\s{0,3}:\\s{0,3})(?![\\s"'\\\\])[^\\s&"',]+`, 'gi'), '$1…');
  if (clean.length <= 2048 && text.length <= 8192) return clean;
  return `${clean.slice(0, 2048)}… (${Math.max(1, text.length - 2048)} more characters)`;
}

describe('looking first', () => {
  const WORDS =
    'pc_live_ pc_test_ whsec_ sk_live_ rk_test_ _secret_ secret passwd password passphrase token cookie authorization credential credentials api_key apikey hash-key hashiv HashKey master_key privatekey verify_key CheckMacValue check-mac_value Bearer Basic ?t= &vt= ?T= S3cr3t live x 9 é \u212aey \u017fecret ToKeN';
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

describe('size and shape', () => {
  test('errors carry name, message, code, stack and cause', () => {
    const error = Object.assign(new TypeError('broken', { cause: 'why' }), { code: 'EX', config: { password: 'x' } });
    const { entry } = entryOf('m', { error });
    expect(entry.error).toMatchObject({ name: 'TypeError', message: 'broken', code: 'EX', cause: 'why' });
    expect(entry.error).toHaveProperty('stack');
    expect(entry.error).not.toHaveProperty('config');
  });

  test('circles, depth, width, long texts and odd types are bounded', () => {
    const circle: Record<string, unknown> = {
      n: 10n,
      f: () => 1,
      d: new Date(0),
      b: new Uint8Array(9),
      nan: Number.NaN,
    };
    circle.self = circle;
    let deep: unknown = 'end';
    for (let i = 0; i < 20; i += 1) deep = { deep };
    const { entry, line } = entryOf('m', {
      circle,
      deep,
      wide: Array.from({ length: 1000 }, () => 'x'),
      long: 'y'.repeat(9e5),
    });
    expect(entry.circle).toEqual({
      n: '10',
      f: '[function]',
      d: '1970-01-01T00:00:00.000Z',
      b: '[9 bytes]',
      nan: 'NaN',
      self: '[circular]',
    });
    expect(JSON.stringify(entry.deep)).toContain('[too deep]');
    expect(entry.wide).toHaveLength(51);
    expect(line.length).toBeLessThan(5000);
  });

  test('a tree that is wide at every depth stays small', () => {
    const grow = (depth: number): unknown =>
      depth === 0 ? 'x'.repeat(5000) : Array.from({ length: 40 }, () => grow(depth - 1));
    expect(entryOf('m', { tree: grow(3) }).line.length).toBeLessThan(1_500_000);
  });

  test('a line stays a line', () => {
    const { line, entry } = entryOf('a\nb\u0085c\u2028d\u001b[31m');
    expect(line).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(entry.msg).toBe('a\nb\u0085c\u2028d\u001b[31m');
  });

  test('a hostile text is cleaned quickly', async () => {
    const cost = await costOf(() => {
      for (const part of ['token', '"token"', 'secret_', 'Bearer ', 'token:', '?t=', 'apikey='])
        entryOf(part.repeat(50_000));
    });
    expect(cost).toBeLessThan(1000);
  });
});

describe('createFileSink', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'paycore-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('appends lines to a file of its owner', () => {
    const path = join(folder, 'a.log');
    for (const line of ['one', 'two']) {
      const sink = createFileSink(path);
      sink.write(line);
      sink.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('rotates and keeps so many', () => {
    const path = join(folder, 'a.log');
    const sink = createFileSink(path, { maxBytes: 10, keep: 2 });
    for (const line of ['aaaaaa', 'bbbbbb', 'cccccc', 'dddddd']) sink.write(line);
    sink.close();
    const read = (suffix: string) => readFileSync(path + suffix, 'utf8');
    expect([read(''), read('.1'), read('.2')]).toEqual(['dddddd\n', 'cccccc\n', 'bbbbbb\n']);
    expect(existsSync(`${path}.3`)).toBe(false);
  });

  test('keeps none when told so', () => {
    const path = join(folder, 'a.log');
    const sink = createFileSink(path, { maxBytes: 10, keep: 0 });
    for (const line of ['aaaaaa', 'bbbbbb']) sink.write(line);
    sink.close();
    expect(readFileSync(path, 'utf8')).toBe('bbbbbb\n');
    expect(existsSync(`${path}.1`)).toBe(false);
  });

  test('drops lines instead of throwing', () => {
    expect(() => createFileSink(join(folder, 'missing', 'a.log')).write('x')).not.toThrow();
    expect(() => createFileSink('/dev/full').write('no space left on this device')).not.toThrow();
  });
});
