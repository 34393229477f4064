/**
 * Text of SmilePay, which writes Big5 in some places and UTF-8 in others and never says which. UTF-8 is tried first: it
 * is hardly ever right by chance. Null for what is neither; nothing is guessed.
 */
export function decodeText(bytes: Uint8Array): string | null {
  for (const charset of ['utf-8', 'big5']) {
    try {
      return new TextDecoder(charset, { fatal: true }).decode(bytes);
    } catch {}
  }
  return null;
}
