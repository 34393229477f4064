import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Locale } from '../../../src/core/locale.ts';
import {
  type PageModel,
  renderFormPost,
  renderNotFound,
  renderPaymentPage,
  renderProblem,
  renderReturned,
} from '../../../src/pages/checkout/index.ts';
import { FORM_POST, LONG, makeElement, makeModel, SCREENS } from '../../unit/pages/example.ts';
import { findViolations } from '../support/axe.ts';
import { LOOKS } from '../support/looks.ts';
import { html, PHONE, useStage } from '../support/stage.ts';
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

/** Everything a payer can come to see. Forms that would leave by themselves are looked at as they are pressed by hand. */
async function listPages(locale: Locale): Promise<[string, string][]> {
  const pages: [string, string][] = [];
  for (const [name, changes] of Object.entries(SCREENS)) {
    pages.push([name, await draw({ ...changes, locale })]);
    pages.push([`${name}, long`, await draw({ ...changes, ...LONG, locale })]);
  }
  const hour = makeModel({ locale });
  pages.push(['last hour', await renderPaymentPage({ ...hour, deadline: hour.now + 600_000 })]);
  for (const accent of ['#ffff00', '#000000', '#ffffff']) {
    const brand = { accent, logoUrl: null, contact: '+886 2 2345 6789' };
    for (const name of ['failed', 'go, unclear', 'expired', 'choose']) {
      pages.push([`${name}, ${accent}`, await draw({ ...SCREENS[name], startAction: '/go', locale, brand })]);
    }
  }
  pages.push(['form post', renderFormPost({ ...FORM_POST, locale }).replace('data-submit', 'data-still')]);
  pages.push(['not found', renderNotFound(locale)]);
  pages.push(['returned', renderReturned(locale)]);
  pages.push(['problem', renderProblem(locale, 'too_many_tries', '/back')]);
  return pages;
}

describe('every screen is usable by everyone', () => {
  for (const { locale, colorScheme, isRead } of LOOKS) {
    test(`${locale}, ${colorScheme}: axe finds nothing, nothing is wider than the phone, no errors`, async () => {
      const { page, troubles, close } = await stage.visit({ viewport: PHONE, colorScheme });
      // The mark of an earlier visit keeps the go screen from leaving.
      await page.addInitScript("sessionStorage.setItem('paycore:PAY202606260001QWERTYUI:went', '1')");
      for (const [name, text] of await listPages(locale)) {
        current = text;
        await page.goto(stage.at('/pay'));
        if (/^(insite|element)/.test(name)) await page.waitForSelector('[data-state="ready"]');
        if (isRead) expect([name, await findViolations(page, { iframes: false })]).toEqual([name, []]);
        expect([name, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([name, 360]);
      }
      expect(troubles).toEqual([]);
      await close();
    });
  }

  test('without JavaScript the page is complete, and shows nothing that would not work', async () => {
    const { page, troubles, close } = await stage.visit({ javaScriptEnabled: false });
    current = await renderPaymentPage(makeModel());
    await page.goto(stage.at('/pay'));
    expect(await page.locator('.code').textContent()).toContain('5222');
    expect(await page.locator('time').first().isVisible()).toBe(true);
    expect(await page.locator('[data-copy]').isVisible()).toBe(false);
    expect(await page.locator('.left').isVisible()).toBe(false);
    current = await renderPaymentPage(makeModel(SCREENS.go));
    await page.reload();
    expect(await page.locator('[data-go] button').isVisible()).toBe(true);
    current = await renderPaymentPage(makeModel(SCREENS.insite));
    await page.reload();
    expect(await page.locator('noscript').textContent()).toContain('需要 JavaScript');
    expect(await page.locator('noscript a').isVisible()).toBe(true);
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
