import { afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, HOUR } from '../../../src/core/time.ts';
import { useApp } from '../../support/apps.ts';
import { type DeskClient, readText, signInOwner, signInStaff } from '../../support/desk.ts';
import { checkInvariants, describeBroken } from '../../support/invariants.ts';
import { present } from '../../support/parts.ts';
import { attachTestStore } from '../../support/store.ts';

/** About the backups of one file: on PostgreSQL there are none. */
const app = useApp({}, 'file');
let owner: DeskClient;
let folder = '';
beforeAll(async () => {
  owner = await signInOwner(app);
  folder = join(app.folder, 'backups');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const namesIn = (text: string) => [...text.matchAll(/data-backup="([^"]+)"/g)].map(([, name]) => name ?? '');

/** Makes one and waits until the page has it. */
async function make(): Promise<string> {
  const before = namesIn((await owner.get('/admin/backups')).text);
  const begun = await owner.post('/admin/backups/make');
  expect([begun.status, begun.location]).toEqual([303, '/admin/backups']);
  for (let n = 0; n < 500; n += 1) {
    const page = await owner.get('/admin/backups');
    const made = namesIn(page.text).find((name) => !before.includes(name));
    if (made && !page.text.includes('data-backup-running')) return made;
    await Bun.sleep(10);
  }
  throw new Error('no backup came');
}

/** It was finished so long ago by the app's clock. */
function setAge(name: string, ms: number): void {
  const at = (app.clock.now() - ms) / 1000;
  utimesSync(join(folder, name), at, at);
}

describe.skipIf(process.env.PAYCORE_TEST_ENGINE === 'postgres')('the backups page', () => {
  test('warns while there is none, or only old ones', async () => {
    const due = async () => /data-backup-due="(\w+)"/.exec((await owner.get('/admin/backups')).text)?.[1];
    expect(await due()).toBe('true');
    const name = await make();
    setAge(name, HOUR);
    expect(await due()).toBe('false');
    setAge(name, 2 * DAY + HOUR);
    expect(await due()).toBe('true');
  });

  test('makes one that is listed, downloaded whole, and can be gone back to', async () => {
    const { json } = await app.create('ecpay/atm');
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    const name = await make();
    setAge(name, HOUR);
    const page = readText((await owner.get('/admin/backups')).text);
    expect(page).toContain('沒有問題');
    expect(page).toContain('備份裡沒有主金鑰');
    const cookie = [...owner.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const answer = await app.request(`/admin/backups/${name}`, { headers: { cookie } });
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
    const bytes = await answer.bytes();
    expect(bytes.length).toBe(Number(answer.headers.get('content-length')));
    const copy = join(app.folder, 'restored.db');
    writeFileSync(copy, bytes);
    expect(describeBroken(await checkInvariants(copy))).toEqual([]);
    const restored = await attachTestStore(copy, 'restored');
    expect(await restored.rows.payments()).toEqual(await app.rows.payments());
    await restored[Symbol.asyncDispose]();
    expect(Buffer.from(bytes).includes(Buffer.from(app.deps.config.masterKey ?? []))).toBe(false);
  });

  test('deletes one when asked to, and nothing that is none', async () => {
    const name = await make();
    expect((await owner.get('/admin/backups')).text).toContain(`action="/admin/backups/${name}/delete"`);
    const gone = await owner.post(`/admin/backups/${name}/delete`);
    expect(gone.location).toBe('/admin/backups');
    expect(readdirSync(folder)).toEqual([]);
    expect(readText((await owner.get('/admin/backups')).text)).toContain(`已刪除 ${name}`);
    await owner.post(`/admin/backups/${encodeURIComponent('../paycore.db')}/delete`);
    expect(readdirSync(app.folder)).toContain('paycore.db');
  });

  test('gives out nothing but backups, whatever the name leads to', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(app.folder, 'master.key'), 'the key');
    symlinkSync(join(app.folder, 'paycore.db'), join(folder, 'link.db'));
    symlinkSync(join(app.folder, 'master.key'), join(folder, 'key.db'));
    mkdirSync(join(folder, 'folder.db'));
    writeFileSync(join(folder, 'x.db.json'), '{}');
    for (const name of [
      '../paycore.db',
      '..%2Fpaycore.db',
      '%2e%2e%2fmaster.key',
      '../master.key',
      'link.db',
      'key.db',
    ]) {
      const answer = await owner.get(`/admin/backups/${name}`);
      expect([name, answer.headers.get('content-disposition')]).toEqual([name, null]);
      expect([name, answer.text.includes('the key'), answer.text.includes('SQLite format')]).toEqual([
        name,
        false,
        false,
      ]);
    }
    for (const name of ['folder.db', 'x.db.json', 'nothing.db', encodeURIComponent('../paycore.db'), '%00.db'])
      expect([name, (await owner.get(`/admin/backups/${name}`)).status]).toEqual([name, 404]);
    expect(namesIn((await owner.get('/admin/backups')).text)).toEqual([]);
  });

  test('lets staff see whether there is one, and nothing else', async () => {
    const name = await make();
    const staff = await signInStaff(app);
    const page = await staff.get('/admin/backups');
    expect([page.status, namesIn(page.text)]).toEqual([200, [name]]);
    expect(page.text).not.toContain('data-action="backup"');
    expect((await staff.get(`/admin/backups/${name}`)).status).toBe(403);
    expect((await staff.post('/admin/backups/make')).status).toBe(403);
    expect((await staff.post(`/admin/backups/${name}/delete`)).status).toBe(403);
    expect(readdirSync(folder)).toContain(name);
  });

  test('says why one failed, and tells a person of it', async () => {
    await app.deps.store.saveAlertChannel(
      'webhook',
      { isOn: true, config: { url: 'http://127.0.0.1/x' } },
      app.clock.now(),
    );
    writeFileSync(folder, 'a file where the folder should be');
    await owner.post('/admin/backups/make');
    for (let n = 0; n < 200 && (await app.deps.store.listAlerts(1)).length === 0; n += 1) await Bun.sleep(10);
    expect(await app.deps.store.listAlerts(5)).toMatchObject([{ kind: 'backup_failed' }]);
    expect(readText((await owner.get('/admin/backups')).text)).toContain('上一次備份沒有做成');
  });

  test('has one made at a time, by another process where there is one', async () => {
    const made: string[] = [];
    let finish = () => {};
    const wait = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const twin = app.createTwin({
      makeBackup: async (file) => {
        made.push(file);
        await wait;
        return { file, bytes: 1, schema: 1, checks: 1, broken: [], master_key: null };
      },
    });
    const { backups } = twin.services;
    const both = [backups.make(), backups.make()];
    expect(backups.overview().runningSince).toBe(app.clock.now());
    finish();
    const [first, second] = await Promise.all(both);
    expect([made.length, present(first).file]).toEqual([1, present(second).file]);
    expect(backups.overview().runningSince).toBeNull();
  });
});

test('on PostgreSQL the page says what to use instead, and there is no button', async () => {
  const config = { ...app.deps.config, databaseUrl: 'postgres://paycore:secret-7@db.example/paycore' };
  const twin = await app.createTwin({}, config).open();
  const cookie = [...owner.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
  const page = await (await twin.handle(new Request(`${app.url}/admin/backups`, { headers: { cookie } }))).text();
  expect(page).toContain('pg_dump');
  expect(page).not.toContain('data-action="backup"');
  expect(page).not.toContain('secret-7');
});
