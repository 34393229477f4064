import type { Locale } from '../../core/locale.ts';
import { patchRow } from '../table.ts';
import type { Tx } from '../tx.ts';

/** Nothing else about the attempt changes by it: what is sent again is sent in the words it was opened with. */
export async function noteLanguage(tx: Tx, attemptId: number, locale: Locale): Promise<void> {
  await patchRow(tx, 'attempts', attemptId, { payerLocale: locale });
}
