import { Database } from 'bun:sqlite';
import { createSqliteEngine } from '../../../src/store/engines/sqlite.ts';
import { migrateSqlite } from '../../../src/store/engines/sqlite-migrate.ts';
import { openWriter } from '../../../src/store/engines/sqlite-open.ts';
import { findRows, insertRows } from '../../../src/store/table.ts';
import type { Reader, Tx } from '../../../src/store/tx.ts';
import { migrationsOf } from '../../support/engines.ts';
import { makeFolder } from '../../support/store.ts';

/** An engine over SQLite whose connection that writes is listened to. Projects are what is written: they have a name. */

export function insert(tx: Tx, name: string): Promise<void> {
  const nothing = { notificationSecret: new Uint8Array(), limits: {}, settings: {}, events: [] };
  return insertRows(tx, 'projects', [{ name, ...nothing, createdAt: 0 }]);
}

/** Beginnings of the names, in the order they were written. */
export async function listNames(on: Reader): Promise<readonly string[]> {
  const rows = await findRows(on, 'projects', {});
  return rows.sort((a, b) => a.id - b.id).map(({ name }) => name.slice(0, 10));
}

export async function openQueue(lockLimitMs?: number) {
  const folder = makeFolder();
  const path = folder.file('queue.db');
  const writer = openWriter(path);
  migrateSqlite(writer, migrationsOf('sqlite'), null);
  const ran: string[] = [];
  const broken = new Map<string, string>();
  listen(writer, ran, broken);
  let isClosing = false;
  const engine = createSqliteEngine(writer, new Database(path, { readonly: true }), lockLimitMs);
  return {
    engine,
    writer,
    path,
    add: (name: string): Promise<string> =>
      engine.write(async (tx) => {
        await insert(tx, name);
        return name;
      }),
    names: () => listNames(engine.reader),
    listIn: (tx: Tx) => listNames(tx),
    /** How often a text was run. */
    count: (text: string | RegExp) =>
      ran.filter((one) => (typeof text === 'string' ? one === text : text.test(one))).length,
    /** The next time that this text is run it fails with this code. */
    breakNext: (text: string, code: string) => void broken.set(text, code),
    fillDisk(): void {
      const pages = Number(Object.values(writer.query('PRAGMA page_count').get() as object)[0]);
      writer.run(`PRAGMA max_page_count = ${pages + 2}`);
    },
    makeRoom: () => void writer.run('PRAGMA max_page_count = 1000000'),
    /** Afterwards nothing closes it a second time. */
    close(): Promise<void> {
      isClosing = true;
      return engine.close();
    },
    async [Symbol.asyncDispose]() {
      if (!isClosing) await engine.close();
      folder[Symbol.dispose]();
    },
  };
}

/** Writes down what is run on a connection, and breaks what is to be broken. */
function listen(database: Database, ran: string[], broken: Map<string, string>): void {
  const note = (text: string): void => {
    ran.push(text);
    const code = broken.get(text);
    broken.delete(text);
    if (code !== undefined) throw Object.assign(new Error(`${text} failed`), { code });
  };
  const prepare = database.prepare.bind(database);
  database.prepare = ((text: string) => {
    const native = prepare(text);
    const [run, values] = [native.run.bind(native), native.values.bind(native)];
    native.run = (...given) => {
      note(text);
      return run(...given);
    };
    native.values = (...given) => {
      note(text);
      return values(...given);
    };
    return native;
  }) as typeof database.prepare;
  const run = database.run.bind(database);
  database.run = ((text: string) => {
    note(text);
    return run(text);
  }) as typeof database.run;
}
