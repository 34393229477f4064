import { describe, expect, test } from 'bun:test';
import { gunzipSync } from 'node:zlib';
import { useApp } from '../../support/apps.ts';

const app = useApp({}, 'file');

const TAKES = { 'accept-encoding': 'gzip, deflate, br' };

async function open(address: string, init: RequestInit = {}) {
  const response = await app.request(address, { ...init, decompress: false } as RequestInit);
  const bytes = await response.bytes();
  const encoding = response.headers.get('content-encoding');
  return {
    status: response.status,
    encoding,
    vary: response.headers.get('vary'),
    type: response.headers.get('content-type'),
    caching: response.headers.get('cache-control'),
    text: (encoding === 'gzip' ? gunzipSync(bytes) : Buffer.from(bytes)).toString(),
    size: bytes.length,
  };
}

async function makePage(): Promise<string> {
  const { json } = await app.create('ecpay/atm');
  return String(json.data.payment_url).slice(app.url.length);
}

describe('a page for payers', () => {
  test('travels compressed to a browser that takes it, and is the same page', async () => {
    const address = await makePage();
    const plain = await open(address);
    const packed = await open(address, { headers: TAKES });
    expect([plain.encoding, plain.vary, plain.type]).toEqual([null, 'accept-encoding', 'text/html; charset=utf-8']);
    expect([packed.encoding, packed.vary, packed.type]).toEqual(['gzip', plain.vary, plain.type]);
    expect(packed.text).toBe(plain.text);
    expect(packed.caching).toBe('no-store');
    expect(packed.size).toBeLessThan(plain.size / 2);
  });

  test('is compressed with every other status as well', async () => {
    const address = await makePage();
    for (const [path, status, init] of [
      [`${address.split('?')[0]}?token=x`, 404, {}],
      ['/en/link/none', 404, {}],
      [address.replace('?', '/go?'), 303, { method: 'POST', redirect: 'manual' }],
    ] as const) {
      const page = await open(path, { ...init, headers: TAKES });
      expect([path, page.status, page.encoding]).toEqual([path, status, status === 303 ? null : 'gzip']);
    }
  });
});

test('the document of the API is compressed, which has no secret in it', async () => {
  const packed = await open('/swagger/json', { headers: TAKES });
  expect(packed.encoding).toBe('gzip');
  expect(packed.size).toBeLessThan(100_000);
  expect(packed.text).toBe((await open('/swagger/json')).text);
});

test('answers of the API and pages of the desk never are: they hold secrets beside what others may write', async () => {
  const address = await makePage();
  for (const [path, headers] of [
    ['/api/paycore/payments', { 'x-api-key': app.keys.live.api_key }],
    [address.replace('?', '/status?'), {}],
    ['/admin/login', {}],
    ['/healthz', {}],
  ] as const) {
    const answer = await open(path, { headers: { ...TAKES, ...headers } });
    expect([path, answer.status, answer.encoding]).toEqual([path, 200, null]);
  }
});
