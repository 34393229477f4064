import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { renewInstaller } from '../../../src/people/installer.ts';
import { makeSignInLink } from '../../../src/people/sign-in-link.ts';
import { createBrowser, OWNER, readText, signIn } from '../../support/desk.ts';
import { present } from '../../support/parts.ts';
import { type Served, serveAt, serveFor } from '../../support/served.ts';

/** From the installer's link to a paid test payment, over HTTP alone. */

let served: Served;
beforeEach(async () => {
  served = await serveFor({}, { isEmpty: true });
});
afterEach(() => served.stop());

const open = () => createBrowser(serveAt(served));
const token = async () => present(await renewInstaller(served.server.deps), 'a token');
const form = (given: object = {}) => ({ ...OWNER, again: OWNER.password, ...given });
const people = () => served.server.deps.store.listPeople();

/** The owner's browser after the first step. */
async function install() {
  const browser = open();
  const link = `/admin/setup?token=${await token()}`;
  const page = await browser.get(link);
  const sent = await browser.post('/admin/setup', form({ token: link.split('=')[1] ?? '' }), link);
  return { browser, link, page, sent };
}

describe('while there is no administrator', () => {
  test('the home names the desk, which leads to how one gets the link, and the page does not have it', async () => {
    const secret = await token();
    const browser = open();
    expect((await browser.get('/')).text).toContain('href="/admin"');
    expect((await browser.get('/admin')).location).toBe('/admin/setup');
    expect((await browser.get('/admin/setup/steps')).location).toBe('/admin/setup');
    const { status, text } = await browser.get('/admin/setup');
    expect(status).toBe(200);
    expect(text).toContain('data-page="setup"');
    expect(text).not.toContain(secret);
    expect(text).not.toContain('data-action="create-owner"');
  });

  test('a wrong link gives no form, and makes nobody', async () => {
    await token();
    const browser = open();
    const page = await browser.get('/admin/setup?token=guess');
    expect(page.text).not.toContain('data-action="create-owner"');
    const good = `/admin/setup?token=${await token()}`;
    const sent = await browser.post('/admin/setup', form({ token: 'guess' }), good);
    expect(sent.status).toBe(422);
    expect(await people()).toEqual([]);
  });

  test('whoever has no link leaves nothing behind, before there is an administrator and afterwards', async () => {
    const browser = open();
    const guess = () => browser.post('/admin/setup', form({ token: 'guess' }), '/admin/login');
    const audit = () =>
      served.server.deps.store.listAudit({ personId: null, action: 'create-owner', beforeId: null, limit: 10 });
    expect([(await guess()).status, await audit()]).toEqual([422, []]);
    await install();
    expect([(await guess()).status, await audit()]).toMatchObject([
      422,
      [{ who: OWNER.name, about: OWNER.email, outcome: 'done', after: { role: 'owner' } }],
    ]);
  });

  test('guesses are limited', async () => {
    const browser = open();
    const tries = [];
    for (let no = 0; no < 31; no += 1) tries.push((await browser.get(`/admin/setup?token=guess${no}`)).status);
    expect(tries.slice(0, 30)).toEqual(Array(30).fill(200));
    expect(tries.at(-1)).toBe(429);
  });

  test.each([
    [{ password: 'short', again: 'short' }, 'At least 12 characters'],
    [{ password: 'aaaaaaaaaaaaaaaa', again: 'aaaaaaaaaaaaaaaa' }, 'at least 5 different'],
    [{ again: 'another password' }, 'not the same as above'],
    [{ email: 'nobody' }, 'enter an e-mail address'],
    [{ name: '' }, 'fill this in'],
  ])('%p is said beside its field, and the rest is kept', async (given, said) => {
    const browser = open();
    const link = `/admin/setup?token=${await token()}`;
    await browser.get(`${link}&locale=en`);
    const sent = await browser.post('/admin/setup', form({ ...given, token: link.split('=')[1] ?? '' }), link);
    expect(sent.status).toBe(422);
    expect(readText(sent.text)).toContain(said);
    expect(sent.text).not.toContain(OWNER.password);
    if (!('email' in given)) expect(sent.text).toContain(`value="${OWNER.email}"`);
    expect(await people()).toEqual([]);
  });

  test('a form without the page’s own token makes nobody', async () => {
    const link = `/admin/setup?token=${await token()}`;
    const browser = open();
    await browser.get(link);
    const sent = await browser.post('/admin/setup', form({ token: link.split('=')[1] ?? '', csrf: 'x' }));
    expect(sent.status).toBe(403);
    expect(await people()).toEqual([]);
  });
});

