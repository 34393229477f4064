import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { renderLinkPage } from '../../../src/pages/checkout/index.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { LINK_SCREENS, LONG_LINK, makeLinkModel } from '../../unit/pages/link-example.ts';
import { findViolations } from '../support/axe.ts';
import { LOOKS } from '../support/looks.ts';
import { html, PHONE, useStage } from '../support/stage.ts';

/** Payment links in a browser: every face of the page, and the way through it without scripts. */

setDefaultTimeout(60_000);

let app: TestApp;
let current = '';

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const stage = useStage((_request, { pathname }) => (pathname === '/link' ? html(current) : undefined));

async function makeLink(body: object): Promise<string> {
  const { json } = await app.call('/api/paycore/links', { title: 'Tea', ...body });
  return `${app.url}/en/link/${json.data.link_no}`;
}

describe('the page of a link is usable by everyone', () => {
  for (const { locale, colorScheme, isRead } of LOOKS) {
    test(`${locale}, ${colorScheme}: axe finds nothing, nothing is wider than the phone, no errors`, async () => {
      const { page, troubles, close } = await stage.visit({ viewport: PHONE, colorScheme });
      const faces = Object.entries(LINK_SCREENS).flatMap(([name, changes]) => [
        [name, { ...changes, locale }] as const,
        [`${name}, long`, { ...changes, ...LONG_LINK, locale }] as const,
      ]);
      for (const [name, changes] of faces) {
        current = renderLinkPage(makeLinkModel(changes));
        await page.goto(stage.at('/link'));
        if (isRead) expect([name, await findViolations(page)]).toEqual([name, []]);
        expect([name, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([name, 360]);
      }
      expect(troubles).toEqual([]);
      await close();
    });
  }
});

describe('without scripts', () => {
  test('the payer enters an amount, is told what is wrong with it, mends it, and comes to the ways to pay', async () => {
    const { page, troubles, close } = await stage.visit({ javaScriptEnabled: false });
    await page.goto(await makeLink({ min_amount: 100 }));
    await page.getByLabel('Amount').fill('50');
    await page.getByLabel('Name').fill('Ann');
    await page.getByRole('button').click();
    expect(await page.locator('[data-problem]').textContent()).toBe('The amount must be at least NT$100.');
    expect(await page.locator('#amount').evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);
    expect(await page.getByLabel('Name').inputValue()).toBe('Ann');
    await page.getByLabel('Amount').fill('1,234');
    await page.getByLabel('Amount').press('Enter');
    await page.waitForURL('**/en/pay/**');
    expect(await page.locator('.amount').textContent()).toBe('NT$1,234');
    // The browser itself reports that the answer was 422.
    expect(troubles.filter((one) => !one.includes('422'))).toEqual([]);
    await close();
  });

  test('an impatient double click makes one payment', async () => {
    const { page, close } = await stage.visit({ javaScriptEnabled: false });
    const before = await app.rows.count('payments');
    await page.goto(await makeLink({ amount: 980 }));
    await page.getByRole('button').dblclick({ noWaitAfter: true });
    await page.waitForURL('**/en/pay/**');
    expect(await app.rows.count('payments')).toBe(before + 1);
    await close();
  });
});
