import type { Row } from '../../src/store/kit.ts';
import { findRows } from '../../src/store/table.ts';
import { readAttributes } from '../unit/pages/html.ts';
import type { TestApp } from './app.ts';
import { present } from './parts.ts';

/** The newest entry of the desk's audit. */
export async function lastAudit(app: TestApp): Promise<Row<'audit'>> {
  const entries = await findRows(app.engine.reader, 'audit', {});
  return present(entries.toSorted((a, b) => a.id - b.id).at(-1), 'an audit entry');
}

/** What stands in a page's fields that are read only, by their ids: keys, secrets, addresses to copy. */
export async function readCopies(page: string): Promise<Readonly<Record<string, string>>> {
  const inputs = await readAttributes(page, 'input');
  return Object.fromEntries(
    inputs.flatMap((one) => ('readonly' in one ? [[one.id ?? '', plain(one.value ?? '')]] : [])),
  );
}

/** The reader leaves attributes escaped. */
const plain = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
