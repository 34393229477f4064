import { beforeAll, describe, expect, test } from 'bun:test';
import { SECOND } from '../../../src/core/time.ts';
import { MIN_CONTRAST, measureContrast } from '../../../src/pages/accent.ts';
import { STAGE } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { type DeskClient, readText, signInOwner, signInStaff } from '../../support/desk.ts';
import { lastAudit, readCopies } from '../../support/desk-audit.ts';
import { present } from '../../support/parts.ts';

/** Projects at the desk: made, renamed, their keys, their look. */

const app = useApp({}, 'file');
let owner: DeskClient;
let staff: DeskClient;
let path = '';
beforeAll(async () => {
  owner = await signInOwner(app);
  staff = await signInStaff(app);
  for (const one of [owner, staff]) await one.get('/admin?locale=en&kind=test');
  path = `/admin/projects/${present(await app.deps.store.findProjectByName('shop')).id}`;
});

describe('the list of projects', () => {
  test('names each with its keys, and leads to it', async () => {
    const { text } = await staff.get('/admin/projects');
    expect(text).toContain('data-page="projects"');
    expect(text).toContain(`href="${path}"`);
    expect(readText(text)).toContain('1 live · 1 test');
    expect(text).not.toContain('data-action="create-project"');
  });

  test('takes a new one under a name that is free, which is written down', async () => {
    const made = await owner.post('/admin/projects', { name: ' 手沖咖啡 ' });
    const { id } = present(await app.deps.store.findProjectByName('手沖咖啡'));
    expect([made.status, made.location]).toEqual([303, `/admin/projects/${id}`]);
    expect(await lastAudit(app)).toMatchObject({ action: 'create-project', about: '手沖咖啡', outcome: 'done' });
    const page = await owner.get(`/admin/projects/${id}`);
    expect(readText(page.text)).toContain('Project “手沖咖啡” was created');
    expect(readText(page.text)).toContain('No keys yet');
    const again = await owner.post('/admin/projects', { name: '手沖咖啡' });
    expect([again.status, readText(again.text)]).toEqual([
      422,
      expect.stringContaining('Another project has this name'),
    ]);
    expect((await owner.post('/admin/projects', { name: ' ' })).status).toBe(422);
  });

  test('of a project that nobody has there is no page', async () => {
    for (const id of ['999', '0', 'x', '1e3', '99999999999999999999']) {
      for (const part of ['', '/credentials', '/methods', '/branding', '/notifications']) {
        expect([id, part, (await owner.get(`/admin/projects/${id}${part}`)).status]).toEqual([id, part, 404]);
      }
      expect((await owner.post(`/admin/projects/${id}/keys`, { kind: 'test' })).status).toBe(404);
    }
  });

  test('a project is called otherwise, its keys go on working', async () => {
    const renamed = await owner.post(`${path}/rename`, { name: 'Bean & Leaf' });
    expect(renamed.location).toBe(path);
    expect((await owner.get(path)).text).toContain('<bdi>Bean &amp; Leaf</bdi>');
    expect((await app.call('/api/paycore/methods')).status).toBe(200);
    expect(await lastAudit(app)).toMatchObject({ before: { name: 'shop' }, after: { name: 'Bean & Leaf' } });
    const taken = await owner.post(`${path}/rename`, { name: 'other shop' });
    expect([taken.status, readText(taken.text)]).toEqual([422, expect.stringContaining('Another project')]);
    await owner.post(`${path}/rename`, { name: 'shop' });
  });
});

