import { describe, expect, test } from 'bun:test';
import { findInAppBrowser } from '../../../src/payments/checkout/in-app.ts';
import { useApp } from '../../support/apps.ts';

/** Pages opened from a chat: many payers never leave the app that the shop's link came in. */

const app = useApp({}, 'file');

const SAFARI = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const WEBVIEW = 'Mozilla/5.0 (Linux; Android 13; SM-A536E; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0';
const LINE = `${SAFARI} Mobile/15E148 Safari Line/14.9.0`;
const INSTAGRAM = `${SAFARI} Mobile/21F90 Instagram 334.0.4.32.98 (iPhone14,5; iOS 17_5; FBAN/FBIOS)`;

const page = async (path: string, body: object, userAgent: string) => {
  const { json } = await app.create(path, body);
  const { pathname, search } = new URL(String(json.data.payment_url));
  const open = async (agent: string) =>
    (await app.request(pathname + search, { headers: { 'user-agent': agent } })).text();
  return { open, text: await open(userAgent) };
};

describe('a browser says that it lives in an app', () => {
  test.each([
    ['LINE', LINE],
    ['LINE', `${WEBVIEW} Chrome/126.0 Mobile Safari/537.36 Line/14.9.0/IAB`],
    ['Instagram', INSTAGRAM],
    ['Facebook', `${WEBVIEW} Chrome/72.0 Mobile Safari/537.36 [FB_IAB/Orca-Android;FBAV/201.0.0.12.99;]`],
    ['Facebook', `${SAFARI} Mobile/21F90 [FBAN/FBIOS;FBAV/470.0.0.32.109;FBBV/609]`],
    ['WeChat', `${WEBVIEW} Chrome/116.0 Mobile Safari/537.36 XWEB/1160 MMWEBSDK/2024 MicroMessenger/8.0.49`],
  ])('%s', (name, userAgent) => {
    expect(findInAppBrowser(userAgent)?.app).toBe(name);
  });

  test.each([
    ['Safari', `${SAFARI} Version/17.5 Mobile/15E148 Safari/604.1`],
    ['a word that ends like it', 'Offline/1.0 Baseline/2'],
    ['nothing at all', null],
  ])('%s does not', (_name, userAgent) => {
    expect(findInAppBrowser(userAgent)).toBeNull();
  });
});

describe('the page', () => {
  test('that leads to a cashier says in LINE how to leave it, by one tap, and waits for the payer to choose', async () => {
    const { open, text } = await page('ecpay/aio/credit', {}, LINE);
    expect(text).toContain('data-in-app="LINE"');
    expect(text).toMatch(/<a class="button" href="http[^"]+\?token=[^"]+&amp;openExternalBrowser=1"/);
    expect(text).toContain('data-go="again"');
    // Within the second in which a page is not drawn twice.
    const elsewhere = await open(SAFARI);
    expect(elsewhere).not.toContain('data-in-app');
    expect(elsewhere).toContain('data-go="first"');
  });

  test('says it in words where the app knows no such address', async () => {
    const { text } = await page('ecpay/ecpg', { buyer_email: 'a@example.com' }, INSTAGRAM);
    expect(text).toContain('data-in-app="Instagram"');
    expect(text).toContain('在瀏覽器開啟');
    expect(text).not.toContain('openExternalBrowser');
  });

  test.each(['ecpay/atm', 'ecpay/cvs', 'ecpay/barcode'])(
    'of %s says nothing: its number works anywhere',
    async (path) => {
      const { text } = await page(path, {}, LINE);
      expect(text).not.toContain('data-in-app');
    },
  );
});
