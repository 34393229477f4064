import { describe, expect, test } from 'bun:test';
import { DESK_LOCALES } from '../../../src/core/locale.ts';
import { writeMarkdown, writePage } from '../../../src/developers/markdown.ts';
import { writeCode, writeFence, writeTable } from '../../../src/developers/markdown-parts.ts';
import { MARKDOWN_WORDS } from '../../../src/developers/markdown-words.ts';
import { writeSamples } from '../../../src/developers/samples/index.ts';
import { GUIDES, type Sample } from '../../../src/developers/types.ts';
import { listEndpoints, readTestSite, SITE_URL } from '../../support/site.ts';

const findSamples = (name: string, url: string): readonly Sample[] => [
  { language: 'curl', code: `curl "${url}/${name}"\n` },
  { language: 'php', code: '$it = 1;' },
];

const documents = await Promise.all(
  DESK_LOCALES.map(async (locale) => {
    const site = await readTestSite(locale);
    return { locale, site, text: writeMarkdown(site, findSamples, `/${locale}/developers`) };
  }),
);

/** Cells of a row of a table, as GFM cuts it. */
const cellsOf = (line: string) => line.slice(1, -1).split(/(?<!\\)(?:\\\\)*\|/);
const proseOf = (text: string) => text.replace(/^(`{3,})\w*\n[\s\S]*?^\1$/gm, '');

describe('parts', () => {
  test('a bar in a cell does not end it, not even behind a backslash', () => {
    expect(writeTable(['a'], [['x | y'], ['\\|'], ['two\nlines']])).toBe(
      '| a |\n| --- |\n| x \\| y |\n| \\\\\\| |\n| two lines |',
    );
  });

  test('code that holds backticks has longer ones around it', () => {
    expect(writeCode('a')).toBe('`a`');
    expect(writeCode('a`b')).toBe('`` a`b ``');
    expect(writeFence('md', '```js\n```')).toBe('````md\n```js\n```\n````');
  });
});

describe.each(documents)('the document in $locale', ({ text, site, locale }) => {
  const { catalogue, guides } = site;
  const words = MARKDOWN_WORDS[locale];

  test('has one title, every guide and every group', () => {
    expect(proseOf(text).match(/^# .+$/gm)).toHaveLength(1);
    const chapters = [...proseOf(text).matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(chapters.slice(0, -1)).toEqual([
      ...guides.map(({ title }) => title),
      ...[...catalogue.groups, catalogue.notifications].map(({ name }) => name),
    ]);
  });

  test('has every endpoint with its address, every field, credential, note, highlight and error', () => {
    const parts = new Map(
      proseOf(text)
        .split(/^### /m)
        .map((part) => [part.split('\n')[1 + 1] ?? '', part]),
    );
    const missing = listEndpoints(catalogue).flatMap((endpoint) => {
      const { kind, verb, path, fields, credentials, refusals, answers, highlights, notes, errors } = endpoint;
      const part = parts.get(kind === 'notification' ? writeCode(path) : writeCode(`${verb} ${path}`)) ?? '';
      // Those of another endpoint are told by its title alone, when they are all the same.
      const isTold = [words.same('Query payment'), words.same('查詢付款')].some((said) => part.includes(said));
      const rows = [
        ...fields,
        ...credentials,
        ...refusals.flatMap((one) => one.fields),
        ...(isTold ? [] : (answers[0]?.fields ?? [])),
      ];
      const names = [...rows.map(({ name }) => name), ...highlights, ...errors.map(({ code }) => code)];
      return [...names.map(writeCode), ...notes].filter((text) => !part.includes(text)).map((text) => [path, text]);
    });
    expect(missing).toEqual([]);
    for (const { status, code } of catalogue.errors) expect(text).toContain(`| ${status} | \`${code}\` |`);
  });

  test('has a request that can be pasted for each endpoint of the shop, and every other body', () => {
    for (const endpoint of listEndpoints(catalogue)) {
      const [sample] = writeSamples(endpoint, SITE_URL);
      const isJson = endpoint.answers[0]?.type === 'application/json';
      if (endpoint.kind === 'merchant' && isJson) expect(text).toContain(`\`\`\`sh\n${sample?.code}\n\`\`\`\n`);
      for (const { value, type } of endpoint.bodies.slice(sample ? 1 : 0))
        if (type === 'application/json') expect(text).toContain(JSON.stringify(value, null, 2));
    }
  });

  test('has tables whose rows have as many cells as their head', () => {
    const lines = proseOf(text).split('\n');
    const rows = lines.filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(500);
    let columns = 0;
    const odd = lines.filter((line, at) => {
      if (!line.startsWith('|')) return false;
      if (!lines[at - 1]?.startsWith('|')) columns = cellsOf(line).length;
      return cellsOf(line).length !== columns;
    });
    expect(odd).toEqual([]);
  });

  test('leaves no code open at the end of a cell or a paragraph', () => {
    const isOpen = (line: string) => line.replace(/\\`/g, '').split('`').length % 2 === 0;
    expect(proseOf(text).split('\n').filter(isOpen)).toEqual([]);
  });

  test('has samples where guides name them, and links that lead back to this installation', () => {
    expect(text).toContain(`cURL:\n\n\`\`\`sh\ncurl "${SITE_URL}/first-payment"\n\`\`\``);
    expect(text).toContain('PHP (Laravel):\n\n```php\n$it = 1;\n```');
    expect(text).not.toContain('@samples');
    expect(text).not.toMatch(/\]\(\//);
    expect(text).toContain(`](${SITE_URL}/${locale}/developers/notifications#addresses)`);
    expect(text).toContain(`](${SITE_URL}/llms.txt)`);
  });

  test('is no longer than a program can read', () => {
    expect(text.length).toBeLessThan(500_000);
  });

  test('can be had page by page', () => {
    for (const page of [...GUIDES, 'errors', ...catalogue.groups.map(({ id }) => id)]) {
      expect(writePage(site, page, findSamples)).toMatch(/^# .+\n/);
    }
    expect(writePage(site, 'ecpay', findSamples)).toContain('POST /api/paycore/pay/ecpay/atm');
    expect(writePage(site, 'notifications', findSamples)).toContain('`payment.refunded`');
    const [guide] = guides;
    expect(writePage(site, 'quick-start', findSamples)?.match(/^#+ .+$/gm)).toEqual([
      `# ${guide?.title}`,
      ...(guide?.headings.map(({ level, title }) => `${'#'.repeat(level)} ${title}`) ?? []),
    ]);
    expect(writePage(site, 'nothing', findSamples)).toBeNull();
  });
});
