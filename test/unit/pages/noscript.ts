import { expect } from 'bun:test';

/** A browser without scripts is told so in English; the way back to the shop stands below. */
export function expectWordsWithoutScripts(html: string): void {
  const end = html.indexOf('</noscript>');
  expect(html.slice(html.indexOf('<noscript>'), end)).toContain('needs JavaScript');
  expect(html.slice(end)).toContain('href="https://shop.example.tw/cart"');
}
