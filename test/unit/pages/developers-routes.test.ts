import { beforeAll, describe, expect, test } from 'bun:test';
import { openRoutes } from '../../support/centre.ts';
import { readAttributes } from './html.ts';

/** What the addresses of the developer centre answer. */

let routes: ReturnType<typeof openRoutes>;
beforeAll(() => {
  routes = openRoutes();
});

const ask = (path: string, headers: Record<string, string> = {}) =>
  routes.handle(new Request(`http://pay.shop.example${path}`, { headers }));
const langOf = async (answer: Response) => (await readAttributes(await answer.text(), 'html'))[0]?.lang;

describe('the language', () => {
  test('is the one of the address, else the one that the browser wants, else the one of the installation', async () => {
    expect(await langOf(await ask('/en/developers'))).toBe('en');
    expect(await langOf(await ask('/zh-tw/developers', { 'accept-language': 'en' }))).toBe('zh-Hant-TW');
    expect(await langOf(await ask('/developers', { 'accept-language': 'en-GB' }))).toBe('en');
    expect(await langOf(await ask('/developers'))).toBe('zh-Hant-TW');
  });

  test('is the nearest of the two where another one is wanted', async () => {
    expect(await langOf(await ask('/ja/developers/ecpay'))).toBe('en');
    expect(await langOf(await ask('/zh-cn/developers/ecpay'))).toBe('zh-Hant-TW');
  });

  test('may be changed on every page, which stays the same page, and what is looked for is kept', async () => {
    const links = async (path: string) =>
      (await readAttributes(await (await ask(path)).text(), '.bar > .links a')).map(({ href }) => href);
    expect(await links('/en/developers/ecpay')).toContain('/zh-tw/developers/ecpay');
    expect(await links('/developers')).toContain('/en/developers');
    expect(await links('/en/developers/search?q=a%26b')).toContain('/zh-tw/developers/search?q=a%26b');
  });
});

test('a page is the same wherever it stands, and its links lead on from there', async () => {
  const [named, negotiated] = await Promise.all([
    ask('/en/developers/ecpay'),
    ask('/developers/ecpay', { 'accept-language': 'en' }),
  ]);
  expect(await negotiated.text()).toBe(await named.text());
});

test('a page is asked about again, and is not sent twice', async () => {
  const first = await ask('/developers/errors');
  expect(first.headers.get('cache-control')).toBe('no-cache');
  expect(first.headers.get('vary')).toContain('accept-language');
  expect(first.headers.get('vary')).toContain('accept-encoding');
  expect(first.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(first.headers.get('x-robots-tag')).toBe('noindex');
  const again = await ask('/developers/errors', { 'if-none-match': first.headers.get('etag') ?? '' });
  expect(again.status).toBe(304);
  const packed = await ask('/developers/ecpay', { 'accept-encoding': 'gzip' });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect((await packed.arrayBuffer()).byteLength).toBeLessThan(120_000);
});

test('an address that is none says so and leads on; one with a slash at its end leads to the one without', async () => {
  for (const path of ['/developers/nothing', '/xx/developers', '/en/developers/__proto__']) {
    const answer = await ask(path);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(await answer.text()).toContain('data-page="missing"');
  }
  const moved = await ask('/en/developers/?a=b');
  expect([moved.status, moved.headers.get('location')]).toEqual([308, '/en/developers?a=b']);
});

test('a search is answered as a page, and by what the script searches in', async () => {
  const page = await ask(`/en/developers/search?q=${encodeURIComponent('條碼')}`);
  const found = (await readAttributes(await page.text(), '.results a')).map(({ href }) => href);
  expect(found).toContain('smilepay#createSmilepayBarcode');
  const index = await ask('/developers/search/en.json');
  expect(index.headers.get('content-type')).toContain('application/json');
  expect(index.headers.get('etag')).not.toBeNull();
  expect(await index.json()).toContainEqual(expect.objectContaining({ address: 'smilepay#createSmilepayBarcode' }));
  expect((await ask('/developers/search/fr.json')).status).toBe(404);
});

test('whatever is looked for is answered, however long and wherever it is cut', async () => {
  for (const text of [`${'a'.repeat(99)}😀`, 'a '.repeat(500), '%', '<b>"', '']) {
    const page = await ask(`/developers/search?q=${encodeURIComponent(text)}`);
    expect([text, page.status]).toEqual([text, 200]);
  }
});
