import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { LOCALES } from '../../../src/core/locale.ts';
import {
  type PageModel,
  renderFormPost,
  renderNotFound,
  renderPaymentPage,
  renderProblem,
  renderReturned,
} from '../../../src/pages/checkout/index.ts';
import { FORM_POST, LONG, makeElement, makeModel, SCREENS } from '../../unit/pages/example.ts';
import { html, launch, serve, visit } from './stage.ts';
import { startStripe } from './stripe.ts';
import { answerForm, serveVendor } from './vendor.ts';

const axe = readFileSync(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
// What stands in the frames of a gateway is not ours.
const RUN = `axe.run(document, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  .then(({ violations }) => violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' | ')))`;

setDefaultTimeout(60_000);

let browser: Browser;
let server: ReturnType<typeof serve>;
let stripe: ReturnType<typeof startStripe>;
let current = '';

beforeAll(async () => {
  stripe = startStripe();
  server = serve((_request, { pathname }) => {
    if (pathname === '/pay') return html(current, { vendor: stripe.origins });
    if (pathname === '/form') return answerForm();
    if (pathname === '/vendor.js') return serveVendor();
    return pathname === '/status' ? Response.json({ status: 'pending', revision: 'r1' }) : undefined;
  });
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
  server.stop(true);
  stripe.stop();
});

/** The gateway's form comes from the stand-in. */
const draw = (changes: Partial<PageModel>) =>
  renderPaymentPage(makeModel({ ...changes, ...(changes.element ? { element: makeElement(stripe.origin) } : {}) }));

/** Everything a payer can come to see. Forms that would leave by themselves are looked at as they are pressed by hand. */
async function listPages(locale: (typeof LOCALES)[number]): Promise<[string, string][]> {
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
      pages.push([`${name}, ${accent}`, await draw({ ...SCREENS[name], goAction: '/go', locale, brand })]);
    }
  }
  pages.push(['form post', renderFormPost({ ...FORM_POST, locale }).replace('data-submit', 'data-still')]);
  pages.push(['not found', renderNotFound(locale)]);
  pages.push(['returned', renderReturned(locale)]);
  pages.push(['problem', renderProblem(locale, 'too_many_tries', '/back')]);
  return pages;
}

describe('every screen is usable by everyone', () => {
  for (const locale of LOCALES) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`${locale}, ${colorScheme}: axe finds nothing, nothing is wider than the phone, no errors`, async () => {
        const { page, troubles, close } = await visit(browser, { viewport: { width: 360, height: 740 }, colorScheme });
        // The mark of an earlier visit keeps the go screen from leaving.
        await page.addInitScript("sessionStorage.setItem('paycore:PAY202606260001QWERTYUI:went', '1')");
        for (const [name, text] of await listPages(locale)) {
          current = text;
          await page.goto(`http://127.0.0.1:${server.port}/pay`);
          if (/^(insite|element)/.test(name)) await page.waitForSelector('[data-state="ready"]');
          await page.evaluate(axe);
          expect([name, await page.evaluate(RUN)]).toEqual([name, []]);
          expect([name, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([name, 360]);
        }
        expect(troubles).toEqual([]);
        await close();
      });
    }
  }

  test('without JavaScript the page is complete, and shows nothing that would not work', async () => {
    const { page, troubles, close } = await visit(browser, { javaScriptEnabled: false });
    current = await renderPaymentPage(makeModel());
    await page.goto(`http://127.0.0.1:${server.port}/pay`);
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
