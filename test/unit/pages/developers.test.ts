import { beforeAll, describe, expect, test } from 'bun:test';
import { DESK_LOCALES } from '../../../src/core/locale.ts';
import { createFinder } from '../../../src/developers/find.ts';
import { makeIndex } from '../../../src/developers/search.ts';
import { mapTexts } from '../../../src/developers/texts.ts';
import type { Site } from '../../../src/developers/types.ts';
import { renderDevelopers, renderMissing, renderSearch } from '../../../src/pages/developers/site.tsx';
import { buildSites, listGroups, listPages, listRows, SAMPLES } from '../../support/centre.ts';
import { HOSTILE } from './hostile.ts';
import { readAttributes } from './html.ts';

let sites: Awaited<ReturnType<typeof buildSites>>;
beforeAll(async () => {
  sites = await buildSites();
});

const draw = (site: Site, page: string): string => renderDevelopers(site, page, SAMPLES) ?? '';
const idsOf = (html: string): string[] => Array.from(html.matchAll(/ id="([^"]+)"/g), ([, id = '']) => id);
const linksOf = (html: string): string[] => Array.from(html.matchAll(/ href="([^"]+)"/g), ([, href = '']) => href);
const textOf = (html: string): string => html.replace(/<[^>]+>/g, '');

describe.each(DESK_LOCALES)('the developer centre in %s', (locale) => {
  let pages: ReadonlyMap<string, string>;
  beforeAll(() => {
    pages = new Map(listPages(sites[locale]).map((page) => [page, draw(sites[locale], page)]));
  });

  test('has every field of every endpoint on the page of its group, in a row of its own', () => {
    for (const { id, endpoints } of listGroups(sites[locale])) {
      const ids = new Set(idsOf(pages.get(id) ?? ''));
      const rows = endpoints.flatMap((endpoint) =>
        listRows(endpoint).map((row) => `${endpoint.id}.${row.place}.${row.name}`),
      );
      expect(rows.filter((row) => !ids.has(row))).toEqual([]);
    }
  });

  test('says of a field whether it is required, its type, limits, words, default and what it means', () => {
    const text = textOf(pages.get('ecpay') ?? '');
    const { fields = [] } = listGroups(sites[locale]).find(({ id }) => id === 'ecpay')?.endpoints[0] ?? {};
    for (const { name, type, choices, default: usual } of fields) {
      const from = text.indexOf(name);
      expect({ name, from: from >= 0 }).toEqual({ name, from: true });
      for (const word of [type, ...choices, usual])
        expect({ name, word, is: text.includes(word) }).toEqual({ name, word, is: true });
    }
    expect(text).toContain(locale === 'en' ? 'required' : '必填');
    expect(text).toContain('1 – 1,000,000,000,000');
  });

  test('names no place twice on a page', () => {
    for (const [page, html] of pages) {
      const ids = idsOf(html);
      expect([page, ids.filter((id, at) => ids.indexOf(id) !== at)]).toEqual([page, []]);
    }
  });

  test('leads to places that are there, from every page and from everything that is found', () => {
    const index = makeIndex(sites[locale], sites[locale === 'en' ? 'zh-tw' : 'en']);
    const found = index.map(({ address }) => ['', `developers/${address}`] as const);
    const links = [...pages].flatMap(([page, html]) => linksOf(html).map((href) => [page, href] as const));
    const places = new Map([...pages].map(([page, html]) => [page, new Set(idsOf(html))]));
    const broken = [...links, ...found].filter(([page, href]) => {
      const from = `https://pay.shop.example/en/developers${page === '' ? '' : `/${page}`}`;
      const { pathname, hash, origin } = new URL(href.replaceAll('&amp;', '&'), from);
      const [is, named = ''] = /^\/(?:en|zh-tw)\/developers(?:\/([^/]+))?$/.exec(pathname) ?? [];
      // Files stand beside the pages.
      if (origin !== 'https://pay.shop.example' || is === undefined || named.includes('.')) return false;
      const ids = places.get(named);
      return !ids || (hash !== '' && !ids.has(decodeURIComponent(hash.slice(1))));
    });
    expect(broken).toEqual([]);
  });

  test('tells every error on one page: code, status, sentence, meaning, and the answer as it comes', () => {
    const text = textOf(pages.get('errors') ?? '')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>');
    for (const { code, status, message } of sites[locale].catalogue.errors) {
      expect({ code, is: text.includes(`"error_code": "${code}"`) }).toEqual({ code, is: true });
      expect({ code, status: status === 0 || text.includes(String(status)) }).toEqual({ code, status: true });
      expect({ code, message: text.includes(message) }).toEqual({ code, message: true });
    }
  });

  test('has one heading of the first order on a page, and leaves no order out', () => {
    for (const [page, html] of pages) {
      const levels = Array.from(html.matchAll(/<h([1-6])/g), ([, level]) => Number(level));
      expect([page, levels.filter((level) => level === 1).length]).toEqual([page, 1]);
      expect([page, levels.filter((level, at) => at > 0 && level > (levels[at - 1] ?? 0) + 1)]).toEqual([page, []]);
    }
  });

  test('has a way to choose between samples without a script: each label has its button, one is chosen', async () => {
    const html = pages.get('ecpay') ?? '';
    const inputs = await readAttributes(html, 'input[type=radio]');
    const labels = await readAttributes(html, 'label');
    expect(labels.map((label) => label.for)).toEqual(inputs.map(({ id }) => id));
    const groups = new Set(inputs.map(({ name }) => name));
    const chosen = inputs.filter((input) => 'checked' in input).map(({ name }) => name);
    expect(new Set(chosen)).toEqual(groups);
    expect(chosen).toHaveLength(groups.size);
  });
});

test('what a text holds is shown as it stands and never becomes a part of the page', async () => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    const { en } = sites;
    const group = en.catalogue.groups.find(({ id }) => id === 'paypal');
    if (!group) throw new Error('no such group');
    const [title, ...catalogueGroups] = [text, { ...group, name: text }];
    const hostile: Site = {
      ...en,
      catalogue: mapTexts(
        { ...en.catalogue, groups: catalogueGroups, errors: en.catalogue.errors.slice(0, 1) },
        () => text,
      ),
      guides: en.guides.map((guide) => ({ ...guide, title, text: guide.text + text.replaceAll('\n', ' ') })),
    };
    const search = { query: text, found: createFinder(makeIndex(hostile, hostile))('paypal', 10), isCut: false };
    for (const html of [
      ...['', 'paypal', 'errors', 'testing'].map((page) => draw(hostile, page)),
      renderSearch(hostile, search, SAMPLES),
    ]) {
      expect([
        name,
        (await readAttributes(html, 'script')).length,
        (await readAttributes(html, 'img, svg, iframe')).length,
      ]).toEqual([name, 1, 0]);
      const handlers = (await readAttributes(html, '*'))
        .flatMap((element) => Object.keys(element))
        .filter((attribute) => attribute.startsWith('on'));
      expect([name, handlers]).toEqual([name, []]);
    }
  }
});

test('a page that is none leads on', () => {
  expect(renderDevelopers(sites.en, 'nothing', SAMPLES)).toBeNull();
  const html = renderMissing(sites.en, SAMPLES);
  expect(html).toContain('There is no such page');
  expect(linksOf(html)).toContain('../developers');
  expect(linksOf(html)).toContain('ecpay');
});
