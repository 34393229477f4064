import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../../src/cli/doctor/finding.ts';
import { checkCertificate } from '../../../src/cli/doctor/machine.ts';
import { run } from '../../../src/cli/doctor.ts';
import { CommandFailure } from '../../../src/cli/failure.ts';
import { lockPathOf, openData, SERVER_LEAVE } from '../../../src/cli/open.ts';
import { DAY } from '../../../src/core/time.ts';
import { loadConfig } from '../../../src/program.ts';
import { acquireLock } from '../../../src/store/engines/sqlite-lock.ts';
import { rulesOf } from '../../../src/store/integrity/rules.ts';
import { canMakeCertificates, makeCertificate } from '../../support/certificate.ts';
import { createClock } from '../../support/clock.ts';
import { fillLedger } from '../../support/ledger.ts';
import { present } from '../../support/parts.ts';
import { attachTestStore, makeFolder, type TestFolder } from '../../support/store.ts';

let folder: TestFolder;
let dataDir = '';
const pathOf = (name: string) => join(dataDir, name);
const config = () => loadConfig({ PAYCORE_DATA_DIR: dataDir });

/** A data directory with a ledger in it, as the first start of PayCore and some payments leave it. */
async function fill(now = Date.now() - DAY): Promise<void> {
  const { store } = await openData(config(), SERVER_LEAVE);
  await store.close();
  const t = await attachTestStore(pathOf('paycore.db'), 'doctor', createClock(now));
  await t.tamper.hurryCommits();
  await fillLedger(t);
  await t[Symbol.asyncDispose]();
}

beforeEach(() => {
  folder = makeFolder();
  dataDir = folder.file('data');
  process.env.PAYCORE_DATA_DIR = dataDir;
});

afterEach(() => {
  Reflect.deleteProperty(process.env, 'PAYCORE_DATA_DIR');
  folder[Symbol.dispose]();
});

function change(sql: string): void {
  const db = new Database(pathOf('paycore.db'));
  db.run('PRAGMA foreign_keys = OFF');
  db.run(sql);
  db.close(true);
}

interface Told {
  readonly ok: boolean;
  readonly repaired: Readonly<Record<string, number>>;
  readonly checks: readonly Finding[];
  readonly exitCode: number;
}

async function examine(...args: string[]): Promise<Told> {
  const lines: string[] = [];
  let exitCode = 0;
  try {
    await run(['--json', ...args], (line) => lines.push(line));
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    exitCode = error.exitCode;
  }
  return { ...JSON.parse(lines.join('\n')), exitCode };
}

const notOk = ({ checks }: Told) => checks.filter(({ state }) => state !== 'ok').map((one) => [one.check, one.state]);
const find = ({ checks }: Told, name: string) =>
  present(
    checks.find(({ check }) => check === name),
    name,
  );

