import { SECOND } from './time.ts';

/** Processes that serve on one database. */

/** How often each is seen. */
export const SEEN_EVERY_MS = 5 * SECOND;
/** One that was not seen for so long is gone, and what it had taken is taken over. */
export const SILENT_MS = 15 * SECOND;
