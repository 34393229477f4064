import { beforeAll, describe, expect, test } from 'bun:test';
import { createLink } from '../../../src/payments/links/links.ts';
import { STAGE } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { type DeskClient, readText, signInOwner, signInStaff } from '../../support/desk.ts';
import { lastAudit, readCopies } from '../../support/desk-audit.ts';
import { linkHand, paymentOf } from '../../support/links.ts';
import { present } from '../../support/parts.ts';

/** Payment links at the desk, from the form to the money. */

const app = useApp({}, 'file');
let owner: DeskClient;
let shop = 0;
let other = 0;
beforeAll(async () => {
  owner = await signInOwner(app);
  shop = present(await app.deps.store.findProjectByName('shop')).id;
  other = present(await app.deps.store.findProjectByName('other shop')).id;
  await owner.get('/admin?locale=en&kind=test');
  await owner.post(`/admin/projects/${shop}/credentials/ecpay`, { ...STAGE, environment: 'stage' });
});

const make = (fields: Readonly<Record<string, string>>) =>
  owner.post('/admin/links/new', { project: String(shop), kind: 'fixed', currency: 'TWD', ...fields });
const numbersOf = (page: string) => [...page.matchAll(/data-link-no="(LNK\w+)"/g)].map(([, no = '']) => no);

describe('a payment link', () => {
  test('is made, handed out, and paid end to end', async () => {
    const empty = await owner.get('/admin/links');
    expect(readText(empty.text)).toContain('No test payment links yet');
    const made = await make({ title: '課程 <報名>', amount: '1,980' });
    const path = present(made.location);
    expect([made.status, path]).toEqual([303, expect.stringMatching(/^\/admin\/links\/LNK\w{22}$/)]);
    expect(await lastAudit(app)).toMatchObject({ action: 'create-link', after: { amount: 198_000 } });

    const page = await owner.get(path);
    const { 'link-url': url = '' } = await readCopies(page.text);
    expect(page.text).toMatch(/data-qr(="true")?><svg role="img"/);
    const hand = linkHand(app);
    const at = url.slice(app.url.length);
    const sent = await hand.post(at, await hand.fillIn(at));
    const orderNo = await hand.choose(sent, 'ecpay/cvs');
    await app.simulate(orderNo, 'pay');
    expect((await app.find(paymentOf(sent))).status).toBe('paid');
    expect((await owner.get(path)).text).toContain('data-paid-count="1"');
    expect(readText((await owner.get('/admin/links')).text)).toContain('NT$1,980 · 1×');
  });

  test('is for tests when its form said so, whatever has come in view in another window meanwhile', async () => {
    const form = await owner.get('/admin/links/new');
    const mode = /name="mode" value="(\w+)"/.exec(form.text)?.[1] ?? '';
    await owner.get('/admin?kind=live');
    const wrong = await make({ title: '', mode });
    expect(wrong.text).toContain('name="mode" value="test"');
    const made = await make({ title: 'Course', amount: '5', mode });
    await owner.get('/admin?kind=test');
    const link = present(await app.deps.store.findLink(present(made.location).split('/').at(-1) ?? ''));
    expect(link).toMatchObject({ keyKind: 'test' });
  });

  test('says of every wrong field what is wrong with it', async () => {
    const wrong = await make({ title: '', amount: '', currency: 'NT', expires_at: '2020-01-01' });
    expect(wrong.status).toBe(422);
    for (const name of ['title', 'amount', 'currency', 'expires_at'])
      expect(wrong.text).toContain(`id="${name}-wrong"`);
    expect(readText(wrong.text)).toContain('The day must not be in the past');
    const turned = await make({ title: 'Gift', kind: 'open', min_amount: '500', max_amount: '100' });
    expect([turned.status, turned.text.includes('id="max_amount-wrong"')]).toEqual([422, true]);
    expect(turned.text).toContain('value="500"');
    const { text } = await make({ title: 'Gift', amount: '1.005' });
    expect(readText(text)).toContain('TWD has fewer decimals than that');
    expect((await make({ title: 'Gift', amount: '5', project: '999' })).status).toBe(404);
  });

  test('may leave the amount to the payer, be for one payment, and end on a day', async () => {
    const fields = { title: 'Deposit', kind: 'open', amount: '7', min_amount: '100', max_amount: '500' };
    const { location } = await make({ ...fields, single_use: 'on', expires_at: '2026-07-01' });
    const link = present(await app.deps.store.findLink(present(location).split('/').at(-1) ?? ''));
    expect(link).toMatchObject({ amount: null, minAmount: 100_00, maxAmount: 500_00, isSingleUse: true });
    expect(link.expiresAt).toBe(Date.parse('2026-07-01T23:59:59+08:00'));
    expect(readText((await owner.get(present(location))).text)).toContain('NT$100 – NT$500');
  });

  test('is closed with a question: nobody begins to pay any more', async () => {
    const path = present((await make({ title: 'Old', amount: '50' })).location);
    expect(readText((await owner.get(path)).text)).toContain('Close “Old” (NT$50)?');
    expect((await owner.post(`${path}/close`)).location).toBe(path);
    expect(await lastAudit(app)).toMatchObject({ before: { closedAt: null }, after: { closedAt: app.clock.now() } });
    const page = await owner.get(path);
    expect([readText(page.text).includes('Closed'), page.text.includes('data-action="close-link"')]).toEqual([
      true,
      false,
    ]);
    const { 'link-url': url = '' } = await readCopies(page.text);
    expect(await (await app.request(url.slice(app.url.length))).text()).not.toContain('name="form_key"');
  });

  test('that nobody has is not there', async () => {
    expect((await owner.get(`/admin/links/LNK${'x'.repeat(22)}`)).status).toBe(404);
    expect((await owner.post(`/admin/links/LNK${'x'.repeat(22)}/close`)).status).toBe(404);
  });
});

describe('the list of links', () => {
  test('goes page by page over all projects, newest first, test and live apart', async () => {
    const titles = Array.from({ length: 60 }, (_, index) => `L${index}`);
    for (const [index, title] of titles.entries()) {
      await createLink(app.deps, { projectId: index % 2 === 0 ? shop : other, kind: 'live' }, { title, amount: 100 });
    }
    await owner.get('/admin?kind=live&project=all');
    const first = await owner.get('/admin/links');
    const next = /href="(\/admin\/links\?cursor=[^"]+)" rel="next"/.exec(first.text)?.[1] ?? '';
    const second = await owner.get(next);
    const all = [...numbersOf(first.text), ...numbersOf(second.text)];
    expect([numbersOf(first.text).length, all.length, new Set(all).size]).toEqual([50, 60, 60]);
    const found = await Promise.all(all.map((no) => app.deps.store.findLink(no)));
    expect(found.map((link) => link?.title)).toEqual(titles.toReversed());
    await owner.get(`/admin?project=${other}`);
    expect(numbersOf((await owner.get('/admin/links')).text)).toHaveLength(30);
    expect((await owner.get('/admin/links?cursor=made-up')).status).toBe(422);
    await owner.get('/admin?kind=test&project=all');
  });

  test('lets staff look, and hand out, but make and close nothing', async () => {
    const staff = await signInStaff(app);
    await staff.get('/admin?locale=en&kind=live');
    const list = await staff.get('/admin/links');
    expect(list.text).not.toContain('/admin/links/new');
    const page = await staff.get(`/admin/links/${numbersOf(list.text)[0]}`);
    expect([page.status, page.text.includes('data-qr'), page.text.includes('close-link')]).toEqual([200, true, false]);
    expect((await staff.get('/admin/links/new')).status).toBe(403);
  });
});
