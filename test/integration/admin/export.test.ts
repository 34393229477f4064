import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { MASTER_KEY, startApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  const order = { merchant_order_no: '0071', buyer_name: '王小明' };
  await app.create('ecpay/atm', order);
  await app.create('ecpay/cvs', { merchant_order_no: '0072' });
});
afterAll(() => app.stop());

async function run(...args: readonly string[]) {
  const child = Bun.spawn([process.execPath, 'src/main.ts', 'export', ...args], {
    cwd: join(import.meta.dir, '../../..'),
    env: { PATH: process.env.PATH ?? '', PAYCORE_DATA_DIR: app.folder, PAYCORE_MASTER_KEY: MASTER_KEY },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code };
}

const read = (text: string): Record<string, string>[] => parse(text, { bom: true, columns: true });

describe('paycore export', () => {
  test('writes to the terminal what the desk gives as a file, with names that stay', async () => {
    const { out, err, code } = await run('payments', '--test', '--project', 'shop');
    expect([code, err]).toEqual([0, '']);
    expect(read(out).map((row) => [row.merchant_order_no, row.buyer_name, row.amount])).toEqual([
      ['0072', '', '980.00'],
      ['0071', '王小明', '980.00'],
    ]);
  });

  test('writes a whole file for its owner alone, for a spreadsheet too, or none', async () => {
    const file = join(app.folder, 'out.csv');
    const days = ['--from', '2026-06-22', '--to', '2026-06-22'];
    const { out } = await run('payments', '--test', '--spreadsheet', ...days, '--csv', file, '--json');
    expect(JSON.parse(out)).toEqual({ file, rows: 2 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(read(readFileSync(file, 'utf8'))[0]).toMatchObject({ 訂單編號: "'0072", 狀態: 'pending' });
    const failed = await run('books', '--csv', join(app.folder, 'nowhere', 'out.csv'));
    expect([failed.code, failed.err]).toEqual([1, expect.stringContaining('could not be written')]);
    expect(readdirSync(app.folder).filter((name) => name.includes('unfinished'))).toEqual([]);
    expect(existsSync(join(app.folder, 'nowhere'))).toBe(false);
  });

  test('says which day it cannot read', async () => {
    const { code, err } = await run('refunds', '--from', '2026-02-30');
    expect([code, err]).toEqual([2, 'paycore: --from must be a day, e.g. 2026-06-30, not "2026-02-30".\n']);
  });
});
