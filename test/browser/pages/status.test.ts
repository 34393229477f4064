import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { PageModel } from '../../../src/pages/checkout/index.ts';
import { ATM, BARCODE, makeModel, NOW, SCREENS } from '../../unit/pages/example.ts';
import { answerPayment, html, own, PHONE, useStage } from '../support/stage.ts';

/** How a page that stays open keeps up with its payment. */

setDefaultTimeout(60_000);

let model: PageModel;
/** When the status was asked for. */
let asked: number[] = [];
/** What the server says instead of the status. */
let instead: (() => Response) | null = null;

const stage = useStage((_request, { pathname }) => {
  if (pathname === '/thanks') return html('<!doctype html><title>thanks</title><p>thanks</p>');
  if (pathname === '/status') asked.push(Date.now());
  return pathname === '/status' && instead ? instead() : answerPayment(model, pathname);
});

beforeEach(() => {
  asked = [];
  instead = null;
});

async function open(shown: PageModel, options: BrowserContextOptions = { viewport: PHONE }) {
  model = shown;
  const visited = await stage.visit(options);
  await visited.page.goto(stage.at('/pay'));
  return visited;
}

const paidModel = (changes: Partial<PageModel> = {}) =>
  makeModel({ ...SCREENS.paid, revision: 'r2', successUrl: null, ...changes });
const paid = (page: Page, timeout = 3000) => page.waitForSelector('main[data-status="paid"]', { timeout });
const turn = (page: Page, hidden: boolean) =>
  page.evaluate(`
    Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'))`);
const lost = (page: Page) => page.locator('[data-lost]');
const said = (page: Page) => page.locator('[data-live]').textContent();

