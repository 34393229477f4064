import { describe, expect, test } from 'bun:test';
import { STAGE, type TestApp } from '../../support/app.ts';
import { useApps } from '../../support/apps.ts';

const start = useApps();

async function read(app: TestApp, path = '/', language = 'en'): Promise<string> {
  const response = await app.request(path, { headers: { 'accept-language': language } });
  expect(response.status).toBe(200);
  return response.text();
}

const langOf = (html: string) => /<html lang="([^"]+)"/.exec(html)?.[1];

/** A live payment of the shop, paid, and one of its test key. */
async function payTwice(app: TestApp): Promise<void> {
  const live = { 'x-api-key': app.keys.live.api_key };
  const orders = [
    [
      { gateway_credentials: { ...STAGE, environment: 'production' }, merchant_order_no: 'SECRET-1-LIVE', amount: 300 },
      live,
    ],
    [{ merchant_order_no: 'SECRET-2-TEST', amount: 77 }, {}],
  ] as const;
  for (const [body, headers] of orders) {
    const { json } = await app.create('ecpay/atm', body, headers);
    await app.simulate(String(json.data.gateway_order_no), 'pay');
  }
}

describe('the home of an installation', () => {
  test('speaks the language of its address, or the one that the browser wants', async () => {
    const app = await start();
    expect(langOf(await read(app, '/', 'en'))).toBe('en');
    expect(langOf(await read(app, '/', 'zh-HK'))).toBe('zh-Hant-TW');
    expect(langOf(await read(app, '/', 'de'))).toBe('zh-Hant-TW');
    expect(langOf(await read(app, '/en', 'zh-TW'))).toBe('en');
    expect(langOf(await read(app, '/zh-tw', 'en'))).toBe('zh-Hant-TW');
    // Languages of payers have that of the desk which is nearest.
    expect(langOf(await read(app, '/zh-cn', 'en'))).toBe('zh-Hant-TW');
    expect(langOf(await read(app, '/ja', 'zh-TW'))).toBe('en');
  });

  test('is a page under the strict policy, answers HEAD, and leaves other paths what they were', async () => {
    const app = await start();
    const response = await app.request('/', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self'");
    expect(response.headers.get('vary')).toContain('accept-language');
    for (const path of ['/nothing', '/fr', '/index.html']) {
      const missing = await app.request(path);
      expect([path, missing.status]).toEqual([path, 404]);
      expect(await missing.json()).toMatchObject({ success: false, error: { error_code: 'ROUTE_NOT_FOUND' } });
    }
    const posted = await app.request('/', { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  test('shows no figure, and is the same page before and after money came, unless the merchant has switched it on', async () => {
    const app = await start();
    const before = await read(app);
    await payTwice(app);
    app.clock.advance(11_000);
    expect(await read(app)).toBe(before);
  });

  test('with the public home on shows real money alone, under masked numbers', async () => {
    const app = await start({ env: { PAYCORE_PUBLIC_HOME: 'on' } });
    await payTwice(app);
    const html = await read(app);
    const text = html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(text).toContain('NT$ 300 1 payment');
    expect(text).toContain('SE*********VE');
    expect(text).not.toContain('77');
    expect(html).not.toMatch(/SECRET|PAY\d/);
  });
});
