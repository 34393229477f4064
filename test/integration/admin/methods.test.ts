import { beforeAll, describe, expect, test } from 'bun:test';
import { STAGE } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { type DeskClient, readText, signInOwner } from '../../support/desk.ts';
import { lastAudit } from '../../support/desk-audit.ts';
import { present } from '../../support/parts.ts';

/** What payers are offered, as the merchant arranges it. */

const app = useApp({}, 'file');
let owner: DeskClient;
let path = '';
let payment = '';
beforeAll(async () => {
  owner = await signInOwner(app);
  await owner.get('/admin?locale=en&kind=test');
  const project = `/admin/projects/${present(await app.deps.store.findProjectByName('shop')).id}`;
  path = `${project}/methods`;
  await owner.post(`${project}/credentials/ecpay`, { ...STAGE, environment: 'stage' });
  const { json } = await app.call('/api/paycore/checkout', { merchant_order_no: 'M-1', amount: 980 });
  payment = String(json.data.payment_url).slice(app.url.length);
});

/** The methods of the desk's page, those that are offered first. */
const listed = async () => [...(await owner.get(path)).text.matchAll(/data-method="([^"]+)"/g)].map(([, name]) => name);
/** What a payer may choose from, in the order of the page. */
const offered = async () => {
  // A page that is asked for again within a second is the same page.
  app.clock.advance(1001);
  const page = await (await app.request(payment)).text();
  return [...page.matchAll(/name="route" value="([^"]+)"/g)].map(([, name]) => name);
};

/** A list as the page's script sends it. */
async function arrange(names: readonly string[]) {
  const body = new URLSearchParams([
    ['csrf', await owner.csrf()],
    ...names.map((name) => ['method', name] as [string, string]),
  ]);
  const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return app.request(`${path}/order`, { method: 'POST', headers: { cookie }, body });
}

describe('methods', () => {
  test('stand in their order with what they need', async () => {
    const { text } = await owner.get(path);
    expect((await listed()).slice(0, 4)).toEqual(['ecpay/aio/credit', 'ecpay/atm', 'ecpay/cvs', 'ecpay/barcode']);
    expect(text).toContain('data-action="move-method"');
    expect(readText(text)).toContain('No credentials yet');
  });

  test('are moved up and down one by one, which the payer sees', async () => {
    expect(await offered()).toEqual(['ecpay/aio/credit', 'ecpay/atm', 'ecpay/cvs', 'ecpay/barcode']);
    const moved = await owner.post(`${path}/move`, { method: 'ecpay/cvs', to: 'up' });
    expect([moved.status, moved.location]).toEqual([303, path]);
    await owner.post(`${path}/move`, { method: 'ecpay/cvs', to: 'up' });
    await owner.post(`${path}/move`, { method: 'ecpay/aio/credit', to: 'down' });
    expect(await offered()).toEqual(['ecpay/cvs', 'ecpay/atm', 'ecpay/aio/credit', 'ecpay/barcode']);
    expect((await listed()).slice(0, 4)).toEqual(await offered());
    const { before, after } = await lastAudit(app);
    expect([before?.offered, after?.offered]).not.toEqual([after?.offered, after?.offered]);
  });

  test('are arranged at one go by the script, which says so itself', async () => {
    const answer = await arrange(['ecpay/barcode', 'ecpay/aio/credit', 'ecpay/gold']);
    expect(answer.status).toBe(303);
    expect(answer.headers.getSetCookie().filter((cookie) => cookie.startsWith('paycore_notice='))).toEqual([]);
    expect((await offered()).slice(0, 2)).toEqual(['ecpay/barcode', 'ecpay/aio/credit']);
  });

  test('are taken off the page and come back as the last', async () => {
    await owner.post(`${path}/offer`, { method: 'ecpay/barcode' });
    expect(await offered()).not.toContain('ecpay/barcode');
    await owner.post(`${path}/offer`, { method: 'ecpay/barcode', offered: 'on' });
    expect((await offered()).at(-1)).toBe('ecpay/barcode');
    expect((await owner.post(`${path}/offer`, { method: 'ecpay/gold', offered: 'on' })).status).toBe(422);
  });

  test('take the amounts of the merchant’s own contract, until the usual ones count again', async () => {
    await owner.post(`${path}/limit`, { method: 'ecpay/atm', min: '1000', max: '5000' });
    expect(await offered()).not.toContain('ecpay/atm');
    expect(readText((await owner.get(path)).text)).toContain('1,000 – 5,000 (your contract)');
    expect(await lastAudit(app)).toMatchObject({ about: 'shop ecpay/atm', after: { min: 1000, max: 5000 } });
    const wrong = await owner.post(`${path}/limit`, { method: 'ecpay/atm', min: '9', max: '5' });
    expect([wrong.status, wrong.text.includes('id="ecpay-atm-min-wrong"')]).toEqual([422, true]);
    await owner.post(`${path}/limit`, { method: 'ecpay/atm', min: '', max: '', usual: 'on' });
    expect(await offered()).toContain('ecpay/atm');
  });
});
