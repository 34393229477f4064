import { expect } from 'bun:test';

/** A browser without scripts is told so in English, and led back to the shop. */
export function expectWordsWithoutScripts(html: string): void {
  const quiet = html.slice(html.indexOf('<noscript>'), html.indexOf('</noscript>'));
  expect(quiet).toContain('needs JavaScript');
  expect(quiet).toContain('href="https://shop.example.tw/cart"');
}
