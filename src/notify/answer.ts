/** What a shop answered to a notification, as it is kept for the merchant: he knows by it what went wrong in his shop. */

/** Longest beginning that is kept, in characters. */
export const MAX_KEPT_ANSWER = 500;

/** The text of the first bytes of an answer; empty where they are packed, since only so many of them were read. */
export function decodeAnswer(bytes: Uint8Array, contentType = '', contentEncoding = 'identity'): string {
  if (!['', 'identity'].includes(contentEncoding.trim().toLowerCase())) return '';
  const charset = /charset\s*=\s*"?([\w-]{1,40})/i.exec(contentType)?.[1] ?? 'utf-8';
  return decoderOf(charset).decode(bytes);
}

/** Shops of Taiwan may still speak Big5. */
function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

/** Keys that show what they are: a page of a shop that fails may print its whole configuration. */
const KEYS = /\b(pc_(?:live|test)_|whsec_|(?:sk|rk)_(?:live|test)_)[A-Za-z0-9+/=_-]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g;

/** Without secrets of ours and signs that cannot be seen, and short. Undefined: nothing is left. */
export function cleanAnswer(text: string, secrets: readonly string[]): string | undefined {
  const bare = secrets.map((secret) => secret.replace(/^whsec_/, '')).filter((secret) => secret !== '');
  const masked = [...secrets, ...bare].reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
  const clean = masked.replace(KEYS, '$1***').replace(/\r\n?/g, '\n').replace(CONTROLS, ' ').trim();
  return clean === '' ? undefined : clean.slice(0, MAX_KEPT_ANSWER).toWellFormed();
}
