import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeAccentStyle } from '../../../src/pages/accent.ts';
import { changeProject } from '../../../src/payments/projects/projects.ts';
import { checkMacValue } from '../../../src/simulator/ecpay/checksum.ts';
import { STAGE } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';

const app = useApp({}, 'file');

const ACCOUNT = { merchantId: STAGE.merchant_id, hashKey: STAGE.hash_key, hashIv: STAGE.hash_iv };

interface Made {
  readonly paymentNo: string;
  readonly orderNo: string;
  readonly merchantOrderNo: string;
  /** Path of the page without its token, and the token as a query. */
  readonly path: string;
  readonly token: string;
}

async function make(path = 'ecpay/aio', body: object = {}): Promise<Made> {
  const { json } = await app.create(path, body);
  const url = new URL(String(json.data.payment_url));
  return {
    paymentNo: String(json.data.payment_no),
    orderNo: String(json.data.gateway_order_no),
    merchantOrderNo: String(json.data.merchant_order_no),
    path: url.pathname,
    token: url.search.replace('&lang=auto', ''),
  };
}

async function open(path: string, init: RequestInit = {}) {
  const response = await app.request(path, init);
  return {
    status: response.status,
    location: response.headers.get('location'),
    headers: response.headers,
    text: await response.text(),
  };
}

function directive(headers: Headers, name: string): string {
  const policy = headers.get('content-security-policy') ?? '';
  return policy.split('; ').find((part) => part.startsWith(`${name} `)) ?? '';
}

describe('a payment page', () => {
  test('opens with its token only; a wrong token, none, and an unknown number all look the same', async () => {
    const { path, token, paymentNo } = await make();
    const right = await open(path + token);
    expect(right.status).toBe(200);
    expect(right.text).toContain(`data-payment-no="${paymentNo}"`);
    const other = await make();
    const unknown = path.replace(paymentNo, 'PAY202606229999ABCDEFGH');
    const wrong = [path, `${path}?token=`, `${path}?token=x`, path + other.token, unknown + token];
    const pages = await Promise.all(wrong.map((address) => open(address)));
    for (const page of pages) {
      expect(page.status).toBe(404);
      expect(page.text).toBe(pages[0]?.text ?? '');
      expect(page.text).not.toContain(paymentNo);
    }
  });

  test('in an unknown language leads to the default one, with its token', async () => {
    const { path, token } = await make();
    const page = await open(path.replace('zh-tw', 'xx') + token);
    expect([page.status, page.location]).toEqual([303, path + token]);
    expect((await open(path.replace('zh-tw', 'en') + token)).text).toContain('<html lang="en"');
  });

  test('carries strict headers, and may post to a gateway only where it has the button for it', async () => {
    const cashier = await make('ecpay/aio');
    const number = await make('ecpay/barcode');
    for (const { path, token } of [cashier, number]) {
      const { headers } = await open(path + token);
      expect(directive(headers, 'script-src')).toBe("script-src 'self'");
      expect(directive(headers, 'style-src')).toBe("style-src 'self'");
      expect(directive(headers, 'default-src')).toBe("default-src 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-robots-tag')).toBe('noindex');
    }
    const forms = await Promise.all([cashier, number].map(({ path, token }) => open(path + token)));
    expect(directive(forms[0]?.headers ?? new Headers(), 'form-action')).toBe(
      `form-action 'self' https: ${app.gateway.url}`,
    );
    expect(directive(forms[1]?.headers ?? new Headers(), 'form-action')).toBe("form-action 'self'");
    const missing = await open(`${cashier.path}?token=x`);
    expect(directive(missing.headers, 'form-action')).toBe("form-action 'self'");
  });

  test('has nothing inline, whatever the shop put into its texts', async () => {
    const { path, token } = await make('ecpay/aio', { item_name: '<script>alert(1)</script>" onload="x' });
    const { text } = await open(path + token);
    expect(text).not.toContain('<script>alert');
    expect(text).not.toMatch(/<[^>]+ (style|on\w+)="/);
    expect(text).not.toMatch(/<script(?![^>]*src=)/);
  });

  test('tells its status in JSON, which changes when it is paid', async () => {
    const { path, token, orderNo } = await make('ecpay/atm');
    const status = async (query = token) => JSON.parse((await open(`${path}/status${query}`)).text);
    const before = await status();
    expect(before).toEqual({ status: 'pending', revision: expect.any(String) });
    expect(await status()).toEqual(before);
    await app.simulate(orderNo, 'pay');
    const after = await status();
    expect(after.status).toBe('paid');
    expect(after.revision).not.toBe(before.revision);
    expect((await open(`${path}/status?token=x`)).status).toBe(404);
  });

  test('when paid, leads on to success_url as it is, with number, order and status behind it', async () => {
    const given = 'https://Merchant.example/thanks/../a%20b?q=%A4%A4+x&flag&status=mine';
    const body = { success_url: `${given}#top`, cancel_url: given };
    const paid = await make('ecpay/atm', { ...body, merchant_order_no: 'A%20/#?1' });
    const cancelled = await make('ecpay/atm', body);
    await app.simulate(paid.orderNo, 'pay');
    await app.call(`/api/paycore/payments/${cancelled.paymentNo}/cancel`, {});
    const linksOf = async ({ path, token }: Made) => {
      const { text } = await open(path + token);
      const links = text.matchAll(/href="(https:\/\/Merchant[^"]+)"/g);
      return [...links].map(([, link = '']) => link.replaceAll('&amp;', '&'));
    };
    const ours = `payment_no=${paid.paymentNo}&merchant_order_no=A%2520%2F%23%3F1&status=paid`;
    const theirs = `payment_no=${cancelled.paymentNo}&merchant_order_no=${cancelled.merchantOrderNo}&status=failed`;
    // The shop's name leads there too.
    expect(new Set(await linksOf(paid))).toEqual(new Set([`${given}&${ours}#top`]));
    expect(new Set(await linksOf(cancelled))).toEqual(new Set([`${given}&${theirs}`]));
  });
});

function readForm(text: string): { action: string; fields: Record<string, string> } {
  const decode = (value: string) => value.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
  const action = decode(/<form method="post" action="([^"]+)"/.exec(text)?.[1] ?? '');
  const inputs = text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return {
    action,
    fields: Object.fromEntries([...inputs].map(([, name, value]) => [name ?? '', decode(value ?? '')])),
  };
}

