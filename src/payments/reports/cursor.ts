import { failValidation } from '../../core/errors.ts';
import type { Deps } from '../../deps.ts';

/**
 * `next_cursor`: places in a list, sealed. What it says is nobody's business, since the number of a row tells how many
 * there are, and it goes on only the list that it came from.
 */
export type Cursor = readonly number[];

type Parts = Pick<Deps, 'vault'>;

export function makeCursor({ vault }: Parts, list: string, cursor: Cursor): string {
  return Buffer.from(vault.seal(purposeOf(list), JSON.stringify(cursor))).toString('base64url');
}

/** Throws VALIDATION_FAILED for anything that was not made by `makeCursor` for this list. */
export function readCursor({ vault }: Parts, list: string, text: string): Cursor {
  try {
    return JSON.parse(vault.open(purposeOf(list), Buffer.from(text, 'base64url')));
  } catch {
    throw failValidation({ cursor: ['The cursor field must be the next_cursor of the page before, as it came.'] });
  }
}

function purposeOf(list: string): string {
  return `cursor ${list}`;
}
