import { afterEach, describe, expect, test } from 'bun:test';
import { changeProject } from '../../../src/payments/projects/projects.ts';
import type { TestApp } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { chooseWay, startCheckout } from '../../support/choice.ts';
import { makePage, openSockets } from '../../support/limited.ts';
import { linkHand } from '../../support/links.ts';
import { readAttributes } from '../../unit/pages/html.ts';

/** The ways back to the shop, and what stands in the way of paying. */

const app = useApp({}, 'file');
const change = async (to: TestApp, fields: Record<string, string | null>) =>
  changeProject(to.deps, (await to.deps.store.findProjectByName('shop'))?.id ?? 0, fields);

const read = async (address: string) => (await app.request(address)).text();
const homesOf = async (html: string, selector = '[data-home], [data-shop]') =>
  (await readAttributes(html, selector)).map(({ href = '' }) => href.replaceAll('&amp;', '&'));
const homeOf = async (body: object) => {
  const { path, query } = await makePage(app, 'ecpay/atm', body);
  const homes = await homesOf(await read(path + query));
  expect(new Set(homes).size).toBe(1);
  return homes[0] ?? '';
};
const without = (address: string) => address.replace(/payment_no=.*?&status=/, '');

describe('back to the shop', () => {
  afterEach(() => change(app, { shop_url: null, success_url: null, cancel_url: null }));

  test('is the request’s cancel_url, byte for byte, with the payment’s numbers and its status', async () => {
    const given = 'https://Shop.example:8443/a%20b/../cart?q=%A4%A4+x&flag';
    await change(app, { shop_url: 'https://shop.example' });
    const home = await homeOf({ cancel_url: `${given}#top`, merchant_order_no: 'HOME-1' });
    expect(home).toStartWith(`${given}&payment_no=PAY`);
    expect(home).toEndWith('&merchant_order_no=HOME-1&status=pending#top');
  });

  test('is what the project has set for all, else the shop, else where the shop’s thanks are, else nowhere', async () => {
    const thanks = { success_url: 'https://thanks.example/deep/page?x=1' };
    await change(app, { shop_url: 'https://shop.example/tw', cancel_url: 'https://shop.example/cart' });
    expect(without(await homeOf({ ...thanks, merchant_order_no: 'HOME-2' }))).toBe('https://shop.example/cart?pending');
    await change(app, { cancel_url: null });
    expect(await homeOf({ ...thanks, merchant_order_no: 'HOME-3' })).toBe('https://shop.example/tw');
    await change(app, { shop_url: null });
    expect(await homeOf({ ...thanks, merchant_order_no: 'HOME-4' })).toBe('https://thanks.example/');
    expect(await homeOf({ success_url: null, merchant_order_no: 'HOME-5' })).toBe('');
  });

  test('never leads who has paid to the page for giving up', async () => {
    const body = { cancel_url: 'https://shop.example/cancel', success_url: null, merchant_order_no: 'HOME-6' };
    const { json } = await app.create('ecpay/atm', body);
    await app.simulate(String(json.data.gateway_order_no), 'pay');
    const html = await read(String(json.data.payment_url).slice(app.url.length));
    expect(html).toContain('data-status="paid"');
    expect(html).not.toContain('shop.example/cancel');
    expect(new Set(await homesOf(html))).toEqual(new Set(['https://shop.example/']));
  });

  test('is on the page of a payment link, open or not, and its own address comes before the project’s', async () => {
    const hand = linkHand(app);
    await change(app, { shop_url: 'https://shop.example/tw', cancel_url: 'https://shop.example/cart' });
    const own = await hand.make({ amount: 980, cancel_url: 'https://own.example/back?a=1' });
    const usual = await hand.make({ amount: 980 });
    await app.call(`/api/paycore/links/${usual.no}/close`, {});
    expect(new Set(await homesOf(await hand.page(own.path)))).toEqual(new Set(['https://own.example/back?a=1']));
    expect(new Set(await homesOf(await (await hand.view(usual.path)).text()))).toEqual(
      new Set(['https://shop.example/cart']),
    );
  });

  test('a payment that a link has numbered is called by what is paid for, not by that number', async () => {
    const hand = linkHand(app);
    const link = await hand.make({ amount: 980, title: '手沖課程' });
    const paid = await hand.post(link.path, await hand.fillIn(link.path));
    const html = await hand.page(paid.headers.get('location') ?? '');
    expect(html).toContain('手沖課程');
    expect(html).not.toContain(link.no);
    expect(html).not.toContain('訂單');
  });
});