describe('the button that leads to the gateway', () => {
  test('opens a number of its own every time, which the gateway takes, while old ones stay listened to', async () => {
    const { path, token, orderNo, paymentNo } = await make('ecpay/aio/credit');
    const seen = new Set([orderNo]);
    for (let i = 0; i < 3; i++) {
      const page = await open(`${path}/go${token}`, { method: 'POST' });
      expect(page.status).toBe(200);
      expect(directive(page.headers, 'form-action')).toContain(app.gateway.url);
      const { action, fields } = readForm(page.text);
      expect(action).toBe(`${app.gateway.url}/Cashier/AioCheckOut/V5`);
      seen.add(fields.MerchantTradeNo ?? '');
      const cashier = await fetch(action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
      expect(cashier.status).toBeLessThan(400);
    }
    expect(seen.size).toBe(4);
    const [, second = '', last = ''] = [...seen];
    await app.simulate(second, 'pay');
    expect(await app.find(paymentNo)).toMatchObject({ status: 'paid', gateway_order_no: second });
    await app.simulate(last, 'pay');
    expect(await app.find(paymentNo)).toMatchObject({ status: 'paid', flags: ['duplicate', 'attention'] });
  });

  test('of a page that is only looked at spends no number', async () => {
    const { path, token, paymentNo, orderNo } = await make();
    for (let i = 0; i < 3; i++) await open(path + token);
    expect((await open(`${path}/go${token}`)).status).toBe(405);
    expect(await app.find(paymentNo)).toMatchObject({ gateway_order_no: orderNo });
  });

  test('stops after 50 numbers and says so on a page', async () => {
    const { path, token } = await make();
    const pages = await Promise.all(Array.from({ length: 55 }, () => open(`${path}/go${token}`, { method: 'POST' })));
    expect(pages.filter(({ status }) => status === 200).length).toBe(49);
    const rest = pages.filter(({ status }) => status !== 200);
    expect(new Set(rest.map(({ status }) => status))).toEqual(new Set([429]));
    expect(rest[0]?.text).toContain(path);
  });

  test('leads back to the page when there is nothing to start: paid, or a number already issued', async () => {
    const paid = await make();
    await app.simulate(paid.orderNo, 'pay');
    await open(`${paid.path}/go${paid.token}`, { method: 'POST' }).then(async (page) => {
      const { fields } = readForm(page.text);
      await fetch(`${app.gateway.url}/Cashier/AioCheckOut/V5`, { method: 'POST', body: new URLSearchParams(fields) });
      await app.simulate(fields.MerchantTradeNo ?? '', 'pay');
    });
    const number = await make('ecpay/atm');
    for (const { path, token } of [paid, number]) {
      const page = await open(`${path}/go${token}`, { method: 'POST' });
      expect([page.status, page.location]).toEqual([303, path + token]);
    }
    expect((await open(`${number.path}/go?token=x`, { method: 'POST' })).status).toBe(404);
  });
});

describe('what the merchant chose for the pages', () => {
  const chosen = { accent: '#ffee00', logo_url: 'https://cdn.shop.example/logo.png', contact: 'help@shop.example' };
  const change = async (fields: Record<string, string | null>) =>
    changeProject(app.deps, (await app.deps.store.findProjectByName('shop'))?.id ?? 0, fields);
  beforeAll(() => change(chosen));
  afterAll(() => change({ accent: null, logo_url: null, contact: null }));

  test('is on the payment page, the choice and the form, whose policies let in that one host', async () => {
    const checkout = await app.call('/api/paycore/checkout', { merchant_order_no: 'BRAND-1', amount: 100 });
    const choice = new URL(String(checkout.json.data.payment_url));
    const made = await make('ecpay/aio/credit');
    for (const page of [
      await open(made.path + made.token),
      await open(choice.pathname + choice.search),
      await open(`${made.path}/go${made.token}`, { method: 'POST' }),
      await open(`/en/payment/ecpay/return/${made.paymentNo}${made.token}`),
    ]) {
      expect(page.status).toBe(200);
      expect(page.text).toContain('src="https://cdn.shop.example/logo.png"');
      expect(page.text).toContain('href="mailto:help@shop.example"');
      expect(page.text).toContain('href="/assets/checkout.ffee00.');
      expect(directive(page.headers, 'img-src')).toBe("img-src 'self' data: https://cdn.shop.example");
      expect(directive(page.headers, 'style-src')).toBe("style-src 'self'");
    }
  });

  test('is on no page that says nothing about a payment, nor on those of another shop', async () => {
    const made = await make();
    const others = await app.create('ecpay/aio', {}, { 'x-api-key': app.keys.other.api_key });
    const page = new URL(String(others.json.data.payment_url));
    for (const address of [made.path, `/en/payment/ecpay/return/${made.paymentNo}`, page.pathname + page.search]) {
      const { text, headers } = await open(address);
      expect(text).not.toContain('shop.example/logo');
      expect(directive(headers, 'img-src')).toBe("img-src 'self' data:");
    }
  });

  test('has its colour in a style sheet that is served for any colour, and for nothing else', async () => {
    for (const start of ['checkout.', 'accent/']) {
      const sheet = await open(`/assets/${start}ffee00.css`);
      expect([sheet.status, sheet.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
      expect(sheet.text).toContain(writeAccentStyle('#ffee00'));
      const etag = sheet.headers.get('etag') ?? '';
      expect((await open(`/assets/${start}ffee00.css`, { headers: { 'if-none-match': etag } })).status).toBe(304);
      for (const name of ['ffee0', 'ffee000', 'FFEE00', 'ffee0g', '..%2fcheckout']) {
        expect([name, (await open(`/assets/${start}${name}.css`)).status]).toEqual([name, 404]);
      }
    }
  });
});

describe('a browser that comes back from the gateway', () => {
  const result = ({ orderNo, paymentNo }: Made, code = '1') => {
    const fields = {
      MerchantID: STAGE.merchant_id,
      MerchantTradeNo: orderNo,
      RtnCode: code,
      RtnMsg: 'Succeeded',
      TradeNo: '2606221530001111',
      TradeAmt: '980',
      PaymentDate: '2026/06/22 15:31:00',
      PaymentType: 'Credit_CreditCard',
      SimulatePaid: '0',
      CustomField1: paymentNo,
    };
    return { ...fields, CheckMacValue: checkMacValue(Object.entries(fields), ACCOUNT) };
  };
  const back = (path: string, fields: Record<string, string>) =>
    open(path, { method: 'POST', body: new URLSearchParams(fields) });

  test('with a genuine post is led to the page in the language of the path, and the post counts', async () => {
    const made = await make('ecpay/aio/credit');
    const page = await back(`/en/payment/ecpay/return/${made.paymentNo}`, result(made));
    expect([page.status, page.location]).toEqual([303, made.path.replace('zh-tw', 'en') + made.token]);
    expect(await app.find(made.paymentNo)).toMatchObject({ status: 'paid' });
  });

  test('with a forged post changes nothing, and gets the page only when its address carries the token', async () => {
    const made = await make('ecpay/aio/credit');
    const forged = { ...result(made), TradeAmt: '981' };
    const bare = `/en/payment/ecpay/return/${made.paymentNo}`;
    const without = await back(bare, forged);
    expect([without.status, without.location]).toEqual([303, `${made.path.replace('zh-tw', 'en')}?returned`]);
    const withToken = await back(bare + made.token, forged);
    expect([withToken.status, withToken.location]).toEqual([303, made.path.replace('zh-tw', 'en') + made.token]);
    expect(await app.find(made.paymentNo)).toMatchObject({ status: 'pending', flags: [] });
  });

  test('with the genuine post of another payment does not learn the token of this one', async () => {
    const [mine, theirs] = [await make('ecpay/aio/credit'), await make('ecpay/aio/credit')];
    const page = await back(`/en/payment/ecpay/return/${theirs.paymentNo}`, result(mine, '10100058'));
    expect([page.status, page.location]).toEqual([303, `${theirs.path.replace('zh-tw', 'en')}?returned`]);
  });

  test('with nothing that opens the page is told to look for it at the shop, as by a plain address', async () => {
    const made = await make();
    const bare = `/en/payment/ecpay/return/${made.paymentNo}`;
    const neutral = await open(bare);
    const page = await open((await back(bare, {})).location ?? '');
    expect([page.status, page.text]).toEqual([200, neutral.text]);
    expect(page.text).not.toContain(made.paymentNo);
    const unknown = made.paymentNo.replace(/.{4}$/, 'ZZZZ');
    expect((await open((await back(bare.replace(made.paymentNo, unknown), {})).location ?? '')).status).toBe(404);
  });

  test('with a token that opens nothing is not told that there is such a payment', async () => {
    const made = await make();
    for (const query of ['?token=x&returned', '?token=&returned', '']) {
      expect([query, (await open(made.path + query)).status]).toEqual([query, 404]);
    }
    expect((await open(`/en/pay/x?returned`)).status).toBe(404);
  });

  test('with nothing, nonsense or far too much is led to the page all the same', async () => {
    const made = await make();
    const path = `/xx/payment/ecpay/return/${made.paymentNo}${made.token}`;
    for (const body of ['', '%%%', '{"a":', 'x'.repeat(300 * 1024)]) {
      const page = await open(path, { method: 'POST', body, headers: { 'content-type': 'text/plain' } });
      expect([body.length, page.status, page.location]).toEqual([body.length, 303, made.path + made.token]);
    }
  });

  test('by a plain address sees the page when that carries the token, under either name, and else nothing of it', async () => {
    const made = await make();
    const bare = `/en/payment/ecpay/return/${made.paymentNo}`;
    for (const query of [made.token, made.token.replace('token', 'page')]) {
      const page = await open(bare + query);
      expect(page.status).toBe(200);
      expect(page.text).toContain(`data-payment-no="${made.paymentNo}"`);
    }
    for (const query of ['', '?token=x', '?page=', `?page=${(await make()).token.slice(7)}`]) {
      const page = await open(bare + query);
      expect(page.status).toBe(200);
      expect(page.text).not.toContain(made.paymentNo);
      expect(page.text).not.toContain('NT$');
    }
    const unknown = made.paymentNo.replace(/.{4}$/, '0000');
    expect((await open(`/en/payment/ecpay/return/${unknown}`)).status).toBe(404);
  });

  test('to a gateway or a number that does not exist finds a page that says so', async () => {
    for (const path of ['/en/payment/nobody/return/PAY202606229999ABCDEFGH', '/en/payment/ecpay/return/x']) {
      const page = await back(path, {});
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    }
  });
});
