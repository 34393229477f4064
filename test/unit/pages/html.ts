import { type PageModel, renderPaymentPage } from '../../../src/pages/checkout/index.ts';
import { makeModel } from './example.ts';

export const render = (changes: Partial<PageModel> = {}) => renderPaymentPage(makeModel(changes));

/** Attributes of the elements that match, as they stand in the text. */
export async function readAttributes(html: string, selector: string): Promise<Record<string, string>[]> {
  const found: Record<string, string>[] = [];
  const reader = new HTMLRewriter().on(selector, {
    element: (element) => void found.push(Object.fromEntries(element.attributes)),
  });
  await reader.transform(new Response(html)).text();
  return found;
}

/** Addresses of files without the hash of their content. */
export function withoutHash(address: string | undefined): string {
  return (address ?? '').replace(/\.[0-9a-f]{16}(\.\w+)$/, '$1');
}

export async function count(html: string, selector: string): Promise<number> {
  return (await readAttributes(html, selector)).length;
}

/** JSON in an attribute, which the reader leaves escaped. */
export function readJson(attribute: string | undefined): Record<string, string> {
  return JSON.parse((attribute ?? '{}').replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
}

/** The sentences that the script of a gateway's form takes from the page, by itself or where all forms do. */
export async function listTextsOf(script: string): Promise<string[]> {
  const text = (await Promise.all(['vendor.js', script].map((name) => Bun.file(`web/${name}`).text()))).join('');
  return [...new Set([...text.matchAll(/texts\.(\w+)/g)].map((match) => match[1] ?? ''))].sort();
}
