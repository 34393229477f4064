import type { Flag, NotificationEvent } from '../../core/payment.ts';

/** How values that no database has a type for are written; the same on both engines. */
export interface Codec<T> {
  readonly write: (value: T) => string;
  readonly read: (text: string) => T;
}

/** What JSON can hold, as text: neither engine looks into it. */
export const jsonCodec: Codec<unknown> = { write: (value) => JSON.stringify(value), read: (text) => JSON.parse(text) };

/** Short words with commas between them; an empty text is no words. */
function wordsCodec<T extends string>(): Codec<readonly T[]> {
  const none: readonly T[] = [];
  return { write: (words) => words.join(','), read: (text) => (text === '' ? none : (text.split(',') as T[])) };
}

export const flagsCodec = wordsCodec<Flag>();
export const eventsCodec = wordsCodec<NotificationEvent>();
