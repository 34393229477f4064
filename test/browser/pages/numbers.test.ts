import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Page } from 'playwright-core';
import type { PageModel } from '../../../src/pages/checkout/index.ts';
import { ATM, CVS, makeModel, NOW, OVERDUE } from '../../unit/pages/example.ts';
import { answerPayment, PHONE, useStage } from '../support/stage.ts';

setDefaultTimeout(60_000);

let model: PageModel;
let drawn = 0;

const stage = useStage((_request, { pathname }) => {
  if (pathname === '/pay') drawn++;
  return answerPayment(model, pathname);
});

beforeEach(() => {
  model = makeModel();
  drawn = 0;
});

/** What the clipboard holds, as another app gets it. */
async function paste(page: Page): Promise<string> {
  await page.evaluate("document.body.insertAdjacentHTML('beforeend', '<textarea id=paste></textarea>')");
  await page.focus('#paste');
  await page.keyboard.press('Control+V');
  const text = await page.inputValue('#paste');
  await page.evaluate("document.querySelector('#paste').remove()");
  return text;
}

/** As a mouse does: from the first to behind the last character. */
async function drag(page: Page, selector: string): Promise<void> {
  const shown = page.locator(selector).first();
  await shown.scrollIntoViewIfNeeded();
  const box = await shown.boundingBox();
  if (!box) throw new Error(`nothing is drawn at ${selector}`);
  await page.mouse.move(box.x + 1, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + 4, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
}

describe('numbers', () => {
  test('come out unbroken, selected by hand or copied, with the clipboard, without it, and where nothing may copy', async () => {
    model = makeModel({ instructions: ATM, amount: 1_234_500 });
    const { page, troubles, close } = await stage.visit({ viewport: PHONE });
    await page.goto(stage.at('/pay'));
    for (const [selector, bare] of [
      ['.code .groups', '9103522264815307'],
      ['strong[data-number="12345"]', '12345'],
    ] as const) {
      await drag(page, selector);
      await page.keyboard.press('Control+C');
      expect((await paste(page)).trim()).toBe(bare);
    }
    const press = async (name: string) => {
      const button = page.locator('[data-copy]').filter({ hasText: name });
      const text = await button.getAttribute('data-copy');
      await button.click();
      await page.waitForSelector(`[data-copy="${text}"]:text-is("已複製")`);
      return paste(page);
    };
    expect(await press('複製帳號')).toBe('9103522264815307');
    // A browser inside of an app that refuses, then plain http.
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('NotAllowedError'))");
    expect(await press('複製銀行代碼')).toBe('822');
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })");
    expect(await press('複製金額')).toBe('12345');
    expect(await page.locator('textarea').count()).toBe(0);

    await page.reload();
    await page.evaluate(
      "Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false",
    );
    await page.getByRole('button', { name: '複製帳號' }).click();
    await page.getByRole('button', { name: '已為您選取' }).waitFor();
    expect(await page.evaluate('String(getSelection())')).toBe('9103522264815307');
    expect(troubles).toEqual([]);
    await close();
  });
});

describe('the chains', () => {
  test('are chosen with a finger or the arrow keys, without scripts too, and stay chosen in the tab', async () => {
    model = makeModel({ instructions: CVS });
    const { page, close } = await stage.visit({ viewport: PHONE });
    await page.goto(stage.at('/pay'));
    const steps = () => page.locator('.tabs li:visible').allInnerTexts();
    expect(await steps()).toHaveLength(4);
    expect((await steps())[0]).toContain('ibon');
    await page.getByText('全家').click();
    expect((await steps())[0]).toContain('FamiPort');
    await page.keyboard.press('ArrowRight');
    expect((await steps())[0]).toContain('Life-ET');
    expect(await page.locator('label[for="store-lifeet"]').evaluate((tab) => getComputedStyle(tab).outlineStyle)).toBe(
      'solid',
    );
    await page.reload();
    expect((await steps())[0]).toContain('Life-ET');
    // Drawn anew by the script, too.
    model = makeModel({ instructions: CVS, revision: 'r2' });
    await page.waitForSelector('main[data-revision="r2"]');
    expect((await steps())[0]).toContain('Life-ET');
    await close();
    const quiet = await stage.visit({ viewport: PHONE, javaScriptEnabled: false });
    await quiet.page.goto(stage.at('/pay'));
    await quiet.page.getByText('OK超商').click();
    expect(await quiet.page.locator('.of-okgo').isVisible()).toBe(true);
    expect(await quiet.page.locator('.of-ibon, [data-copy], [data-share]').filter({ visible: true }).count()).toBe(0);
    await quiet.close();
  });
});

describe('the end of the deadline', () => {
  test('turns the page once, without being asked for', async () => {
    model = makeModel({ instructions: ATM, deadline: NOW + 61_500 });
    const { page, troubles, close } = await stage.visit({ viewport: PHONE });
    await page.clock.install({ time: NOW });
    await page.goto(stage.at('/pay'));
    await page.clock.runFor(1000);
    expect(await page.locator('.left').textContent()).toMatch(/^還剩 (1 分 \d|\d\d) 秒$/);
    // The revision stays: only the countdown has the page drawn again.
    model = makeModel({ ...OVERDUE, instructions: ATM, now: NOW + 61_500, deadline: NOW + 61_500 });
    drawn = 0;
    await page.clock.runFor(62_000);
    await page.waitForSelector('[data-overdue]');
    expect(await page.locator('[data-copy]').count()).toBe(0);
    await page.clock.runFor(10_000);
    expect(drawn).toBe(1);
    expect(troubles).toEqual([]);
    await close();
  });
});

test('links and buttons of these screens have room for a finger', async () => {
  const { page, close } = await stage.visit({ viewport: PHONE });
  for (const instructions of [{ ...CVS, paymentCodeUrl: 'https://pay.example/x' }, ATM]) {
    model = makeModel({ instructions });
    await page.goto(stage.at('/pay'));
    for (const target of await page.locator('main').locator('a, button, label').filter({ visible: true }).all()) {
      const box = await target.boundingBox();
      expect([await target.textContent(), Math.round(box?.height ?? 0) >= 44]).toEqual([
        await target.textContent(),
        true,
      ]);
    }
  }
  await close();
});
