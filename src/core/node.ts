import { SECOND } from './time.ts';

/** Processes that serve on one database. */

/** How often each is seen. */
export const SEEN_EVERY_MS = 5 * SECOND;
/** One that was not seen for so long is gone, and what it had taken is taken over. */
export const SILENT_MS = 15 * SECOND;

/** Between the name of the place that a process serves from and what tells its processes apart. */
export const SEPARATOR = '.';

/** The place of a process, with the separator; null: it has none. */
export function placeOf(processId: string): string | null {
  const at = processId.indexOf(SEPARATOR);
  return at > 0 ? processId.slice(0, at + 1) : null;
}
