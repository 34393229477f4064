import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Page } from 'playwright-core';
import type { PageModel } from '../../../src/pages/checkout/index.ts';
import { BARCODE, makeModel, NOW } from '../../unit/pages/example.ts';
import { measureBars } from '../support/codes.ts';
import { answerPayment, useStage } from '../support/stage.ts';

setDefaultTimeout(60_000);

/** As SmilePay makes them: the last one is the longest there is. */
const LONGEST = { ...BARCODE, barcodes: ['1506286EA', '1557352207269145', '06286700000098012345'] } as const;

let model: PageModel;

const stage = useStage((_request, { pathname }) => answerPayment(model, pathname));

beforeEach(() => {
  model = makeModel({ instructions: LONGEST });
});

const SMALL = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2 };

async function open(options: Parameters<typeof stage.visit>[0] = SMALL) {
  const visit = await stage.visit(options);
  await visit.page.goto(stage.at('/pay'));
  return visit;
}

/** The number of the code that is shown alone, and what has the focus. */
const look = (page: Page): Promise<string> =>
  page.evaluate(
    "[document.querySelector('[role=dialog]')?.dataset.barcode ?? 'none', document.activeElement.textContent.trim() || document.activeElement.className].join(', ')",
  );

describe('one barcode at a time', () => {
  test('is two pixels a module at least on a small phone, along its long side, and leads from one to the next', async () => {
    const { page, troubles, close } = await open();
    await page.click('[data-barcode="1"] a');
    for (const number of [1, 2, 3]) {
      expect(await look(page)).toBe(`${number}, ${number < 3 ? `下一段 ${number}/3` : '完成 3/3'}`);
      const box = await page.locator(`[data-barcode="${number}"] svg`).boundingBox();
      expect(box?.height ?? 0).toBeGreaterThan(box?.width ?? 999);
      const { narrow, wide, module } = await measureBars(page, number);
      expect([narrow.length, wide.length]).toEqual([1, 1]);
      expect(module).toBeGreaterThanOrEqual(2);
      if (number < 3) await page.click(`[data-barcode="${number}"] [rel="next"]`);
    }
    await page.click('[data-barcode="3"] [data-forward]');
    expect(await look(page)).toBe('none, bar-code');
    expect(troubles).toEqual([]);
    await close();
  });

  test('by keyboard: opened, turned, left; the focus stays inside and returns', async () => {
    const { page, close } = await open();
    await page.focus('[data-barcode="2"] a');
    await page.keyboard.press('Enter');
    expect(await look(page)).toBe('2, 下一段 2/3');
    const seen: string[] = [];
    for (const key of ['Tab', 'Tab', 'Tab', 'Shift+Tab', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'Escape']) {
      await page.keyboard.press(key);
      if (key === 'Escape') await page.waitForSelector('[role=dialog]', { state: 'detached' });
      seen.push(await look(page));
    }
    expect(seen).toEqual([
      '2, 關閉',
      '2, 上一段',
      '2, 下一段 2/3',
      '2, 上一段',
      '3, 完成 3/3',
      '3, 完成 3/3',
      '2, 下一段 2/3',
      'none, bar-code',
    ]);
    expect(page.url()).not.toContain('#');
    await close();
  });

  test('the back button of the phone closes it, whichever is shown', async () => {
    const { page, close } = await open();
    await page.click('[data-barcode="1"] a');
    await page.click('[data-barcode="1"] [rel="next"]');
    await page.goBack();
    expect(await look(page)).toBe('none, bar-code');
    expect(page.url()).toBe(stage.at('/pay'));
    await close();
  });

  test('stays when the page refreshes itself, and goes when it is paid', async () => {
    const { page, close } = await open();
    await page.click('[data-barcode="2"] a');
    model = makeModel({ instructions: LONGEST, revision: 'r2' });
    await page.waitForSelector('main[data-revision="r2"]', { timeout: 10_000 });
    expect(await look(page)).toBe('2, 下一段 2/3');
    expect((await measureBars(page, 2)).module).toBeGreaterThanOrEqual(2);
    model = makeModel({ screen: 'paid', status: 'paid', paidAt: NOW, instructions: null, revision: 'r3' });
    await page.waitForSelector('main[data-status="paid"]', { timeout: 10_000 });
    expect(await page.evaluate('document.documentElement.className + location.hash')).toBe('');
    expect(await page.locator('[data-continue]').isVisible()).toBe(true);
    await close();
  });

  test('on a phone that is turned it lies, over the whole width', async () => {
    const { page, close } = await open();
    await page.click('[data-barcode="3"] a');
    await page.setViewportSize({ width: 640, height: 360 });
    await page.waitForFunction('document.querySelector(\'[data-barcode="3"] svg\').clientWidth > 500');
    const { narrow, module } = await measureBars(page, 3);
    expect([narrow.length, module]).toEqual([1, 2]);
    await close();
  });

  test('in a window of next to nothing it is drawn with no size that there is not', async () => {
    const { page, troubles, close } = await open();
    await page.click('[data-barcode="3"] a');
    await page.setViewportSize({ width: 120, height: 100 });
    await page.evaluate("dispatchEvent(new Event('resize'))");
    expect(troubles).toEqual([]);
    await close();
  });

  test('without JavaScript the links lead to the same', async () => {
    const { page, close } = await open({ ...SMALL, javaScriptEnabled: false });
    await page.click('[data-barcode="3"] a');
    const box = await page.locator('[data-barcode="3"] svg').boundingBox();
    expect(box).toMatchObject({ width: 144, height: 610 });
    await page.click('[data-barcode="3"] [rel="prev"]');
    expect((await page.locator('[data-barcode="2"] svg').boundingBox())?.height).toBe(506);
    await page.click('[data-barcode="2"] [href="#codes"]');
    expect((await page.locator('[data-barcode="2"] svg').boundingBox())?.height).toBe(72);
    await close();
  });

  test('nothing keeps the payer from zooming', async () => {
    const { page, close } = await open();
    expect(await page.locator('meta[name=viewport]').getAttribute('content')).not.toMatch(/scalable|maximum/);
    await close();
  });
});
