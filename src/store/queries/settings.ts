import { findRow } from '../table.ts';
import type { Reader } from '../tx.ts';

/** What the installation itself remembers. */
export async function readSetting(on: Reader, name: string): Promise<string | null> {
  return (await findRow(on, 'settings', { name }))?.value ?? null;
}