describe('the administrator', () => {
  test('is made by the link, and signed in', async () => {
    const { browser, page, sent } = await install();
    expect(page.text).toContain('data-action="create-owner"');
    expect([sent.status, sent.location]).toEqual([303, '/admin/setup/steps']);
    expect(sent.headers.getSetCookie().join()).toMatch(/paycore_session=[^;]+; Path=\/admin; HttpOnly; SameSite=Lax/);
    expect(await people()).toMatchObject([{ email: OWNER.email, role: 'owner', locale: 'zh-tw' }]);
    expect((await browser.get('/admin/setup/steps')).text).toContain('data-action="create-project"');
    // Whoever signs in another day is led on from the empty overview.
    expect((await browser.get('/admin')).text).toContain('href="/admin/setup/steps"');
  });

  test('comes back by the link in the same browser; whoever else has it gets nothing', async () => {
    const { browser, link } = await install();
    expect((await browser.get(link)).location).toBe('/admin/setup/steps');
    const other = open();
    expect((await other.get(link)).location).toBe('/admin/login?next=%2Fadmin%2Fsetup%2Fsteps');
    expect((await other.get('/admin/setup/steps')).location).toStartWith('/admin/login');
  });

  test('of two that send the form at once, one is the owner and the other is nobody', async () => {
    const link = `/admin/setup?token=${await token()}`;
    const given = (email: string) => form({ token: link.split('=')[1] ?? '', email });
    const both = await Promise.all([
      open().post('/admin/setup', given('one@shop.example'), link),
      open().post('/admin/setup', given('two@shop.example'), link),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([303, 422]);
    expect(await people()).toHaveLength(1);
  });
});

describe('the steps', () => {
  test('lead to a test payment that is paid at the simulator', async () => {
    const { browser } = await install();
    const made = await browser.post('/admin/setup/steps/project', { project: '晨光咖啡' });
    const key = /value="(pc_test_\w{40})"/.exec(made.text)?.[1] ?? '';
    expect(made.status).toBe(200);
    const curl = made.text.match(/curl -X POST [^"]+/)?.[0] ?? '';
    expect(curl).toContain(key);
    // Shown once.
    expect((await browser.get('/admin/setup/steps')).text).not.toContain(key);

    const pay = await browser.post('/admin/setup/steps/pay');
    expect(pay.location).toMatch(/^\/zh-tw\/pay\/PAY\d+[A-Z]{8}\?token=/);
    const payment = /PAY\d+[A-Z]{8}/.exec(pay.location ?? '')?.[0] ?? '';
    const payPage = `${served.server.publicUrl}${pay.location}`;
    const choices = await (await fetch(payPage)).text();
    expect(choices).toContain('data-choice="ecpay/atm"');
    const [, choose = ''] = /<form method="post" action="([^"]+)"[^>]* data-choices/.exec(choices) ?? [];
    await fetch(new URL(choose.replaceAll('&amp;', '&'), payPage), {
      method: 'POST',
      body: new URLSearchParams({ route: 'ecpay/atm' }),
    });
    const { body } = await served.call(`payments/${payment}`, undefined, key);
    const data = (body as { data: Record<string, string> }).data;
    expect(data).toMatchObject({ environment: 'simulator', livemode: false, gateway: 'ecpay' });

    const origin = present(served.server.deps.practice.origin(), 'the simulator');
    await fetch(`${origin}/simulator/orders/${data.gateway_order_no}/pay`, {
      method: 'POST',
      body: new URLSearchParams(),
    });
    const steps = readText((await browser.get('/admin/setup/steps')).text);
    expect(steps).toContain('您的第一筆測試付款已經完成');

    expect((await browser.post('/admin/setup/steps/stop-practice')).location).toBe('/admin/setup/steps');
    expect(served.server.deps.practice.origin()).toBeNull();
    expect(readText((await browser.get('/admin/setup/steps')).text)).toContain('模擬器已關閉');
  });

  test('sent again by a reload, the shop’s step makes neither a second shop nor a second key', async () => {
    const { browser } = await install();
    await browser.post('/admin/setup/steps/project', { project: 'Shop' });
    expect((await browser.post('/admin/setup/steps/project', { project: 'Shop' })).location).toBe('/admin/setup/steps');
    expect(await served.server.deps.store.listProjects()).toMatchObject([{ name: 'Shop', testKeys: 1, liveKeys: 0 }]);
    const another = await browser.post('/admin/setup/steps/key');
    expect(another.text).toMatch(/value="pc_test_\w{40}"/);
  });

  test('say what is wrong with a name, and what is missing', async () => {
    const { browser } = await install();
    const empty = await browser.post('/admin/setup/steps/project', { project: ' ' });
    expect([empty.status, readText(empty.text)]).toEqual([422, expect.stringContaining('請填寫這一欄')]);
    expect((await browser.post('/admin/setup/steps/pay')).status).toBe(404);
  });

  test('are the owner’s alone', async () => {
    await install();
    const { store, clock } = served.server.deps;
    const none = { passwordHash: null, linkHash: null, linkUntil: null, locale: null };
    const staff = present(
      await store.addPerson({
        ...{ ...none, email: 'staff@shop.example', name: 'Staff', role: 'staff' },
        isFirst: false,
        now: clock.now(),
      }),
    );
    const browser = await signIn(serveAt(served), staff);
    expect((await browser.get('/admin/setup/steps')).status).toBe(403);
    for (const step of ['project', 'key', 'pay', 'stop-practice']) {
      expect((await browser.post(`/admin/setup/steps/${step}`)).status).toBe(403);
    }
  });
});

describe('the link of a demo', () => {
  test('signs in whoever has it, and nobody else', async () => {
    await install();
    const [owner] = await people();
    const link = `/admin/enter?token=${await makeSignInLink(served.server.deps, present(owner))}`;
    const browser = open();
    expect((await browser.get(link)).location).toBe('/admin');
    expect((await browser.get('/admin')).status).toBe(200);
    const stranger = open();
    expect((await stranger.get('/admin/enter?token=guess')).location).toBe('/admin/login');
    expect((await stranger.get('/admin')).location).toBe('/admin/login');
  });
});
