import { Database } from 'bun:sqlite';

/** Two SQLite files that should hold the same data, compared by their own columns: by no code of the program. */

export interface ComparedFiles {
  readonly tables: number;
  readonly rows: number;
  readonly differences: readonly string[];
}

/** What is of the place, and not of the data. */
const NOT_COMPARED = new Set(['nodes', 'claims', 'query_turns', 'allowances', 'insite_forms', 'figure_deltas']);
const MARKS = ['moving_to', 'moving_from', 'moved_to'];

export function compareFiles(first: string, last: string): ComparedFiles {
  using a = new Database(first, { readonly: true });
  using b = new Database(last, { readonly: true });
  const differences: string[] = [];
  if (versionOf(a) !== versionOf(b)) differences.push(`schema ${versionOf(a)} and ${versionOf(b)}`);
  let rows = 0;
  const names = tablesOf(a).filter((name) => !NOT_COMPARED.has(name));
  for (const name of names) {
    const [ours, theirs] = [rowsOf(a, name), rowsOf(b, name)];
    for (let at = 0; ; at += 1) {
      const [x, y] = [ours.next().value, theirs.next().value];
      if (x === undefined && y === undefined) break;
      rows += 1;
      if (spell(x) === spell(y)) continue;
      differences.push(`${name}, row ${at}: ${spell(x)} and ${spell(y)}`);
      if (differences.length > 100) return { tables: names.length, rows, differences };
    }
  }
  return { tables: names.length, rows, differences };
}

function tablesOf(db: Database): readonly string[] {
  const found = db.query<{ name: string }, []>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  );
  return found.all().map(({ name }) => name);
}

const versionOf = (db: Database) => db.query<{ user_version: number }, []>('PRAGMA user_version').get()?.user_version;

function rowsOf(db: Database, name: string): Iterator<readonly unknown[], undefined> {
  const columns = db.query<{ name: string; pk: number }, []>(`PRAGMA table_info(${name})`).all();
  const key = columns.filter(({ pk }) => pk > 0).sort((x, y) => x.pk - y.pk);
  const text = `SELECT ${columns.map((one) => `"${one.name}"`).join(', ')} FROM ${name}
    ORDER BY ${key.map((one) => `"${one.name}"`).join(', ')}`;
  const rows = db.query<Record<string, unknown>, []>(text).iterate();
  const values = function* () {
    for (const row of rows) {
      const isMark = name === 'settings' && MARKS.includes(String(row.name));
      if (!isMark) yield Object.values(row);
    }
    return undefined;
  };
  return values();
}

function spell(row: readonly unknown[] | undefined): string {
  const values = row?.map((value) => (value instanceof Uint8Array ? `x${Buffer.from(value).toString('hex')}` : value));
  return JSON.stringify(values ?? 'nothing');
}
