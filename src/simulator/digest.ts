import { createHash, timingSafeEqual } from 'node:crypto';

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Takes as long for a near miss as for a far one. */
export const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(digest(one)), Buffer.from(digest(other)));