describe('paycore doctor', () => {
  test('tries every rule of the ledger and finds nothing on one that is sound', async () => {
    await fill();
    const told = await examine();
    expect([told.ok, told.exitCode, told.repaired]).toEqual([true, 0, {}]);
    const checked = told.checks.map(({ check }) => check);
    expect(checked).toEqual(expect.arrayContaining(rulesOf('sqlite').map(({ name }) => name)));
    expect(notOk(told)).toEqual([
      ['waiting_notifications', 'warn'],
      ['waiting_looks', 'warn'],
    ]);
  });

  test('says in lines what is wrong, with the rows and what to do, and ends with 1', async () => {
    await fill();
    change("UPDATE payments SET reason = NULL WHERE status = 'failed'");
    const lines: string[] = [];
    const failure = run([], (line) => lines.push(line));
    await expect(failure).rejects.toThrow('one check is bad');
    const text = lines.join('\n');
    expect(text).toMatch(/\nbad {2}ended_without_reason: .*\(1 found\)\n {7}\{"payment_no":"PAY.*\}\n {7}→ \w.+\n/);
    expect(text).toMatch(/\d+ checks: \d+ ok, 2 to look at, 1 bad$/);
  });

  test('what stays of a request that was killed is nothing bad', async () => {
    await fill();
    change("UPDATE idempotency_keys SET status = NULL, created_at = created_at - 600001 WHERE key = 'first'");
    const told = await examine();
    expect([told.ok, find(told, 'idempotency_key_stuck').state]).toEqual([true, 'warn']);
  });

  test('repairs figures beside a running server, which goes on with them', async () => {
    await fill();
    change("UPDATE payment_counts SET count = 90 WHERE status = 'paid'; UPDATE links SET paid_amount = 1");
    const lock = present(acquireLock(lockPathOf(dataDir)));
    const server = await openData(config(), SERVER_LEAVE);
    expect((await examine()).checks.filter(({ state }) => state === 'bad')).toHaveLength(2);
    const told = await examine('--repair');
    expect([told.ok, told.exitCode, told.repaired]).toEqual([true, 0, { counts_differ: 1, link_sums_differ: 1 }]);
    await server.store.checkWritable();
    expect((await examine('--repair')).repaired).toEqual({});
    await server.store.close();
    lock.release();
  });

  test('of what cannot be made anew a repair changes nothing', async () => {
    await fill();
    change('UPDATE payments SET refunded = 7; UPDATE attempts SET check_at = NULL');
    const told = await examine('--repair');
    expect(Object.keys(told.repaired)).toEqual(['refunded_sum_differs']);
    expect([told.exitCode, find(told, 'attempt_nobody_asks_about').state]).toEqual([1, 'bad']);
  });

  test('says of each gateway when it called last, and to look at one whose last word was refused', async () => {
    await fill();
    const call = (gateway: string, project: number, accepted: string, refused: string) =>
      change(
        `INSERT INTO callback_calls VALUES ('${gateway}', ${project}, 'test', ${accepted}, ${refused}, 'wrong key')`,
      );
    call('ecpay', 1, '1782115200000', 'NULL');
    call('ecpay', 2, '1782115100000', '1782115000000');
    call('stripe', 1, '1782115100000', '1782115200000');
    call('paypal', 0, 'NULL', '1782115200000');
    const told = await examine();
    expect(find(told, 'last_callback_ecpay')).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('2026-06-22'),
    });
    expect(find(told, 'last_callback_stripe')).toMatchObject({
      state: 'warn',
      message: expect.stringContaining('wrong key'),
    });
    expect(told.checks.map(({ check }) => check)).not.toContain('last_callback_paypal');
  });

  test('leaves a database of another schema as it is, and says which version to use', async () => {
    await fill();
    for (const [version, state, exitCode] of [
      [1, 'warn', 0],
      [999, 'bad', 1],
    ] as const) {
      change(`PRAGMA user_version = ${version}`);
      const told = await examine('--repair');
      expect([told.exitCode, find(told, 'schema')]).toEqual([exitCode, expect.objectContaining({ state })]);
      expect(find(told, 'schema').remedy).toContain('version');
      expect(told.checks.map(({ check }) => check)).not.toContain('counts_differ');
    }
  });

  test('makes nothing where there is nothing', async () => {
    const told = await examine('--repair');
    expect(notOk(told)).toEqual([
      ['data_directory', 'bad'],
      ['database', 'bad'],
    ]);
    expect([told.exitCode, existsSync(dataDir)]).toEqual([1, false]);
  });

  test('a file that is no database is one check that is bad', async () => {
    await fill();
    writeFileSync(pathOf('paycore.db'), 'no database at all\n'.repeat(500));
    expect(notOk(await examine())).toEqual([['database', 'bad']]);
  });

  test('tells of another master key, notifications that were given up, and a clock that is behind the data', async () => {
    await fill(Date.now() + DAY);
    change("UPDATE outbox SET state = 'dead', last_error = 'refused' WHERE event = 'payment.paid'");
    change(`INSERT INTO troubles (kind, subject, data, since)
      SELECT 'notification_dead', payment_id || ' ' || webhook_id, '{}', 1 FROM outbox WHERE state = 'dead'`);
    writeFileSync(pathOf('master.key'), Buffer.alloc(32, 7).toString('base64'));
    const told = await examine();
    expect(notOk(told)).toEqual([
      ['dead_notifications', 'warn'],
      ['clock', 'bad'],
      ['master_key', 'bad'],
    ]);
  });
});

describe.skipIf(!canMakeCertificates)('the certificate', () => {
  const write = () => {
    const { cert, key } = makeCertificate('pay.example');
    const files = { certFile: folder.file('cert.pem'), keyFile: folder.file('key.pem') };
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key);
    return files;
  };

  test('is said to end before it does, and to be over afterwards', () => {
    const files = write();
    const stateIn = (days: number) => checkCertificate(files, Date.now() + days * DAY).state;
    expect([1, 20, 40, -1].map(stateIn)).toEqual(['ok', 'warn', 'bad', 'bad']);
  });

  test('that is none, half written or of another key is named', () => {
    const files = write();
    const message = () => checkCertificate(files, Date.now()).message;
    writeFileSync(files.keyFile, makeCertificate('other.example').key);
    expect(message()).toMatch(/key\.pem is not the key of the certificate/);
    writeFileSync(files.keyFile, 'nothing');
    expect(message()).toMatch(/key\.pem holds no private key/);
    const { cert } = makeCertificate('pay.example');
    writeFileSync(files.certFile, cert + cert.slice(0, 200));
    expect(message()).toMatch(/cert\.pem holds no whole certificate/);
  });
});
