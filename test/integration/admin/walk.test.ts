import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { hasRight } from '../../../src/core/person.ts';
import { deskAreas } from '../../../src/http/admin/areas.ts';
import type { DeskAction, DeskPage } from '../../../src/http/admin/desk.ts';
import { sayOf, speakDesk } from '../../../src/pages/admin/texts.ts';
import { SESSION_COOKIE } from '../../../src/people/sessions.ts';
import type { TableName } from '../../../src/store/kit.ts';
import { tables } from '../../../src/store/schema/sqlite/index.ts';
import { findRows } from '../../../src/store/table.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { type DeskClient, readText, signInOwner, signInStaff } from '../../support/desk.ts';

/**
 * Walks every page and every action of the desk there is, of all areas: what is new is covered by standing in the table.
 */

let app: TestApp;
let owner: DeskClient;
let staff: DeskClient;
let pages: readonly DeskPage[] = [];
let actions: readonly DeskAction[] = [];
let paymentNo = '';
const say = speakDesk('zh-tw');

beforeAll(async () => {
  app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  owner = await signInOwner(app);
  staff = await signInStaff(app);
  const areas = deskAreas(app.deps, app.program.services);
  pages = areas.flatMap((area) => area.pages);
  actions = areas.flatMap((area) => area.actions);
  // So that whatever is not refused finds something to change.
  paymentNo = String((await app.create('ecpay/atm')).json.data.payment_no);
});
afterAll(() => app.stop());

/** The path with something in its places that is there. */
function fill(path: string): string {
  const known: Readonly<Record<string, string>> = { paymentNo, gateway: 'ecpay' };
  return path.replace(/:(\w+)/g, (_, name: string) => known[name] ?? '1');
}

interface Sent {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Headers;
  readonly text: string;
}

async function send(
  path: string,
  cookies: ReadonlyMap<string, string>,
  form?: Readonly<Record<string, string>>,
): Promise<Sent> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const init = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form).toString() };
  const headers = { cookie, ...(form === undefined ? {} : type) };
  const response = await app.request(path, { ...init, headers });
  const text = await response.text();
  return { status: response.status, location: response.headers.get('location'), headers: response.headers, text };
}

const NOBODY: ReadonlyMap<string, string> = new Map();
const sessionOf = ({ cookies }: DeskClient) => new Map([[SESSION_COOKIE, cookies.get(SESSION_COOKIE) ?? '']]);

/** Everything that stands in the database. */
async function readAll(): Promise<string> {
  const names = Object.keys(tables) as TableName[];
  const rows = await Promise.all(names.map(async (name) => [name, await findRows(app.engine.reader, name, {})]));
  return JSON.stringify(rows);
}

/** Sends each action, and tells which were not refused in this way. */
async function listNotRefused(
  list: readonly DeskAction[],
  cookies: ReadonlyMap<string, string>,
  csrf: string | null,
  expected: 'csrf' | 'forbidden',
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { path, action } of list) {
    const form = { amount: '1', confirm: 'on', ...(csrf === null ? {} : { csrf }) };
    const { status, text } = await send(fill(path), cookies, form);
    const isRefused = status === 403 && readText(text).includes(say(`problem.title.${expected}`));
    if (!isRefused) wrong.push(`${action} ${path}: ${status}`);
  }
  return wrong;
}

describe('the table of the desk', () => {
  test('has every page and action once', () => {
    const paths = [...pages.map(({ path }) => `GET ${path}`), ...actions.map(({ path }) => `POST ${path}`)];
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path, at) => paths.indexOf(path) !== at)).toEqual([]);
    for (const { action } of actions) expect(action).toMatch(/^[a-z][a-z0-9-]+$/);
  });

  test('is written down in words that the audit has, in both languages', () => {
    const open = deskAreas(app.deps, app.program.services).flatMap(({ open }) => open?.actions ?? []);
    const names = [...new Set([...actions, ...open].map(({ action }) => action)), 'confirm-password'];
    for (const say of [speakDesk('zh-tw'), speakDesk('en')])
      expect(names.filter((name) => sayOf(say, 'audit.do', name).startsWith('audit.do.'))).toEqual([]);
  });

  test('lets staff look, sync, send again, and keep the own account; refund where the owner allows it; nothing else', () => {
    const mayStaff =
      /^(?:sync|resend(?:-[a-z]+)*|logout|change-(?:profile|email|password)|(?:en|dis)able-totp|renew-recovery-codes|end-(?:other-)?sessions?)$/;
    const mayRefund = /^(?:settle-)?refund(?:-question)?$/;
    const tooMuch = actions.filter(
      ({ action, right }) =>
        (right === 'staff' && !mayStaff.test(action)) || (right === 'refund' && !mayRefund.test(action)),
    );
    expect(tooMuch.map(({ action, right }) => `${action}: ${right}`)).toEqual([]);
  });

  test('opens nothing to who is not signed in but the login and the set-up', () => {
    const open = deskAreas(app.deps, app.program.services).flatMap(({ open }) => [
      ...(open?.pages ?? []),
      ...(open?.actions ?? []),
    ]);
    expect(open.filter(({ page }) => page !== 'login' && page !== 'setup').map(({ path }) => path)).toEqual([]);
  });
});

