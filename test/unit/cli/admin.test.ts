import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { run as admin } from '../../../src/cli/admin.ts';
import { run as audit } from '../../../src/cli/audit.ts';
import { run as key } from '../../../src/cli/key.ts';
import { run as limit } from '../../../src/cli/limit.ts';
import { run as project } from '../../../src/cli/project.ts';
import { checkPassword } from '../../../src/people/passwords.ts';
import { attachTestStore, makeFolder, type TestFolder, type TestStore } from '../../support/store.ts';

const ROOT = join(import.meta.dir, '../../..');
const COMMANDS = { admin, audit, key, limit, project } as const;

/** `paycore admin` over a data directory. */
let folder: TestFolder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder[Symbol.dispose]());

/** What is typed on standard input needs a process of its own; everything else runs in this one. */
async function paycore(args: readonly string[], input = '') {
  return args.includes('--password-stdin') ? spawn(args, input) : runHere(args);
}

async function runHere([name = '', ...args]: readonly string[]) {
  const lines: string[] = [];
  const env = { PAYCORE_DATA_DIR: process.env.PAYCORE_DATA_DIR, PAYCORE_PUBLIC_URL: process.env.PAYCORE_PUBLIC_URL };
  Object.assign(process.env, { PAYCORE_DATA_DIR: folder.path, PAYCORE_PUBLIC_URL: 'https://pay.shop.example' });
  try {
    await COMMANDS[name as keyof typeof COMMANDS](args, (line) => lines.push(line));
    return { code: 0, stdout: lines.join('\n'), stderr: '' };
  } catch (error) {
    return { code: 1, stdout: '', stderr: (error as Error).message };
  } finally {
    for (const [key, value] of Object.entries(env)) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
  }
}

