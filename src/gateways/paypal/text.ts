/**
 * A text for people as PayPal takes it: one line, cut between characters. PayPal counts its limits in US-ASCII
 * characters (PayPal Orders v2, `description`), so what is beyond weighs as many as its UTF-8 bytes.
 */
export function cutText(text: string, maxBytes: number): string {
  const clean = text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  let bytes = 0;
  let end = 0;
  for (const character of clean) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return clean.slice(0, end).trimEnd();
}