test('a payment that its shop has cancelled says so, in its own words', async () => {
  const { json } = await app.create('ecpay/atm', { merchant_order_no: 'HOME-7' });
  await app.call(`/api/paycore/payments/${json.data.payment_no}/cancel`, {});
  const html = await read(String(json.data.payment_url).slice(app.url.length));
  expect(await readAttributes(html, 'main')).toMatchObject([{ 'data-screen': 'cancelled', 'data-status': 'failed' }]);
  expect(html).toContain('付款已取消');
});

describe('a gateway that will not', () => {
  const apps: TestApp[] = [];
  afterEach(async () => {
    for (const one of apps.splice(0)) await one.stop();
  });
  const open = async () => {
    const shop = await startCheckout(apps);
    await change(shop.app, { contact: 'help@shop.example', shop_url: 'https://shop.example' });
    const press = async (route: string) => {
      const answer = await chooseWay(shop.app, shop.path, route);
      const html = await answer.text();
      const [main] = await readAttributes(html, 'main');
      return { status: answer.status, html, problem: main?.['data-problem'] };
    };
    return { ...shop, press };
  };

  test('take the payment is told apart from one that cannot be reached, and from one that did not answer', async () => {
    const { app: own, path, press } = await open();
    own.gateway.answer = ({ path: p }) =>
      p === '/v2/checkout/orders'
        ? Response.json({ name: 'UNPROCESSABLE_ENTITY', message: 'No.', details: [] }, { status: 422 })
        : null;
    const refused = await press('paypal/checkout');
    expect([refused.status, refused.problem]).toEqual([422, 'refused']);
    expect(refused.html).toContain('PayPal未接受這筆付款');
    expect(refused.html).not.toMatch(/分鐘|連上/);
    // What to do next: another way, the page, the shop.
    expect(await homesOf(refused.html, 'main a.button')).toEqual([`${path}&choose=1`, path, 'https://shop.example']);
    expect(refused.html).toContain('mailto:help@shop.example');
    expect((await readAttributes(refused.html, '.band')).length).toBe(1);

    own.gateway.answer = ({ path: p }) => (p === '/v2/checkout/orders' ? new Response('x', { status: 502 }) : null);
    const unclear = await press('paypal/checkout');
    expect([unclear.status, unclear.problem]).toEqual([502, 'unclear']);
    expect(unclear.html).not.toContain('還沒有開始');

    own.gateway.answer = null;
    await own.gateway.stop();
    const unreachable = await press('smilepay/atm');
    expect([unreachable.status, unreachable.problem]).toEqual([502, 'unreachable']);
    expect(unreachable.html).toContain('暫時無法連上');
  });

  test('take more right now: from one address one waits as long as the page and its header say', async () => {
    const { app: own, path } = await open();
    const sockets = openSockets(() => own);
    const ask = sockets.serve({ draws: 1 });
    const press = (route: string) =>
      ask(path.replace('?', '/choose?'), { method: 'POST', body: new URLSearchParams({ route }) });
    expect((await press('ecpay/atm')).status).toBe(303);
    const answer = await press('smilepay/atm');
    const html = await answer.text();
    const seconds = answer.headers.get('retry-after');
    expect([answer.status, Number(seconds) > 0]).toEqual([429, true]);
    expect(html).toContain(`請等 ${seconds} 秒後再試`);
    expect(await homesOf(html, 'main a.button')).toEqual([path, 'https://shop.example']);
    expect(html).toContain('mailto:help@shop.example');
    await sockets.close();
  });
});
