import { LANGUAGE_OPEN } from '../../src/payments/urls.ts';

/** Path and query of a payment's page, as its own links name it: in the language of the path, chosen or not. */
export function pagePathOf({ url }: { readonly url: string }, paymentUrl: unknown): string {
  return String(paymentUrl).slice(url.length).replace(`&${LANGUAGE_OPEN}`, '');
}
