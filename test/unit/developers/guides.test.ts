import { describe, expect, test } from 'bun:test';
import { DESK_LOCALES } from '../../../src/core/locale.ts';
import { readGuide, readGuides } from '../../../src/developers/guides.ts';
import { GUIDES, type Guide } from '../../../src/developers/types.ts';
import { listEndpoints, readTestSite, SITE_URL } from '../../support/site.ts';

const [chinese, english] = DESK_LOCALES.map((locale) => readGuides(locale, SITE_URL));

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
const blocksOf = ({ text }: Guide) =>
  [...text.matchAll(FENCE)].map(([, language = '', code = '']) => ({ language, code }));
const proseOf = ({ text }: Guide) => text.replace(FENCE, '');
const samplesOf = ({ text }: Guide) => [...text.matchAll(/^@samples (\S+)$/gm)].map(([, name]) => name);

describe('a guide', () => {
  test('begins with its title, and names the place of each heading, which is not shown', () => {
    const guide = readGuide(
      'modes',
      '# Title\n\nLead.\n\n## Which one {#which}\n\n```sh\n## no heading\n```\n\n### More {#more}\n',
    );
    expect(guide.title).toBe('Title');
    expect(guide.headings).toEqual([
      { level: 2, title: 'Which one', id: 'which' },
      { level: 3, title: 'More', id: 'more' },
    ]);
    expect(guide.text).toBe('Lead.\n\n## Which one\n\n```sh\n## no heading\n```\n\n### More\n');
  });

  test('without a title, or with a heading that names no place, is refused', () => {
    expect(() => readGuide('modes', 'Lead.')).toThrow('the guide modes has no title');
    expect(() => readGuide('modes', '# Title\n\n## Which one\n')).toThrow('no {#id} behind "Which one"');
  });
});

describe.each([...GUIDES])('the guide %s', (id) => {
  const one = english?.find((guide) => guide.id === id) as Guide;
  const other = chinese?.find((guide) => guide.id === id) as Guide;

  test('is built alike in both languages: headings, code, samples, tables, lists', () => {
    expect(other.headings.map(({ level, id }) => [level, id])).toEqual(
      one.headings.map(({ level, id }) => [level, id]),
    );
    expect(blocksOf(other)).toEqual(blocksOf(one));
    expect(samplesOf(other)).toEqual(samplesOf(one));
    const shape = (guide: Guide) =>
      proseOf(guide)
        .split('\n')
        .flatMap((line) => /^(?:\* |\d+\. )/.exec(line) ?? (line.startsWith('|') ? [line.replace(/[^|]/g, '')] : []));
    expect(shape(other)).toEqual(shape(one));
    expect(other.title).not.toBe(one.title);
    expect(new Set(one.headings.map(({ id }) => id)).size).toBe(one.headings.length);
  });

  test('names the same code and links in both languages', () => {
    const codes = (guide: Guide) => [...proseOf(guide).matchAll(/`[^`\n]+`/g)].map(([code]) => code).sort();
    const links = (guide: Guide) => [...proseOf(guide).matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link).sort();
    expect(codes(other)).toEqual(codes(one));
    expect(links(other)).toEqual(links(one));
  });

  test('has code in languages that are known, JSON that is JSON, and commands behind a prompt', () => {
    for (const { language, code } of blocksOf(one)) {
      expect(['sh', 'js', 'php', 'python', 'json', 'console']).toContain(language);
      if (language === 'json') expect(() => JSON.parse(code)).not.toThrow();
      if (language === 'console') for (const line of code.trimEnd().split('\n')) expect(line).toStartWith('$ ');
      expect(code).not.toContain('{{');
    }
  });

  test('begins with one paragraph that says what it is about', () => {
    for (const guide of [one, other]) expect(guide.text.split('\n\n')[0]).toMatch(/^[^#\n|*`@][^\n]*[.。]$/u);
  });
});

test('links in guides lead to pages, headings and endpoints that are there', async () => {
  const { catalogue } = await readTestSite();
  const guides = english ?? [];
  const groups = [...catalogue.groups, catalogue.notifications];
  const pages = new Map<string, readonly string[]>([
    ...groups.map(({ id, endpoints }) => [id, endpoints.map((endpoint) => endpoint.id)] as const),
    ...guides.map(({ id, headings }) => [id, headings.map((heading) => heading.id)] as const),
  ]);
  const links = guides.flatMap((guide) =>
    [...guide.text.matchAll(/\]\((\/developers\/[^).]+)\)/g)].map(([, link = '']) => link),
  );
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) {
    const [, page = '', anchor] = /^\/developers\/([^#]+)(?:#(.+))?$/.exec(link) ?? [];
    expect([link, pages.has(page)]).toEqual([link, true]);
    if (anchor !== undefined) expect([link, pages.get(page)]).toEqual([link, expect.arrayContaining([anchor])]);
  }
});

test('error codes, events and endpoints that guides name are those of the catalogue', async () => {
  const { catalogue } = await readTestSite();
  const codes = new Set(catalogue.errors.map(({ code }) => code));
  const paths = new Set(listEndpoints(catalogue).map(({ verb, path }) => `${verb} ${path}`));
  const events = new Set(catalogue.notifications.endpoints.map(({ path }) => path));
  for (const { text } of english ?? []) {
    for (const [, code = ''] of text.matchAll(/`[45]\d\d ([A-Z_]+)`/g)) expect(codes).toContain(code);
    for (const [, path = ''] of text.matchAll(
      /`((?:GET|POST) \/(?:api|healthz|readyz)[^`{]*(?:\{(?:paymentNo|linkNo)\}[^`]*)?)`/g,
    ))
      if (!path.includes('{gateway}') && !path.endsWith('/pay/')) expect(paths).toContain(path);
    for (const [event] of text.matchAll(/\bpayment\.(?:paid|failed|refunded|expired|duplicate|attention)\b/g))
      expect(events).toContain(event);
  }
});