describe('a key', () => {
  const ask = async (key: string) => (await app.call('/api/paycore/methods', undefined, { 'x-api-key': key })).status;

  test('is shown once, works at the API, and is dead when it is revoked', async () => {
    const made = await owner.post(`${path}/keys`, { kind: 'test' });
    const { 'new-key': key = '' } = await readCopies(made.text);
    expect([made.status, key]).toEqual([200, expect.stringMatching(/^pc_test_[A-Za-z0-9]{40}$/)]);
    expect(await ask(key)).toBe(200);
    const page = await owner.get(path);
    expect([page.text.includes(key), page.text.includes(`${key.slice(0, 12)}…`)]).toEqual([false, true]);
    const entry = await lastAudit(app);
    expect([entry.action, JSON.stringify(entry).includes(key.slice(12))]).toEqual(['create-key', false]);

    const [, id = ''] = /data-key-id="(\d+)"/.exec(page.text) ?? [];
    expect(readText(page.text)).toContain(`Revoke key ${key.slice(0, 12)}… of “shop”?`);
    const revoked = await owner.post(`${path}/keys/${id}/revoke`);
    expect([revoked.status, revoked.location]).toEqual([303, path]);
    app.clock.advance(SECOND);
    expect(await ask(key)).toBe(401);
    expect((await owner.post(`${path}/keys/${id}/revoke`)).status).toBe(404);
    expect(readText((await owner.get(path)).text)).toContain('Revoked');
  });

  test('of another project is not revoked from here', async () => {
    const other = present((await app.deps.store.listKeys()).find(({ projectName }) => projectName === 'other shop'));
    expect((await owner.post(`${path}/keys/${other.id}/revoke`)).status).toBe(404);
    app.clock.advance(SECOND);
    expect(await ask(app.keys.other.api_key)).toBe(200);
  });

  test('comes with a line that works as it stands: first a question, and a payment once there are credentials', async () => {
    const run = async (line: string) => {
      const headers = Object.fromEntries(
        [...line.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]),
      );
      const [, url = ''] = /(http\S+)/.exec(line) ?? [];
      const [, body] = /-d '([^']+)'/.exec(line) ?? [];
      const init = { headers: headers as Record<string, string>, ...(body ? { method: 'POST', body } : {}) };
      return (await fetch(url, init)).status;
    };
    const bare = await readCopies((await owner.post(`${path}/keys`, { kind: 'test' })).text);
    expect([bare['new-curl'], await run(bare['new-curl'] ?? '')]).toEqual([expect.stringContaining('/methods'), 200]);
    await owner.post(`${path}/credentials/ecpay`, { ...STAGE, environment: 'stage' });
    const paying = await readCopies((await owner.post(`${path}/keys`, { kind: 'test' })).text);
    expect([paying['new-curl'], await run(paying['new-curl'] ?? '')]).toEqual([
      expect.stringContaining('/checkout'),
      201,
    ]);
  });

  test('of no kind is refused', async () => {
    expect((await owner.post(`${path}/keys`, { kind: 'gold' })).status).toBe(422);
  });
});

describe('the look of payer pages', () => {
  const looks = {
    display_name: '豆 <b> 葉',
    logo_url: 'https://cdn.example/l.png',
    accent: '#FFCC00',
    contact: '02-2345-6789',
  };

  test('is seen on them, and in the preview, whose faint colour is corrected', async () => {
    expect((await owner.post(`${path}/branding`, looks)).status).toBe(303);
    const { text, headers } = await owner.get(`${path}/branding`);
    expect(text).toContain('豆 &lt;b> 葉');
    expect(text).toContain('href="/assets/accent/preview/ffcc00.css"');
    expect(readText(text)).toContain('This colour is too faint');
    expect(headers.get('content-security-policy')).toContain('https://cdn.example');
    const style = await (await app.request('/assets/accent/preview/ffcc00.css')).text();
    const drawn = [...style.matchAll(/data-theme=(\w+)\]\{--accent:(#\w{6});--on-accent:(#\w{6})\}/g)];
    expect(drawn.map(([, theme]) => theme)).toEqual(['light', 'dark']);
    for (const [, , accent = '', text = ''] of drawn) {
      expect(measureContrast(accent, text)).toBeGreaterThanOrEqual(MIN_CONTRAST);
    }
    const { json } = await app.create('ecpay/atm');
    const page = await (await app.request(String(json.data.payment_url).slice(app.url.length))).text();
    for (const part of ['豆 &lt;b> 葉', '/assets/checkout.ffcc00.', 'tel:0223456789', 'https://cdn.example/l.png']) {
      expect([part, page.includes(part)]).toEqual([part, true]);
    }
    expect(await lastAudit(app)).toMatchObject({ before: { accent: '' }, after: { accent: '#ffcc00' } });
  });

  test('that is wrong is refused at its field, and what was typed stays', async () => {
    const wrong = await owner.post(`${path}/branding`, {
      ...looks,
      accent: 'red',
      logo_url: 'http://cdn.example/l.png',
      contact: 'new',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('id="accent-wrong"');
    expect(wrong.text).toContain('id="logo_url-wrong"');
    expect(wrong.text).toContain('value="new"');
    expect(wrong.text).toContain('accent/preview/ffcc00.css');
    expect((await owner.get(`${path}/branding`)).text).not.toContain('value="new"');
  });

  test('is taken back with empty fields', async () => {
    await owner.post(`${path}/branding`, { display_name: '', logo_url: '', accent: '', contact: '' });
    expect(await app.deps.store.findSettings(Number(path.split('/').at(-1)))).toEqual({});
    expect((await owner.get(`${path}/branding`)).text).not.toContain('accent/preview');
  });
});

describe('staff', () => {
  test('looks at everything and finds no form that changes anything', async () => {
    for (const part of ['', '/credentials', '/methods', '/branding', '/notifications']) {
      const { status, text } = await staff.get(path + part);
      const actions = [...text.matchAll(/data-action="([^"]+)"/g)].map(([, name]) => name);
      expect([part, status, actions]).toEqual([part, 200, ['logout']]);
      expect(text).not.toMatch(/type="password"|whsec_/);
    }
    expect((await staff.post(`${path}/keys`, { kind: 'live' })).status).toBe(403);
  });
});
