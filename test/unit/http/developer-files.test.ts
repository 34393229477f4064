import { describe, expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { findSamples } from '../../../src/developers/samples/index.ts';
import { developerFileRoutes } from '../../../src/http/routes/developer-files.ts';
import { developerRoutes } from '../../../src/http/routes/developers.ts';
import { renderDevelopers } from '../../../src/pages/developers/site.tsx';
import { loadConfig } from '../../../src/program.ts';
import { gateways } from '../../support/gateways.ts';
import { readTestSite, SITE_URL } from '../../support/site.ts';

const deps = { config: loadConfig({}), gateways, publicUrl: SITE_URL };
const app = new Elysia()
  .use(developerRoutes(deps, () => Promise.reject(new Error('no page is asked for here')), { waitFor: () => null }))
  .use(developerFileRoutes(deps, readTestSite, () => []));

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  app.handle(new Request(`http://localhost${path}`, { headers }));

const takeSamples = (name: string) => findSamples(name, SITE_URL);
const ENGLISH = { 'accept-language': 'en-GB,en;q=0.9' };

describe('the developer centre as Markdown', () => {
  test('is nowhere under a language that is none', async () => {
    expect([(await get('/xx/developers.md')).status, (await get('/ja/developers.md')).status]).toEqual([404, 200]);
  });

  test('is in the language of the path, else in the one that is asked for, else in the installation’s own', async () => {
    const titleOf = async (path: string, headers = {}) => (await (await get(path, headers)).text()).split('\n')[0];
    expect(await titleOf('/developers.md')).toBe('# PayCore 開發者文件');
    expect(await titleOf('/developers.md', ENGLISH)).toBe('# PayCore for developers');
    expect(await titleOf('/developers.md', { 'accept-language': 'ja' })).toBe('# PayCore for developers');
    expect(await titleOf('/zh-tw/developers.md', ENGLISH)).toBe('# PayCore 開發者文件');
    expect(await titleOf('/zh-cn/developers.md', ENGLISH)).toBe('# PayCore 開發者文件');
    expect(await titleOf('/en/developers/testing.md')).toBe('# Testing');
    expect(await titleOf('/developers/ecpay.md', ENGLISH)).toBe('# 綠界 ECPay');
  });

  test('links keep the form of the address', async () => {
    expect(await (await get('/developers.md', ENGLISH)).text()).toContain(`](${SITE_URL}/developers/notifications)`);
    expect(await (await get('/en/developers.md')).text()).toContain(`](${SITE_URL}/en/developers/notifications)`);
  });

  test('is Markdown in UTF-8, compressed where that is taken, and not sent again when it is the same', async () => {
    const response = await get('/en/developers.md', { 'accept-encoding': 'gzip' });
    expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(response.headers.get('vary')).toBe('accept-encoding, accept-language');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    const zipped = (await response.bytes()).length;
    expect((await (await get('/en/developers.md')).bytes()).length).toBeGreaterThan(zipped * 5);
    const tag = response.headers.get('etag') ?? '';
    const again = await get('/en/developers.md', { 'accept-encoding': 'gzip', 'if-none-match': tag });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

test('every link of llms.txt to this installation’s own files leads somewhere', async () => {
  const response = await get('/llms.txt');
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const links = [...(await response.text()).matchAll(/\]\((https:\/\/[^)]+)\)/g)].map(([, link = '']) =>
    link.slice(SITE_URL.length),
  );
  expect(links.length).toBeGreaterThan(20);
  for (const link of links.filter((one) => !one.startsWith('/swagger'))) {
    const found = await get(link);
    expect([link, found.status, (await found.text()).length > 100]).toEqual([link, 200, true]);
  }
});

test('the collection for Postman is JSON, in the language of the path', async () => {
  const named = await get('/zh-tw/developers/postman.json');
  expect(named.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const names = ((await named.json()) as { item: { item: { name: string }[] }[] }).item.flatMap(({ item }) => item);
  expect(names.map(({ name }) => name)).toContain('查詢付款');
  expect((await get('/developers/postman.json', ENGLISH)).status).toBe(200);
});

test('what cannot be made is made the next time', async () => {
  let isBroken = true;
  const shaky = new Elysia().use(
    developerFileRoutes(
      deps,
      async (locale) => {
        if (isBroken) throw new Error('not now');
        return readTestSite(locale);
      },
      () => [],
    ),
  );
  const ask = () => shaky.handle(new Request('http://localhost/llms.txt'));
  expect((await ask()).status).toBe(500);
  isBroken = false;
  expect((await ask()).status).toBe(200);
});

test('every sample that is a file is saved with the address of this installation, from wherever the page stands', async () => {
  const page = renderDevelopers(await readTestSite('en'), 'tools', { samplesOf: () => [], samplesNamed: takeSamples });
  const links = [...(page ?? '').matchAll(/href="(\/developers\/examples\/[^"]+)"/g)].map(([, link = '']) => link);
  expect(links.length).toBe(takeSamples('shop').length);
  for (const link of [...links, '/en/developers/examples/README.md']) {
    const saved = await get(link);
    const name = link.slice(link.lastIndexOf('/') + 1);
    expect(saved.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(saved.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
    const text = await saved.text();
    expect(text).not.toContain('localhost:8080');
    if (name === 'shop.mjs') expect(text).toContain(`PAYCORE_URL = '${SITE_URL}'`);
  }
});
