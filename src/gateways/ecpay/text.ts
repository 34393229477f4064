/** Longest text we send as ItemName or TradeDesc: ECPay cuts longer ones, and a cut inside a character breaks the signature. */
const MAX_TEXT = 195;

/**
 * Product text as ECPay takes it: no HTML, no quotes, no line breaks (browsers turn LF into CRLF in a form and the
 * signature no longer fits), no `#` (ECPay's separator of lines). Source: ECPay developer documentation, page 2858.
 */
export function cleanText(text: string, fallback: string): string {
  const clean = text
    .toWellFormed()
    .replace(/<[^>]*>/g, ' ')
    .replace(/[<>&'"#\\\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return [...(clean === '' ? fallback : clean)].slice(0, MAX_TEXT).join('');
}

/** ECPay's advice for addresses that hold `%26` or `%3C`: decode those, or the call fails (page 2862). */
export function cleanUrl(url: string): string {
  return url.replaceAll('%26', '&').replace(/%3c/gi, '<');
}
