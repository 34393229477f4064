import { expect } from 'bun:test';
import type { Page } from 'playwright-core';
import type { Visit } from './stage.ts';

/** A gateway's form in our page, by the word in its hooks. */
export function formOf(hook: 'insite' | 'element') {
  const pay = `[data-${hook}-pay]`;
  const retry = `[data-${hook}-retry]`;
  const ready = (page: Page) => page.waitForSelector(`[data-state="ready"] ${pay}:enabled`);
  const failed = (page: Page) => page.waitForSelector('[data-state="failed"]');
  const status = (page: Page) => page.locator(`[data-${hook}-status]`).textContent();
  /** Waits until the words fit one of Playwright's selectors of text. */
  const says = (page: Page, text: string) => page.waitForSelector(`[data-${hook}-status]${text}`);
  const press = (page: Page) => page.click(pay);

  /** Drawing has failed: said, with a way back to the shop, and the button is gone until another try has worked. */
  const expectSecondTry = async (page: Page, mend: () => void): Promise<void> => {
    await failed(page);
    expect(await status(page)).toContain('沒有載入成功');
    expect(await page.locator(pay).isVisible()).toBe(false);
    expect(await page.locator('main [data-home]:visible').getAttribute('href')).toBe('https://shop.example.tw/cart');
    mend();
    await page.click(retry);
    await ready(page);
    expect(await page.locator(retry).isVisible()).toBe(false);
  };

  /** The policy that lets the gateway's script in comes with a document that begins with its screen. */
  const expectNewDocument = async ({ page, troubles, close }: Visit, turn: () => void): Promise<void> => {
    await page.evaluate('window.first = true');
    turn();
    await ready(page);
    expect(await page.evaluate('window.first')).toBeUndefined();
    expect(troubles).toEqual([]);
    await close();
  };

  return { pay, retry, ready, failed, status, says, press, expectSecondTry, expectNewDocument };
}
