import { describe, expect, test } from 'bun:test';
import { LOCALES } from '../../../src/core/locale.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import { useApp } from '../../support/apps.ts';
import { pagePathOf } from '../../support/page-path.ts';

/** Which language a payer’s page is in: the one the shop named, else the one his browser asks for, and then his choice. */

const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } }, 'file');
const shop = createShop(app);

const ROUTES = {
  'ecpay/cvs': {},
  'ecpay/aio/credit': {},
  'paypal/checkout': {},
} as const;
const urlOf = (data: Readonly<Record<string, unknown>>) => new URL(String(data.payment_url ?? data.link_url));

async function open(url: string | URL, accept: string | null = null) {
  const { pathname, search } = new URL(url, app.url);
  const response = await app.request(pathname + search, {
    headers: accept === null ? {} : { 'accept-language': accept },
  });
  const { status, headers } = response;
  return { status, headers, location: headers.get('location'), text: await response.text() };
}

const create = async (route: string, body: object = {}) =>
  (route === 'paypal/checkout' ? shop.create(body) : app.create(route, body)).then(({ json }) => json.data);
const checkout = async (body: object = {}) =>
  (await app.call('/api/paycore/checkout', { merchant_order_no: crypto.randomUUID(), amount: 980, ...body })).json.data;

describe('a create that names a language', () => {
  test.each(Object.keys(ROUTES))('%s: gives out the page in it, whatever the browser asks for', async (route) => {
    const url = urlOf(await create(route, { locale: 'ja' }));
    expect([url.pathname.split('/')[1], url.searchParams.has('lang')]).toEqual(['ja', false]);
    const page = await open(url, 'th');
    expect([page.status, page.text.includes('<html lang="ja">')]).toEqual([200, true]);
  });

  test('all of them are taken, by the route that leaves the choice to the payer too', async () => {
    for (const locale of LOCALES) {
      expect(urlOf(await checkout({ locale })).pathname).toStartWith(`/${locale}/pay/`);
    }
  });

  test('asks the gateway in it, and has the payer sent back in it', async () => {
    const { redirect_form } = await create('ecpay/aio/credit', { locale: 'ko' });
    expect(redirect_form).toMatchObject({ fields: { Language: 'KOR' } });
    expect(String((redirect_form as { fields: Record<string, string> }).fields.OrderResultURL)).toContain(
      '/ko/payment/',
    );
    await create('paypal/checkout', { locale: 'th' });
    const [made] = shop.calls('/v2/checkout/orders').slice(-1);
    const context = JSON.parse(made?.body ?? '').payment_source.paypal.experience_context;
    expect([context.locale, new URL(context.return_url).pathname.split('/')[1]]).toEqual(['th-TH', 'th']);
  });

  test('stays with it: the same create again, and a query, name the first one', async () => {
    const body = { merchant_order_no: 'LANGUAGE-1', locale: 'ms' };
    const first = await create('ecpay/cvs', body);
    for (const again of [body, { ...body, locale: 'en' }, { merchant_order_no: 'LANGUAGE-1' }]) {
      expect(await create('ecpay/cvs', again)).toMatchObject({ created: false, payment_url: first.payment_url });
    }
    expect((await app.find(String(first.payment_no))).payment_url).toBe(first.payment_url);
  });

  test('we do not have is refused with those that we have; an empty one is none', async () => {
    for (const locale of ['fr', 'zh-TW', 'EN', 7, ['en']]) {
      for (const { status, json } of [
        await app.create('ecpay/cvs', { locale }),
        await app.call('/api/paycore/checkout', { merchant_order_no: 'X', amount: 1, locale }),
        await app.call('/api/paycore/links', { title: 'Tea', amount: 1, locale }),
      ]) {
        const said =
          typeof locale === 'string'
            ? `The locale field must be one of: ${LOCALES.join(', ')}.`
            : 'The locale field must be a string.';
        expect([status, json.error]).toMatchObject([
          422,
          { error_code: 'VALIDATION_FAILED', fields: { locale: [said] } },
        ]);
      }
    }
    expect(urlOf(await create('ecpay/cvs', { locale: '' })).searchParams.get('lang')).toBe('auto');
  });
});