describe('without a session', () => {
  test('every page leads to the login, and knows the way back', async () => {
    for (const { path } of pages) {
      const { status, location, text } = await send(fill(path), NOBODY);
      const next = fill(path) === '/admin' ? '' : `?next=${encodeURIComponent(fill(path))}`;
      expect([path, status, location, text]).toEqual([path, 303, `/admin/login${next}`, '']);
    }
  });

  test('every action leads to the login, and changes nothing', async () => {
    const before = await readAll();
    const token = await owner.csrf();
    for (const { path } of actions) {
      const { status, location } = await send(fill(path), NOBODY, { csrf: token });
      expect([path, status, location]).toEqual([path, 303, '/admin/login']);
    }
    expect(await readAll()).toBe(before);
  });
});

describe('an action', () => {
  test('without the token of its session, or with that of another, is refused and changes nothing', async () => {
    const [mine, another] = [await owner.csrf(), await staff.csrf()];
    const second = await signInOwner(app);
    const before = await readAll();
    for (const csrf of [null, '', 'x', mine.slice(1), another, await second.csrf()]) {
      expect(await listNotRefused(actions, sessionOf(owner), csrf, 'csrf')).toEqual([]);
    }
    expect(await listNotRefused(actions, sessionOf(staff), mine, 'csrf')).toEqual([]);
    expect(await readAll()).toBe(before);
  });

  test('of the owner is refused to staff, and so are refunds that the owner does not allow; nothing is changed', async () => {
    const person = { role: 'staff', mayRefund: false } as const;
    const kept = actions.filter(({ right }) => !hasRight(person, right));
    expect(kept.length).toBeGreaterThan(5);
    const before = await readAll();
    expect(await listNotRefused(kept, sessionOf(staff), await staff.csrf(), 'forbidden')).toEqual([]);
    const refunder = await signInStaff(app, { mayRefund: true });
    const owners = actions.filter(({ right }) => right === 'owner');
    const after = await readAll();
    expect(await listNotRefused(owners, sessionOf(refunder), await refunder.csrf(), 'forbidden')).toEqual([]);
    expect(await readAll()).toBe(after);
    expect(after.length).toBeGreaterThan(before.length);
  });
});

describe('a page', () => {
  test('of the owner is refused to staff', async () => {
    for (const { path } of pages.filter(({ right }) => !hasRight({ role: 'staff', mayRefund: false }, right))) {
      const { status, text } = await send(fill(path), sessionOf(staff));
      expect([path, status, readText(text).includes(say('problem.title.forbidden'))]).toEqual([path, 403, true]);
    }
  });

  test('opens to whoever may, under its name, and breaks for nobody', async () => {
    for (const { path, page, right } of pages) {
      for (const client of right === 'staff' ? [owner, staff] : [owner]) {
        const { status, headers, text } = await send(fill(path), sessionOf(client));
        expect([path, status < 500 && status !== 403]).toEqual([path, true]);
        if (headers.get('content-type')?.startsWith('text/html')) expect(text).toContain(`data-page="${page}"`);
      }
    }
  });
});

