import { beforeAll, describe, expect, test } from 'bun:test';
import { setLimit } from '../../../src/payments/projects/limits.ts';
import { STAGE } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { type DeskClient, readText, signInOwner } from '../../support/desk.ts';
import { lastAudit } from '../../support/desk-audit.ts';
import { SIMULATED } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';

/** Credentials at the desk: written, tested, taken out of use, and read by nobody. */

const app = useApp({}, 'file');
let owner: DeskClient;
let path = '';
beforeAll(async () => {
  owner = await signInOwner(app);
  await owner.get('/admin?locale=en&kind=test');
  path = `/admin/projects/${present(await app.deps.store.findProjectByName('shop')).id}/credentials`;
});

const set = (fields: Readonly<Record<string, string>> = {}) =>
  owner.post(`${path}/ecpay`, { ...STAGE, environment: 'stage', ...fields });
const createBare = async () => (await app.create('ecpay/cvs', { gateway_credentials: undefined })).status;
const testSet = (gateway = 'ecpay', environment = 'stage') => owner.post(`${path}/${gateway}/test`, { environment });
const outcomeOf = (page: string) => /data-outcome="([^"]+)"/.exec(page)?.[1];

describe('credentials', () => {
  test('are asked for in the words of their gateway, with where to find them', async () => {
    const { text } = await owner.get(path);
    expect(readText(text)).toContain('系統介接設定');
    for (const gateway of app.deps.gateways.list) {
      expect(text).toContain(`action="${path}/${gateway.id}#${gateway.id}"`);
      for (const { name, isUnused } of gateway.credentials.fields) {
        expect([name, text.includes(`id="${gateway.id}-${name}"`)]).toEqual([name, !isUnused]);
      }
    }
    expect(text).toMatch(/id="ecpay-hash_key" name="hash_key" type="password" (?![^>]*value=)/);
  });

  test('that are stored are used from then on, and show the merchant and nothing else', async () => {
    expect(await createBare()).toBe(422);
    const stored = await set();
    expect([stored.status, stored.location]).toEqual([303, `${path}#ecpay`]);
    expect(await createBare()).toBe(201);
    const { text } = await owner.get(path);
    expect(text).toContain('3002607');
    expect(await lastAudit(app)).toMatchObject({
      ...{ action: 'set-credentials', about: 'shop ecpay', outcome: 'done' },
      after: { merchant: '3002607', environment: 'stage' },
    });
    const other = { merchant_id: '2000132', hash_key: '5294y06JbISpM5x9', hash_iv: 'v77hoKGq4kWxNNIS' };
    await set(other);
    expect(readText((await owner.get(path)).text)).toContain('1 former set');
    expect(await lastAudit(app)).toMatchObject({ before: { merchant: '3002607' }, after: { merchant: '2000132' } });
    await set();
  });

  test('that cannot be right are refused with every field named, and what is secret does not come back', async () => {
    const wrong = await set({ hash_key: 'SHORTSECRET', hash_iv: '', merchant_id: '30-02' });
    expect(wrong.status).toBe(422);
    for (const name of ['merchant_id', 'hash_key', 'hash_iv']) expect(wrong.text).toContain(`id="ecpay-${name}-wrong"`);
    expect(readText(wrong.text)).toContain('This does not look right: 16 characters.');
    expect([wrong.text.includes('SHORTSECRET'), wrong.text.includes('value="30-02"')]).toEqual([false, true]);
    expect(await lastAudit(app)).toMatchObject({ outcome: 'ECPAY_CREDENTIAL_INVALID' });
    const mixed = { ...SIMULATED.stripe, publishable_key: 'pk_live_shop' };
    const refused = await owner.post(`${path}/stripe`, mixed);
    expect([refused.status, readText(refused.text)]).toEqual([422, expect.stringContaining('do not belong together')]);
  });

  test('are tested at the gateway, right and wrong, and what it said is shown', async () => {
    const right = await testSet();
    expect([right.status, outcomeOf(right.text)]).toEqual([200, 'accepted']);
    await set({ hash_iv: 'XXXXXXXXXXXXXXXX' });
    const wrong = await testSet();
    expect([wrong.status, outcomeOf(wrong.text)]).toEqual([200, 'refused']);
    expect(readText(wrong.text)).toContain('CheckMacValue');
    expect(await lastAudit(app)).toMatchObject({ action: 'test-credentials', after: { outcome: 'refused' } });
    await set();
    app.gateway.answer = () => new Response('<html>maintenance</html>');
    expect(outcomeOf((await testSet()).text)).toBe('untested');
    app.gateway.answer = null;
    expect((await testSet('paypal', 'sandbox')).status).toBe(422);
    expect((await testSet('ecpay', 'moon')).status).toBe(422);
  });

  test('that are taken out of use leave what was made with them alone', async () => {
    const { json } = await app.create('ecpay/cvs', { gateway_credentials: undefined });
    const dropped = await owner.post(`${path}/ecpay/drop`, { environment: 'stage' });
    expect([dropped.status, await createBare()]).toEqual([303, 422]);
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    expect((await app.find(String(json.data.payment_no))).status).toBe('paid');
    expect((await owner.post(`${path}/ecpay/drop`, { environment: 'stage' })).status).toBe(422);
  });

  test('stand in no page of the desk, in no line of the log and in no entry of the audit', async () => {
    await set();
    const project = present(await app.deps.store.findProjectByName('shop'));
    await setLimit(app.deps, project.id, 'ecpay/cvs', { min: 30, max: 6000 });
    const sections = ['', '/credentials', '/methods', '/branding', '/notifications'];
    const pages = [
      ...['/admin', '/admin/projects', '/admin/links', '/admin/links/new'],
      ...sections.map((part) => `/admin/projects/${project.id}${part}`),
    ];
    const texts = await Promise.all(pages.map(async (page) => (await owner.get(page)).text));
    const audit = JSON.stringify(await lastAudit(app));
    const tested = (await testSet()).text;
    for (const text of [...texts, tested, audit, app.log.join('\n')]) {
      expect(text).not.toMatch(new RegExp(`${STAGE.hash_key}|${STAGE.hash_iv}|SHORTSECRET|XXXXXXXXXXXXXXXX`));
    }
  });
});
