import { beforeEach, describe, expect, test } from 'bun:test';
import { Webhook } from 'standardwebhooks';
import { createShop, type Shop } from '../../../src/demo/shop.ts';
import { CHECKOUT, listWays } from '../../../src/demo/ways.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { createGateways } from '../../../src/gateways/registry.ts';
import { count, readAttributes } from '../pages/html.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const ORIGIN = 'http://shop.test';
const NO = 'PAY202606220001ABCDEFGH';
const PAGE = `http://paycore.test/zh-tw/pay/${NO}?token=t`;

let shop: Shop;
let sold: string[];
beforeEach(() => {
  sold = [];
  shop = createShop({
    secret: SECRET,
    now: Date.now,
    files: { '/shop.css': 'body{}', '/shop.js': 'look()' },
    ways: listWays(createGateways(GATEWAYS)),
    buy: async (way) => {
      sold.push(way.path);
      return { payment_no: NO, merchant_order_no: 'DEMO-1', payment_url: PAGE };
    },
  });
});

const read = async (path: string) => (await shop.fetch(new Request(ORIGIN + path))).text();
const buy = (route: string) =>
  shop.fetch(new Request(`${ORIGIN}/buy`, { method: 'POST', body: new URLSearchParams({ route }) }));

async function tell(paymentNo: string, isRight = true): Promise<number> {
  const body = JSON.stringify({
    event: 'payment.paid',
    payment_no: paymentNo,
    merchant_order_no: 'DEMO-1',
    status: 'paid',
  });
  const at = new Date();
  const signature = isRight ? new Webhook(SECRET).sign('msg_1', at, body) : 'v1,xxxx';
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signature,
  };
  return (await shop.fetch(new Request(`${ORIGIN}/payok`, { method: 'POST', headers, body }))).status;
}
const back = (status: string, path = '/thanks') => `${path}?payment_no=${NO}&merchant_order_no=DEMO-1&status=${status}`;

describe('the shop', () => {
  test('sells first by PayCore’s own page, then by each way there is', async () => {
    const buttons = await readAttributes(await read('/'), 'button');
    expect(buttons[0]).toMatchObject({ name: 'route', value: CHECKOUT.route });
    expect(buttons.length).toBeGreaterThan(15);
    const answer = await buy(CHECKOUT.route);
    expect([answer.status, answer.headers.get('location'), sold]).toEqual([303, PAGE, ['checkout']]);
    await buy('ecpay/cvs');
    expect(sold).toEqual(['checkout', 'pay/ecpay/cvs']);
    expect((await buy('nothing')).status).toBe(404);
  });

  test('thanks with the verified notification of this order right below, and the others after everything else', async () => {
    await buy(CHECKOUT.route);
    await tell('PAY202606220002OTHEROTH');
    await tell(NO);
    const html = await read(back('paid'));
    expect(html).toContain('Thank you');
    const greeting = '[data-arrival="paid"] li';
    expect(await readAttributes(html, greeting)).toMatchObject([{ 'data-payment-no': NO, 'data-verified': 'true' }]);
    expect(await count(html, '[data-live="notifications"] li')).toBe(1);
    expect(html.indexOf(NO)).toBeLessThan(html.indexOf('name="route"'));
  });

  test('believes a signature, not an address', async () => {
    expect(await read(back('paid'))).toContain('data-arrival="unheard"');
    expect(await tell(NO, false)).toBe(400);
    expect(await read(back('paid'))).toContain('data-arrival="unheard"');
    expect(await tell(NO)).toBe(204);
    expect(await read(back('pending'))).toContain('data-arrival="paid"');
  });

  test('leads a payer who came back without paying to his payment again, wherever he arrives', async () => {
    await buy(CHECKOUT.route);
    for (const path of ['/', '/thanks']) {
      const html = await read(back('pending', path));
      expect(html).toContain('data-arrival="unpaid"');
      expect(await readAttributes(html, 'a.onward')).toMatchObject([{ href: PAGE }]);
    }
    expect(await count(await read(back('failed')), 'a.onward')).toBe(0);
  });

  test('is loaded anew without scripts only while it waits to hear', async () => {
    for (const [path, isWaiting] of [
      ['/', false],
      [back('pending', '/'), false],
      [back('paid'), true],
    ] as const) {
      const html = await read(path);
      expect([path, html.includes('http-equiv="refresh"')]).toEqual([path, isWaiting]);
      expect(html.replace(/<noscript>.*?<\/noscript>/s, '')).not.toContain('http-equiv');
    }
    await tell(NO);
    expect(await read(back('paid'))).not.toContain('http-equiv');
  });

  test('has nothing inline, and serves what its page loads', async () => {
    const answer = await shop.fetch(new Request(`${ORIGIN}/`));
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await answer.text();
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|<[^>]+ (style|on\w+)="/);
    expect((await shop.fetch(new Request(`${ORIGIN}/shop.js`))).headers.get('content-type')).toContain('javascript');
    expect((await shop.fetch(new Request(`${ORIGIN}/toString`))).status).toBe(404);
  });
});