describe('every answer of the desk', () => {
  const HEADERS: Readonly<Record<string, RegExp>> = {
    'content-security-policy': /^default-src 'none';.*frame-ancestors 'none'/,
    'x-frame-options': /^DENY$/,
    'x-content-type-options': /^nosniff$/,
    'referrer-policy': /^no-referrer$/,
    'permissions-policy': /camera=\(\)/,
    'cross-origin-opener-policy': /^same-origin$/,
    'cache-control': /^(?:private, )?no-store$/,
    'x-robots-tag': /^noindex$/,
  };
  const findMissing = ({ headers }: { readonly headers: Headers }, more = {}): readonly string[] =>
    Object.entries({ ...HEADERS, ...more })
      .filter(([name, pattern]) => !(pattern as RegExp).test(headers.get(name) ?? ''))
      .map(([name]) => name);

  test('has the headers that keep browsers in order: pages, redirects, refusals, errors', async () => {
    const answers: [string, Sent][] = [];
    for (const { path } of pages) {
      for (const cookies of [NOBODY, sessionOf(owner), sessionOf(staff)])
        answers.push([path, await send(fill(path), cookies)]);
    }
    for (const { path } of actions) {
      answers.push([path, await send(fill(path), NOBODY, {})], [path, await send(fill(path), sessionOf(owner), {})]);
    }
    for (const path of [
      '/admin/login',
      '/admin/login/code',
      '/admin/welcome/x',
      '/admin/nothing',
      '/admin/',
      '/admin//x',
    ])
      answers.push([path, await send(path, NOBODY)], [path, await send(path, NOBODY, {})]);
    expect(
      answers.map(([path, answer]) => [path, findMissing(answer)]).filter(([, missing]) => missing?.length),
    ).toEqual([]);
    for (const [, { headers }] of answers)
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe-inline|unsafe-eval| \*/);
  });

  test('asks browsers to stay with https where the public address is https, and marks its cookies so', async () => {
    expect((await send('/admin/login', NOBODY)).headers.has('strict-transport-security')).toBe(false);
    const twin = await app.createTwin({ publicUrl: 'https://pay.shop.example' }).open();
    const ask = (path: string, init: RequestInit = {}) =>
      twin.handle(new Request(`https://pay.shop.example${path}`, init)) as Promise<Response>;
    const hsts = { 'strict-transport-security': /^max-age=31536000$/ };
    for (const path of ['/admin', '/admin/login', '/admin/people', '/admin/nothing'])
      expect([path, findMissing(await ask(path), hsts)]).toEqual([path, []]);
    for (const cookie of (await ask('/admin/login')).headers.getSetCookie()) expect(cookie).toContain('; Secure');
  });
});

describe('PAYCORE_ADMIN_ALLOW', () => {
  test('hides the desk from every other address, as if there were none; payment pages stay open', async () => {
    const { config } = app.deps;
    let peer: string | null = null;
    const ports = { peerOf: () => peer };
    const twin = await app.createTwin(ports, { ...config, adminAllow: ['203.0.113.7/32', 'fd00::/8'] }).open();
    const statusOf = async (address: string | null, path: string, init: RequestInit = {}) => {
      peer = address;
      const response = await twin.handle(new Request(`http://x.example${path}`, init));
      return { status: response.status, text: await response.text(), headers: response.headers };
    };
    for (const address of ['203.0.113.7', '::ffff:203.0.113.7', 'fd00::1'])
      expect((await statusOf(address, '/admin/login')).status).toBe(200);
    const unknown = await statusOf('203.0.113.8', '/nothing');
    for (const address of ['203.0.113.8', '127.0.0.1', null]) {
      for (const path of ['/admin', '/admin/', '/admin/login', '/ADMIN', '//admin', '/%61dmin/login', '/admin/x']) {
        const refused = await statusOf(address, path);
        expect([path, refused.status, refused.text]).toEqual([path, 404, unknown.text]);
        expect(refused.headers.has('set-cookie')).toBe(false);
      }
      expect((await statusOf(address, '/admin/login', { method: 'POST' })).status).toBe(404);
      expect((await statusOf(address, '/healthz')).status).toBe(200);
    }
  });

  test('does not believe a forwarding header of whoever is no trusted proxy', async () => {
    const config = { ...app.deps.config, adminAllow: ['203.0.113.7/32'] };
    const ask = async (trustedProxies: readonly string[]) => {
      const twin = await app.createTwin({ peerOf: () => '10.0.0.1' }, { ...config, trustedProxies }).open();
      const headers = { 'x-forwarded-for': '203.0.113.7' };
      return (await twin.handle(new Request('http://x.example/admin/login', { headers }))).status;
    };
    expect([await ask([]), await ask(['10.0.0.1/32'])]).toEqual([404, 200]);
  });
});
