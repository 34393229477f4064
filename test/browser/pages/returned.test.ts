import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { PageModel } from '../../../src/pages/checkout/index.ts';
import { LONG_QR, makeModel, SCREENS } from '../../unit/pages/example.ts';
import { answerPayment, html, PHONE, useStage } from '../support/stage.ts';

/** A payer who comes back from the gateway: the page stands at the address that the gateway was given. */

setDefaultTimeout(60_000);

let model: PageModel;
let asked: string[] = [];

const stage = useStage(async (_request, { pathname }) => {
  asked.push(pathname);
  if (pathname === '/return') return answerPayment({ ...model, returned: true, notice: 'cancelled' }, '/pay');
  if (pathname === '/en') return answerPayment({ ...model, locale: 'en' }, '/pay');
  if (pathname === '/go' || pathname === '/thanks') return html(`<!doctype html><title>${pathname}</title>`);
  return answerPayment(model, pathname);
});

const PAGES: PageModel['languages'] = [
  { locale: 'zh-tw', href: '/pay?token=t' },
  { locale: 'en', href: '/en?token=t' },
];
const AT_PAYPAL: Partial<PageModel> = { ...SCREENS['go, cancelled'], startAction: '/go', languages: PAGES };

beforeEach(() => {
  asked = [];
  model = makeModel({ ...AT_PAYPAL, returned: false, notice: null });
});

const count = (path: string) => asked.filter((one) => one === path).length;

describe('coming back without having paid', () => {
  test('nothing starts by itself, neither here nor in another language, though this tab has never been here', async () => {
    const { page, troubles, close } = await stage.visit();
    await page.goto(stage.at('/return?token=5O1&payment_intent_client_secret=s'));
    await page.waitForTimeout(1200);
    expect(await page.locator('[data-notice]').textContent()).toBe('您已取消付款，並未扣款。');
    await page.click('nav summary');
    await page.click('nav a[hreflang=en]');
    await page.waitForURL('**/en?token=t');
    await page.waitForTimeout(1200);
    expect(count('/go')).toBe(0);
    await page.click('[data-go] button');
    await page.waitForURL('**/go');
    expect(troubles).toEqual([]);
    await close();
  });

  test('the address is the one of the page: looking again does not ask the gateway again', async () => {
    const { page, troubles, close } = await stage.visit();
    await page.goto(stage.at('/return?token=5O1&payment_intent_client_secret=s'));
    await page.waitForURL('**/pay?token=t');
    model = makeModel({ ...SCREENS['under review'], languages: PAGES, revision: 'r2' });
    await page.waitForSelector('main[data-screen="waiting"]', { timeout: 10_000 });
    await page.reload();
    expect([count('/return'), count('/pay')]).toEqual([1, 2]);
    expect(troubles).toEqual([]);
    await close();
  });
});

describe('coming back after having paid', () => {
  const paid = () => makeModel({ ...SCREENS.paid, languages: PAGES, revision: 'r2', successUrl: stage.at('/thanks') });

  test('goes on to the shop even when the page had seen it before the gateway sent the browser back', async () => {
    model = paid();
    const { page, close } = await stage.visit();
    await page.goto(stage.at('/pay?token=t'));
    await page.waitForTimeout(1000);
    await page.goto(stage.at('/return?redirect_status=succeeded'));
    await page.waitForURL('**/thanks', { timeout: 6000 });
    await page.goBack();
    await page.waitForTimeout(3600);
    expect(new URL(page.url()).pathname).toBe('/pay');
    await close();
  });
});

describe('a QR code', () => {
  beforeEach(() => {
    model = makeModel({ ...SCREENS.qr, startAction: '/go' });
  });

  test('that was replaced, in another tab say, gives way to the new one by itself', async () => {
    const { page, troubles, close } = await stage.visit({ viewport: PHONE });
    await page.goto(stage.at('/pay'));
    const path = page.locator('[data-pay-qr] path');
    const before = await path.getAttribute('d');
    model = makeModel({ ...SCREENS.qr, instructions: LONG_QR, revision: 'r2' });
    await page.waitForSelector('main[data-revision="r2"]', { timeout: 10_000, state: 'attached' });
    expect(await path.getAttribute('d')).not.toBe(before);
    expect(await page.locator('[data-pay-qr] svg').count()).toBe(1);
    expect(troubles).toEqual([]);
    await close();
  });

  test('is replaced by one press only', async () => {
    const { page, close } = await stage.visit();
    await page.goto(stage.at('/pay'));
    await page.waitForTimeout(1200);
    expect(count('/go')).toBe(0);
    await page.evaluate("const b = document.querySelector('[data-go] button'); b.click(); b.click()");
    await page.waitForURL('**/go');
    expect(count('/go')).toBe(1);
    await close();
  });
});
