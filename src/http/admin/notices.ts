import { isPlainObject } from '../../core/fields.ts';
import type { Say } from '../../pages/admin/frame.ts';
import type { DeskText } from '../../pages/admin/texts.ts';
import type { Values } from '../../pages/text.ts';

/** What was done, from the action to the page it leads to, which says it once. */
export const NOTICE_COOKIE = 'paycore_notice';
export const NOTICE_AGE_S = 60;

export function writeNotice(notice: DeskText, values: Values = {}): string {
  return Buffer.from(JSON.stringify([notice, values])).toString('base64url');
}

/** Null when there is none, or it is none of ours. */
export function readNotice(say: Say, cookie: string | null): string | null {
  if (cookie === null) return null;
  try {
    const [key, values]: unknown[] = JSON.parse(Buffer.from(cookie, 'base64url').toString('utf8'));
    if (typeof key !== 'string' || !isPlainObject(values)) return null;
    const text = say(key as DeskText, values as Values);
    return text === key ? null : text;
  } catch {
    return null;
  }
}
