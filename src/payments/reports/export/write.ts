import { type Writing, writeCell } from './cells.ts';
import type { Column, Context } from './columns.ts';

export interface SheetOptions extends Writing {
  /** What stands above a column. */
  readonly nameOf: (column: string) => string;
  /** So many more rows have been written. */
  readonly onRows?: (count: number) => void;
}

/** Spreadsheets know by it that the file is UTF-8. */
export const BOM = '\u{feff}';

/** RFC 4180: a header, a row a line, CRLF. */
export async function* writeSheet<Row>(
  columns: readonly Column<Row>[],
  pages: AsyncIterable<readonly Row[]>,
  context: Context,
  options: SheetOptions,
): AsyncGenerator<string> {
  // Whoever exports nothing does without it.
  const { stringify } = await import('csv-stringify/sync');
  const format = (rows: readonly (readonly string[])[]) =>
    stringify(rows as string[][], { record_delimiter: 'windows' });
  yield BOM + format([columns.map(([name]) => options.nameOf(name))]);
  for await (const rows of pages) {
    // Others are answered between any two pieces: reading from SQLite gives nobody a turn.
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (rows.length > 0) {
      options.onRows?.(rows.length);
      yield format(rows.map((row) => columns.map(([, read]) => writeCell(read(row, context), options))));
    }
  }
}