async function spawn(args: readonly string[], input: string) {
  const child = Bun.spawn([process.execPath, join(ROOT, 'src/main.ts'), ...args], {
    cwd: ROOT,
    env: { ...process.env, PAYCORE_DATA_DIR: folder.path, PAYCORE_PUBLIC_URL: 'https://pay.shop.example' },
    stdin: new Blob([input]),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, stdout, stderr };
}

const json = async (args: readonly string[], input = '') => {
  const { code, stdout, stderr } = await paycore([...args, '--json'], input);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

async function look<T>(work: (store: TestStore['store']) => Promise<T>): Promise<T> {
  await using data = await attachTestStore(folder.file('paycore.db'), 'look');
  return await work(data.store);
}

const OWNER = ['admin', 'create', '--email', 'Owner@shop.example', '--name', '林老闆'];
const PASSWORD = 'correct horse battery';

describe('paycore admin', () => {
  test('create makes an owner, and prints the link by which the password is set; it is written down', async () => {
    const made = await json(OWNER);
    expect(made).toMatchObject({ email: 'owner@shop.example', role: 'owner' });
    const token = /^https:\/\/pay\.shop\.example\/admin\/welcome\/([\w-]{43})$/.exec(made.link)?.[1] ?? '';
    await look(async (store) => {
      const person = await store.findPersonByLink(hash('sha256', token, 'buffer'), Date.now());
      expect(person).toMatchObject({ email: 'owner@shop.example', passwordHash: null });
      const [entry] = await store.listAudit({ personId: null, action: 'create-admin', beforeId: null, limit: 1 });
      expect(entry).toMatchObject({ who: 'command line', about: 'owner@shop.example', outcome: 'done' });
      expect(JSON.stringify(entry)).not.toContain(token);
    });
    expect((await paycore(OWNER)).stderr).toContain('somebody here has already');
  });

  test('takes the password on standard input instead, if it is a good one', async () => {
    expect((await paycore([...OWNER, '--password-stdin'], 'short\n')).stderr).toContain('at least 12 characters');
    expect(await look((store) => store.listPeople())).toEqual([]);
    expect((await json([...OWNER, '--password-stdin'], `${PASSWORD}\n`)).link).toBeNull();
    const person = await look((store) => store.findPersonByEmail('owner@shop.example'));
    expect(await checkPassword(PASSWORD, person?.passwordHash ?? null)).toBe(true);
  });

  test('reset ends password and sessions, and the second step where it is said', async () => {
    await json([...OWNER, '--password-stdin'], PASSWORD);
    await look(async (store) => {
      const person = await store.findPersonByEmail('owner@shop.example');
      const id = person?.id ?? 0;
      const now = Date.now();
      await store.changePerson(id, { fields: { totpSecret: Uint8Array.of(1) }, endsSessions: false, now });
      const session = {
        hash: Uint8Array.of(1),
        personId: id,
        address: '',
        userAgent: '',
        expiresAt: now + 60_000,
        now,
      };
      await store.addSession(session);
    });
    const made = await json(['admin', 'reset', 'OWNER@shop.example']);
    expect(made.link).toContain('/admin/welcome/');
    await look(async (store) => {
      const person = await store.findPersonByEmail('owner@shop.example');
      expect(person?.passwordHash).toBeNull();
      expect(person?.totpSecret).not.toBeNull();
      expect(await store.listSessions(person?.id ?? 0, Date.now())).toEqual([]);
    });
    await json(['admin', 'reset', 'owner@shop.example', '--drop-totp', '--password-stdin'], 'another horse battery');
    const person = await look((store) => store.findPersonByEmail('owner@shop.example'));
    expect(person?.totpSecret).toBeNull();
    expect(await checkPassword('another horse battery', person?.passwordHash ?? null)).toBe(true);
    expect((await paycore(['admin', 'reset', 'nobody@shop.example'])).stderr).toContain('paycore admin list');
  });

  test('list tells who may what, without anything by which one could come in', async () => {
    await json([...OWNER, '--password-stdin'], PASSWORD);
    await json(['admin', 'create', '--email', 's@shop.example', '--name', 'Chen', '--staff', '--refunds']);
    const people = await json(['admin', 'list']);
    expect(people).toMatchObject([
      { email: 'owner@shop.example', role: 'owner', state: 'active', totp: false },
      { email: 's@shop.example', role: 'staff', may_refund: true, state: 'invited' },
    ]);
    expect(JSON.stringify(people)).not.toMatch(/argon2|hash|link/i);
  });

  test('change gives somebody another role, and shuts him out, but never the last owner', async () => {
    await json([...OWNER, '--password-stdin'], PASSWORD);
    await json(['admin', 'create', '--email', 's@shop.example', '--name', 'Chen', '--staff']);
    expect(await json(['admin', 'change', 's@shop.example', '--refunds'])).toMatchObject({ may_refund: true });
    expect(await json(['admin', 'change', 's@shop.example', '--disable'])).toMatchObject({ state: 'disabled' });
    expect(await json(['admin', 'change', 's@shop.example', '--enable'])).toMatchObject({ state: 'invited' });
    for (const way of ['--staff', '--disable']) {
      expect((await paycore(['admin', 'change', 'owner@shop.example', way])).code).toBe(1);
    }
    expect((await paycore(['admin', 'change', 's@shop.example', '--enable', '--disable'])).stderr).toContain(
      'opposite',
    );
    expect((await paycore(['admin', 'change', 's@shop.example'])).stderr).toContain('something to change');
    const entries = await json(['audit', '--action', 'change-admin']);
    expect(entries).toMatchObject([
      { who: 'command line', about: 's@shop.example', before: { disabled: true }, after: { disabled: false } },
      { after: { disabled: true } },
      { before: { may_refund: false }, after: { may_refund: true } },
    ]);
  });

  test('audit tells who changed what, in pieces', async () => {
    await json(OWNER);
    await json(['key', 'create', '--project', 'shop', '--test']);
    const [last] = await json(['audit', '--limit', '1']);
    expect(last).toMatchObject({ action: 'create-key', about: 'shop', outcome: 'done' });
    expect(await json(['audit', '--before', String(last.id)])).toMatchObject([{ action: 'create-admin' }]);
    expect(await json(['audit', '--person', 'owner@shop.example'])).toEqual([]);
    expect((await paycore(['audit', '--person', 'nobody@shop.example'])).stderr).toContain('paycore admin list');
    expect((await paycore(['audit', '--limit', '0'])).stderr).toContain('1 to 1000');
    expect((await paycore(['audit'])).stdout).toContain('create-key  shop');
  });

  test('is told to the audit by the other commands too, and none of them writes a key into it', async () => {
    const { api_key } = await json(['key', 'create', '--project', 'shop', '--test']);
    await paycore(['project', 'set', '--project', 'shop', '--display-name', 'Tea']);
    await paycore(['limit', 'set', '--project', 'shop', '--method', 'ecpay/cvs', '--min', '30', '--max', '900']);
    await paycore(['key', 'revoke', '1']);
    const entries = await look((store) => store.listAudit({ personId: null, action: null, beforeId: null, limit: 9 }));
    expect(entries.map(({ action, about }) => `${action} ${about}`)).toEqual([
      'revoke-key key 1',
      'set-limit shop',
      'change-project shop',
      'create-key shop',
    ]);
    expect(JSON.stringify(entries)).not.toContain(api_key);
    expect(readFileSync(join(folder.path, 'paycore.db')).includes(Buffer.from(api_key))).toBe(false);
  });
});
