/** C0 controls and the marks that reorder text: a name carrying them could make an amount beside it read backwards. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is the purpose
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** No language puts more of them on a letter; a heap of them would be painted over the lines around it. */
const HEAP_OF_MARKS = /(\p{M}{4})\p{M}+/gu;

/** Somebody else's text, ready to stand in a sentence of ours. Escaping is left to the renderer. */
export function cleanText(text: string): string {
  return text.replace(UNPRINTABLE, ' ').replace(HEAP_OF_MARKS, '$1').replace(/ {2,}/g, ' ').trim();
}

/** The same of a text of several lines, which keeps them. */
export function cleanLines(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.replaceAll('\t', '  ').replace(UNPRINTABLE, ' '))
    .join('\n');
}

/**
 * The address, as it was written, when a browser may be sent there, else null: `javascript:` and `data:` must never become
 * a link.
 */
export function safeUrl(url: string | null | undefined): string | null {
  return url && /^https?:\/\/[^\s\p{Cc}]+$/iu.test(url) && URL.canParse(url) ? url : null;
}

/** A path of our own, or null. Browsers read `//host` and `/\host` as another site. */
export function safePath(path: string | null): string | null {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : null;
}
