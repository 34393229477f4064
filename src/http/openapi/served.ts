import type { Document } from './types.ts';

/** Notes for our own pages, which say again what stands in the document: a tenth of it. */
const OWN_NOTES: readonly string[] = ['x-parts', 'x-status'];

/** The document as others get it. */
export function writeServed(document: Document): string {
  return JSON.stringify(document, (name, value: unknown) => (OWN_NOTES.includes(name) ? undefined : value));
}
