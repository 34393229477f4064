import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { buildDocument } from '../support/document.ts';

/** `docs/routes.md` against the tests it names and the routes there are. */

const CATALOGUE_ROUTES = 31;

interface Row {
  readonly number: number;
  readonly route: string;
  readonly tests: readonly { readonly file: string; readonly name: string | null }[];
}

const rows = readFileSync('docs/routes.md', 'utf8')
  .split('\n')
  .flatMap((line): Row[] => {
    const [, number = '', route = '', tests = ''] = /^\| (\d+) \| `([^`]+)` \| (.+) \|$/.exec(line) ?? [];
    return number === '' ? [] : [{ number: Number(number), route, tests: tests.split('<br>').map(readTest) }];
  });

function readTest(cell: string): Row['tests'][number] {
  const [, file = '', name] = /^`([^`]+)`(?: › (.+))?$/.exec(cell) ?? [];
  return { file, name: name === undefined ? null : name.replaceAll('\\|', '|') };
}

const document = await buildDocument('https://pay.example');
const described = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.keys(item).map((verb) => `${verb.toUpperCase()} ${path}`),
);

describe('docs/routes.md', () => {
  test('lists the routes of the catalogue, each once, and each with tests', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: CATALOGUE_ROUTES }, (_, i) => i + 1));
    expect(new Set(rows.map(({ route }) => route)).size).toBe(CATALOGUE_ROUTES);
    for (const row of rows) expect(row.tests.length).toBeGreaterThan(0);
  });

  test('every route in it is a route of the program, and every payment and callback route is in it', () => {
    const listed = rows.map(({ route }) => route);
    for (const route of listed) expect(described).toContain(route);
    // Paying in the page came after the catalogue.
    const own = described.filter((route) => /\/(pay|webhooks|gateways)\//.test(route) && !route.includes('/ecpg'));
    expect(own.filter((route) => !listed.includes(route))).toEqual([]);
  });

  test('every test in it exists', () => {
    for (const { route, tests } of rows) {
      for (const { file, name } of tests) {
        expect({ route, file, exists: existsSync(file) }).toEqual({ route, file, exists: true });
        const found = name === null || readFileSync(file, 'utf8').includes(`'${name}'`);
        expect({ route, file, name, found }).toEqual({ route, file, name, found: true });
      }
    }
  });
});

describe('docs/architecture.md', () => {
  const page = readFileSync('docs/architecture.md', 'utf8');

  test('leads to files that are there, in the folder that it names', () => {
    const rows = [...page.matchAll(/^\| [^|]*\?\s\| `(src[^`]*)` \| (.*) \|$/gm)];
    expect(rows.length).toBeGreaterThanOrEqual(12);
    for (const [, folder = '', files = ''] of rows) {
      expect([folder, existsSync(folder)]).toEqual([folder, true]);
      const links = [...files.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path = '']) => path);
      for (const path of links) expect([path, existsSync(path)]).toEqual([path, true]);
      if (links[0]) expect(links[0].startsWith(`${folder}/`)).toBe(true);
    }
  });
});

describe('docs/scaling.md', () => {
  const page = readFileSync('docs/scaling.md', 'utf8');
  const all = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, found = '']) => found))];

  test('leads to pages that are there, and to parts of its own', () => {
    const links = all(/\]\(([^):]+)\)/g);
    expect(links.length).toBeGreaterThanOrEqual(3);
    const headings = all(/^## (.+)$/gm).map((one) => `#${one.toLowerCase().replaceAll(' ', '-')}`);
    const isThere = (link: string) => (link.startsWith('#') ? headings.includes(link) : existsSync(`docs/${link}`));
    expect(links.filter((link) => !isThere(link))).toEqual([]);
  });

  test('names commands and variables that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    expect(all(/npm run ([a-z:]+)/g).filter((name) => !(name in scripts))).toEqual([]);
    expect(all(/`paycore ([a-z]+)/g).filter((name) => !existsSync(`src/cli/${name}.ts`))).toEqual([]);
    const known = `${readFileSync('src/config.ts', 'utf8')} PAYCORE_TEST_DATABASE_URL`;
    expect(all(/\b(PAYCORE_[A-Z_]+)/g).filter((name) => !known.includes(name))).toEqual([]);
  });
});
