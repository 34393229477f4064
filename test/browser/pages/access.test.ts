import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { type PageModel, renderPaymentPage } from '../../../src/pages/checkout/index.ts';
import { makeElement, makeModel, SCREENS } from '../../unit/pages/example.ts';
import { html, useStage } from '../support/stage.ts';
import { startStripe } from '../support/stripe.ts';
import { answerForm, serveVendor } from '../support/vendor.ts';

setDefaultTimeout(60_000);

let current = '';

const stripe = startStripe();
afterAll(() => stripe.stop());

const stage = useStage((_request, { pathname }) => {
  if (pathname === '/pay') return html(current, { vendor: stripe.origins });
  if (pathname === '/form') return answerForm();
  if (pathname === '/vendor.js') return serveVendor();
  return pathname === '/status' ? Response.json({ status: 'pending', revision: 'r1' }) : undefined;
});

/** The gateway's form comes from the stand-in. */
const draw = (changes: Partial<PageModel>) =>
  renderPaymentPage(makeModel({ ...changes, ...(changes.element ? { element: makeElement(stripe.origin) } : {}) }));

describe('every screen is usable by everyone', () => {
  test('without JavaScript the page is complete, and shows nothing that would not work', async () => {
    const { page, troubles, close } = await stage.visit({ javaScriptEnabled: false });
    current = await renderPaymentPage(makeModel());
    await page.goto(stage.at('/pay'));
    expect(await page.locator('.code').textContent()).toContain('5222');
    expect(await page.locator('time').first().isVisible()).toBe(true);
    expect(await page.locator('[data-copy]').filter({ visible: true }).count()).toBe(0);
    expect(await page.locator('.left').isVisible()).toBe(false);
    current = await renderPaymentPage(makeModel(SCREENS.go));
    await page.reload();
    expect(await page.locator('[data-go] button').isVisible()).toBe(true);
    current = await renderPaymentPage(makeModel(SCREENS.insite));
    await page.reload();
    expect(await page.locator('noscript').textContent()).toContain('需要 JavaScript');
    expect(await page.locator('main a[data-home]').isVisible()).toBe(true);
    expect(await page.locator('[data-insite-pay]').isVisible()).toBe(false);
    current = await draw({ ...SCREENS.element });
    await page.reload();
    expect(await page.locator('noscript').textContent()).toContain('需要 JavaScript');
    expect(await page.locator('[data-element-pay]').isVisible()).toBe(false);
    current = await draw({ ...SCREENS.qr });
    await page.reload();
    expect(await page.locator('[data-pay-qr] svg').isVisible()).toBe(true);
    expect(await page.locator('[data-go] button').isVisible()).toBe(true);
    current = await renderPaymentPage(makeModel(SCREENS.waiting));
    await page.reload();
    expect(await page.locator('noscript a, .aside a').first().isVisible()).toBe(true);
    current = await renderPaymentPage(makeModel(SCREENS.paid));
    await page.reload();
    expect(await page.locator('[data-continue]').isVisible()).toBe(true);
    expect(await page.locator('[data-leaving]').isVisible()).toBe(false);
    expect(troubles).toEqual([]);
    await close();
  });
});