describe('where nobody has named a language', () => {
  test('the browser’s is taken, and counts as chosen from then on', async () => {
    const url = urlOf(await create('ecpay/cvs'));
    expect(url.search).toEndWith('&lang=auto');
    const led = await open(url, 'ko-KR,ko;q=0.9,en;q=0.8');
    expect([led.status, led.location]).toEqual([302, pagePathOf(app, url).replace('zh-tw', 'ko')]);
    expect([led.headers.get('vary'), led.headers.get('cache-control'), led.text]).toEqual([
      'accept-language',
      'no-store',
      '',
    ]);
    const page = await open(String(led.location), 'th');
    expect([page.status, page.text.includes('<html lang="ko">')]).toEqual([200, true]);
  });

  test('the merchant’s stays where the browser asks for it, for none of ours, or for nothing', async () => {
    const url = urlOf(await create('ecpay/cvs'));
    for (const accept of ['zh-TW,zh;q=0.9,en;q=0.8', 'fr-FR', '*', '', null]) {
      const page = await open(url, accept);
      expect([accept, page.status, page.text.includes('<html lang="zh-Hant-TW">')]).toEqual([accept, 200, true]);
    }
  });

  test('the place is kept: who wants to choose gets the ways to pay', async () => {
    const url = urlOf(await checkout());
    const led = await open(`${url}&choose=1`, 'en');
    expect([led.status, led.location]).toEqual([302, `${pagePathOf(app, url).replace('zh-tw', 'en')}&choose=1`]);
  });

  test('an address without the mark shows the language of its path', async () => {
    const path = pagePathOf(app, urlOf(await create('ecpay/cvs')));
    for (const address of [path, `${path}&lang=AUTO`, `${path}&lang=en`]) {
      expect((await open(address, 'en')).text).toContain('<html lang="zh-Hant-TW">');
    }
  });

  test('a wrong token is told nothing by it, and an unknown language in the path is replaced by the browser’s', async () => {
    const url = urlOf(await create('ecpay/cvs'));
    expect((await open(String(url).replace(/token=.{4}/, 'token=xxxx'), 'en')).status).toBe(404);
    const path = pagePathOf(app, url);
    expect((await open(String(url).replace('zh-tw', 'xx'), 'en')).location).toBe(path.replace('zh-tw', 'en'));
    expect((await open(String(url).replace('zh-tw', 'xx'), 'fr')).location).toBe(path);
  });
});

describe('the language that the payer reads', () => {
  test('stays when he chooses how to pay and is led to the gateway', async () => {
    const path = pagePathOf(app, urlOf(await checkout())).replace('zh-tw', 'ms');
    const chosen = await app.request(path.replace('?', '/choose?'), {
      method: 'POST',
      body: new URLSearchParams({ route: 'x/y' }),
    });
    expect([chosen.status, chosen.headers.get('location')]).toEqual([303, path]);
  });

  test('and changes in the menu without leaving the choice', async () => {
    const path = pagePathOf(app, urlOf(await checkout()));
    const links = async (address: string) =>
      Array.from((await open(address)).text.matchAll(/<a href="([^"]*)" lang="/g), ([, href]) =>
        href?.replaceAll('&amp;', '&'),
      );
    const all = (address: string) => LOCALES.map((locale) => address.replace('zh-tw', locale));
    expect(await links(`${path}&choose=1`)).toEqual(all(`${path}&choose=1`));
    expect(await links(path)).toEqual(all(path));
  });

  test('is the one he comes back to from a gateway that was asked in another', async () => {
    const sold = await shop.sell();
    const back = shop.wayBack(sold.tradeNo);
    const goes = (locale: string) =>
      app.request(pagePathOf(app, urlOf(sold.data)).replace('zh-tw', locale).replace('?', '/go?'), { method: 'POST' });
    expect(back).toStartWith('/zh-tw/');
    expect((await shop.handleReturn(back)).text).toContain('<html lang="zh-Hant-TW">');
    expect((await goes('ja')).status).toBe(303);
    expect((await shop.handleReturn(back)).text).toContain('<html lang="ja">');
    const bare = back.replace(/page=[^&]*&/, '');
    expect((await shop.handleReturn(bare)).text).toContain('<html lang="ja">');
    expect((await goes('zh-tw')).status).toBe(303);
    expect((await shop.handleReturn(back)).text).toContain('<html lang="zh-Hant-TW">');
  });
});

describe('the page of a payment link', () => {
  const link = async (body: object = {}) =>
    urlOf((await app.call('/api/paycore/links', { title: 'Tea', amount: 980, ...body })).json.data);

  test('is in the language of the link, and so are its payments', async () => {
    const url = await link({ locale: 'th' });
    expect(url.pathname + url.search).toMatch(/^\/th\/link\/\w+$/);
    expect((await open(url, 'en')).text).toContain('<html lang="th">');
    const paid = await app.request(url.pathname, { method: 'POST', body: new URLSearchParams() });
    const to = String(paid.headers.get('location'));
    expect([paid.status, to.slice(0, 8)]).toEqual([303, '/th/pay/']);
    const found = await app.find(to.split(/[/?]/)[3] ?? '');
    expect(found.payment_url).toBe(app.url + to);
  });

  test('else in the browser’s, and the payment in the one of the page', async () => {
    const url = await link();
    expect(url.search).toBe('?lang=auto');
    const led = await open(url, 'zh-HK;q=0.1, zh-SG');
    expect([led.status, led.location]).toEqual([302, url.pathname.replace('zh-tw', 'zh-cn')]);
    const paid = await app.request(String(led.location), { method: 'POST', body: new URLSearchParams() });
    expect(paid.headers.get('location')).toStartWith('/zh-cn/pay/');
    expect((await open(url, 'zh-TW')).status).toBe(200);
  });
});