describe('a payment that gets paid', () => {
  test('turns into the receipt within three seconds: nothing on the page moves, and it is said', async () => {
    const { page, troubles, close } = await open(makeModel({ successUrl: null }));
    await page.evaluate(`
      window.shifts = [];
      new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value)))
        .observe({ type: 'layout-shift', buffered: true })`);
    const block = (await page.locator('[data-block]').boundingBox())?.height ?? 0;
    model = paidModel();
    await paid(page);
    expect(await page.locator('main').count()).toBe(1);
    expect(await said(page)).toBe('付款完成');
    expect(await page.title()).toContain('付款完成');
    expect((await page.locator('[data-block]').boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(Math.floor(block));
    const settled = asked.length;
    await page.waitForTimeout(2000);
    expect(asked).toHaveLength(settled);
    expect(await page.evaluate('shifts')).toEqual([]);
    expect(troubles).toEqual([]);
    await close();
  });

  test('below the third barcode the payer is taken up to the tick', async () => {
    const viewport = { width: 360, height: 500 };
    const { page, close } = await open(makeModel({ instructions: BARCODE, successUrl: null }), { viewport });
    await page.locator('.details').scrollIntoViewIfNeeded();
    model = paidModel();
    await paid(page);
    await page.waitForTimeout(100);
    const tick = await page.locator('.icon-tick').boundingBox();
    expect(tick && tick.y > 0 && tick.y < 500).toBe(true);
    await close();
  });

  test('shows in two tabs, and one of them goes back to the shop', async () => {
    const { page, close } = await open(makeModel());
    const other = await page.context().newPage();
    await other.goto(stage.at('/pay'));
    await turn(page, true);
    model = paidModel({ successUrl: stage.at('/thanks') });
    await paid(other);
    await turn(page, false);
    await paid(page, 1000);
    await Promise.race([page.waitForURL('**/thanks'), other.waitForURL('**/thanks')]);
    await page.waitForTimeout(1500);
    const places = [page, other].map((one) => new URL(one.url()).pathname).sort();
    expect(places).toEqual(['/pay', '/thanks']);
    await close();
  });
});

describe('questions', () => {
  test('come every two seconds as long as the page is seen, rarely when it is not, and at once when it wakes', async () => {
    model = makeModel();
    const { page, close } = await stage.visit();
    await page.clock.install({ time: NOW });
    await page.goto(stage.at('/pay'));
    // Ten minutes later people stand at the counter.
    await page.clock.pauseAt(NOW + 900_000);
    for (let round = 0; round < 3; round += 1) {
      // The answer to the last question comes over a real line.
      await page.waitForTimeout(500);
      const before = asked.length;
      await page.clock.runFor(2000);
      await page.waitForTimeout(300);
      expect(asked.length).toBeGreaterThan(before);
    }
    await turn(page, true);
    await page.clock.runFor(2000);
    await page.waitForTimeout(500);
    const before = asked.length;
    await page.clock.runFor(25_000);
    expect(asked).toHaveLength(before);
    model = paidModel();
    await turn(page, false);
    await page.clock.runFor(1000);
    await paid(page);
    await close();
  });

  test('that fail are asked ever more slowly; after two the page says that the line is broken, until it is not', async () => {
    instead = () => new Response('', { status: 503 });
    const { page, close } = await open(makeModel());
    await page.waitForTimeout(3500);
    expect(asked).toHaveLength(1);
    expect(await lost(page).isVisible()).toBe(false);
    await page.waitForSelector('[data-lost]:visible', { timeout: 3000 });
    expect(await said(page)).toBe('連線中斷，恢復後會顯示最新的付款狀態。');
    instead = null;
    await page.evaluate("dispatchEvent(new Event('online'))");
    await page.waitForSelector('[data-lost]', { state: 'hidden', timeout: 1000 });
    expect(await said(page)).toBe('');
    await close();
  });

  test('that are too many wait as long as the server says, and nothing on the page is untrue meanwhile', async () => {
    instead = () => Response.json({}, { status: 429, headers: { 'retry-after': '2' } });
    const { page, troubles, close } = await open(makeModel());
    await page.waitForTimeout(2000);
    await page.evaluate("dispatchEvent(new Event('focus'))");
    await page.waitForTimeout(1000);
    expect(asked).toHaveLength(1);
    await page.waitForTimeout(1500);
    expect(asked).toHaveLength(2);
    expect(await lost(page).isVisible()).toBe(false);
    instead = null;
    model = paidModel();
    await paid(page, 4000);
    expect(own(troubles)).toEqual([]);
    await close();
  });
});

describe('a page that draws itself anew', () => {
  test('keeps what is selected where nothing has changed, and the focus on the button that had it', async () => {
    const { page, close } = await open(makeModel());
    await page.focus(`[data-copy="${ATM.virtualAccount}"]`);
    await page.evaluate("getSelection().selectAllChildren(document.querySelector('.details'))");
    const selected = await page.evaluate('String(getSelection())');
    model = makeModel({ instructions: { ...ATM, virtualAccount: '9103522264815308' }, revision: 'r2' });
    await page.waitForSelector('main[data-revision="r2"]', { state: 'attached', timeout: 3000 });
    expect(await page.evaluate('document.activeElement.dataset.copy')).toBe('9103522264815308');
    expect(await page.evaluate('String(getSelection())')).toBe(selected);
    await close();
  });

  test('new instructions bring a new countdown, new barcodes and a working copy button', async () => {
    model = makeModel({ screen: 'waiting', instructions: null });
    const { page, close } = await stage.visit({ viewport: PHONE, deviceScaleFactor: 3 });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(stage.at('/pay'));
    model = makeModel({ instructions: BARCODE, revision: 'r2', deadline: NOW + 90_000 });
    await page.waitForSelector('[data-barcode="3"]', { timeout: 3000 });
    expect((await page.locator('[data-barcode="2"] svg').boundingBox())?.width).toBeCloseTo((145 * 4 + 54 * 9) / 3, 1);
    expect(await page.locator('.left').textContent()).toMatch(/^還剩 1 分 \d+ 秒$/);
    await page.click('[data-copy]');
    await page.waitForSelector('[data-copy]:text-is("已複製")');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(model.pageUrl);
    await page.waitForSelector('[data-copy]:text-is("複製本頁網址")');
    await close();
  });
});
