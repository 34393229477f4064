/**
 * Text for SmilePay’s pages and slips: one line, without the signs that its pages would read as markup, cut to `max`
 * characters, since anything longer is refused (Status -2007).
 */
export function cleanText(text: string, max: number): string {
  const clean = text
    .toWellFormed()
    .replace(/[<>&'"\\\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return [...clean].slice(0, max).join('').trim();
}
