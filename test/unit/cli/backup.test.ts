import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../src/cli/backup.ts';
import { openData, SERVER_LEAVE } from '../../../src/cli/open.ts';
import { loadConfig } from '../../../src/program.ts';
import { checkInvariants, describeBroken } from '../../support/invariants.ts';
import { fillLedger } from '../../support/ledger.ts';
import { attachTestStore, makeFolder, type TestFolder, type TestStore } from '../../support/store.ts';

let folder: TestFolder;
let dataDir = '';
let server: TestStore;
const copyOf = () => folder.file('copy.db');

/** A ledger that is being served: what was written last is in its log, not in its file. */
beforeEach(async () => {
  folder = makeFolder();
  dataDir = folder.file('data');
  process.env.PAYCORE_DATA_DIR = dataDir;
  await (await openData(loadConfig({ PAYCORE_DATA_DIR: dataDir }), SERVER_LEAVE)).store.close();
  server = await attachTestStore(join(dataDir, 'paycore.db'), 'backup');
  await server.tamper.hurryCommits();
  await fillLedger(server);
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  for (const name of ['PAYCORE_DATA_DIR', 'PAYCORE_DATABASE_URL']) Reflect.deleteProperty(process.env, name);
  folder[Symbol.dispose]();
});

async function backUp(...args: string[]): Promise<string> {
  const lines: string[] = [];
  await run(args, (line) => lines.push(line));
  return lines.join('\n');
}

function countIn(path: string): number {
  const db = new Database(path, { readonly: true });
  const found = db.query<{ found: number }, []>('SELECT count(*) AS found FROM payments').get()?.found ?? 0;
  db.close(true);
  return found;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('paycore backup', () => {
  test('copies what is committed, the log included, beside a server in the middle of a transaction', async () => {
    await settle();
    const before = countIn(server.place);
    server.database.run('BEGIN IMMEDIATE');
    server.database.run('DELETE FROM outbox');
    const facts = JSON.parse(await backUp(copyOf(), '--json'));
    server.database.run('ROLLBACK');
    expect(facts).toMatchObject({ file: copyOf(), broken: [], master_key: join(dataDir, 'master.key') });
    expect([facts.bytes, facts.checks > 35]).toEqual([statSync(copyOf()).size, true]);
    expect([before > 0, countIn(copyOf())]).toEqual([true, before]);
    expect(describeBroken(await checkInvariants(copyOf()))).toEqual([]);
    const opened = await attachTestStore(copyOf(), 'restored');
    expect(await opened.rows.payments()).toEqual(await server.rows.payments());
    await opened[Symbol.asyncDispose]();
  });

  test('is for its owner alone, and leaves nothing else behind', async () => {
    const before = process.umask(0o022);
    await backUp(copyOf());
    process.umask(before);
    expect((statSync(copyOf()).mode & 0o777).toString(8)).toBe('600');
    expect(readdirSync(folder.path).sort()).toEqual(['copy.db', 'data']);
  });

  test('without a name goes into the folder of backups, named by its time, and is listed and dropped there', async () => {
    expect(await backUp()).toContain('rules hold');
    const name = expect.stringMatching(/^paycore-\d{8}T\d{6}Z\.db$/);
    const note = expect.stringMatching(/^paycore-\d{8}T\d{6}Z\.db\.json$/);
    expect(readdirSync(join(dataDir, 'backups')).sort()).toEqual([name, note]);
    expect(JSON.parse(await backUp('--list', '--json'))).toMatchObject([{ name, checked: true, broken: [] }]);
    const [made] = JSON.parse(await backUp('--list', '--json'));
    await expect(backUp('--remove', `../backups/${made.name}`)).rejects.toThrow('there is no backup');
    expect(await backUp('--remove', made.name)).toContain('is gone');
    expect(readdirSync(join(dataDir, 'backups'))).toEqual([]);
    expect(await backUp('--list')).toContain('there is no backup yet');
    expect((statSync(join(dataDir, 'backups')).mode & 0o777).toString(8)).toBe('700');
  });

  test.each([
    ['a file that is there', () => writeFileSync(copyOf(), 'mine'), /copy\.db is there already/],
    ['a folder', () => mkdirSync(copyOf()), /copy\.db is there already/],
  ])('never takes the place of %s', async (_, make, reason) => {
    make();
    await expect(backUp(copyOf())).rejects.toThrow(reason);
    if (statSync(copyOf()).isFile()) expect(readFileSync(copyOf(), 'utf8')).toBe('mine');
    expect(readdirSync(folder.path).sort()).toEqual(['copy.db', 'data']);
  });

  test('says where the ledger itself breaks a rule, and keeps the copy', async () => {
    await server.tamper.setCheckAt(0);
    server.database.run('UPDATE payment_counts SET count = 77');
    expect(await backUp(copyOf())).toContain('breaks counts_differ: see paycore doctor');
    expect(countIn(copyOf())).toBeGreaterThan(0);
  });

  test('of a damaged file makes none', async () => {
    await server.store.close();
    const [path, half] = [server.place, statSync(server.place).size / 2];
    writeFileSync(path, readFileSync(path).fill(0, half));
    await expect(backUp(copyOf())).rejects.toThrow('no backup was made');
    expect(readdirSync(folder.path)).toEqual(['data']);
    server = await attachTestStore(folder.file('other.db'), 'other');
  });

  test('where there is no database, or it is PostgreSQL, says so in one line', async () => {
    process.env.PAYCORE_DATA_DIR = folder.file('nowhere');
    await expect(backUp()).rejects.toThrow(/^there is no database at .*nowhere.*PAYCORE_DATA_DIR/);
    process.env.PAYCORE_DATABASE_URL = 'postgres://paycore:secret-7@127.0.0.1:9/paycore';
    await expect(backUp()).rejects.toThrow(/^the data is in PostgreSQL: [^\n]*pg_dump[^\n]*master\.key[^\n]*$/);
    expect(readdirSync(folder.path)).toEqual(['data']);
  });
});
