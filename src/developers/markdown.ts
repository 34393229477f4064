import { mapProse } from './guides.ts';
import { type EndpointBook, writeEndpoint } from './markdown-endpoint.ts';
import { joinBlocks, writeCode, writeFence, writeList, writeTable } from './markdown-parts.ts';
import { FENCES, LABELS, MARKDOWN_WORDS, type MarkdownWords } from './markdown-words.ts';
import type { Catalogue, ErrorRow, Group, Guide, Sample, Site } from './types.ts';

/** Samples that a guide shows, by name, for an installation at this address. */
export type FindSamples = (name: string, url: string) => readonly Sample[];

/** Where pages are: `/developers`, or `/en/developers` when the language is named. */
export type Base = string;

/** The whole centre as one document: the guides, the catalogue by group, every error. */
export function writeMarkdown(site: Site, findSamples: FindSamples, base: Base = '/developers'): string {
  const { catalogue, guides, locale } = site;
  const words = MARKDOWN_WORDS[locale];
  const groups = [...catalogue.groups, catalogue.notifications];
  return `${joinBlocks([
    `# ${words.title}`,
    `> ${words.summary}`,
    `PayCore ${catalogue.version}, ${catalogue.url}`,
    `**${words.contents}**`,
    writeList([...guides.map(({ title }) => title), ...groups.map(({ name }) => name), words.allErrors]),
    ...guides.map((guide) => writeGuide(guide, catalogue.url, findSamples, base)),
    ...groups.map((group) => writeGroup(group, catalogue, words)),
    writeAllErrors(catalogue.errors, words),
  ])}\n`;
}

/** One page of it, by the name that it has in addresses; null: there is none. */
export function writePage(
  site: Site,
  page: string,
  findSamples: FindSamples,
  base: Base = '/developers',
): string | null {
  const { catalogue, guides, locale } = site;
  const words = MARKDOWN_WORDS[locale];
  const guide = guides.find(({ id }) => id === page);
  const group = [...catalogue.groups, catalogue.notifications].find(({ id }) => id === page);
  const blocks = [
    guide ? writeGuide(guide, catalogue.url, findSamples, base) : '',
    group ? writeGroup(group, catalogue, words) : '',
    page === 'errors' ? writeAllErrors(catalogue.errors, words) : '',
  ];
  const text = joinBlocks(blocks);
  return text === '' ? null : `${raiseHeadings(text)}\n`;
}

/** What stands alone begins at the first level. */
function raiseHeadings(text: string): string {
  return mapProse(text, (line) => line.replace(/^#(?=#+ )/, ''));
}

/** Headings go one level down, since each guide has the second one of its own. */
function writeGuide({ title, text }: Guide, url: string, findSamples: FindSamples, base: Base): string {
  const body = mapProse(text, (line) => {
    const [, name] = /^@samples (\S+)$/.exec(line) ?? [];
    if (name !== undefined) return writeSampleSet(findSamples(name, url));
    return placeLinks(line.replace(/^(#+ )/, '#$1'), url, base);
  });
  return joinBlocks([`## ${title}`, body.trim()]);
}

/** A document that is read elsewhere leads back here. */
function placeLinks(line: string, url: string, base: Base): string {
  return line.replaceAll('](/developers', `](${base}`).replaceAll('](/', `](${url}/`);
}

function writeSampleSet(samples: readonly Sample[]): string {
  return joinBlocks(
    samples.map(
      ({ language, title, code }) => `${title ?? LABELS[language]}:\n\n${writeFence(FENCES[language], code.trimEnd())}`,
    ),
  );
}

const MODEL = 'getPayment';

function writeGroup({ name, text, endpoints }: Group, catalogue: Catalogue, words: MarkdownWords): string {
  const model = catalogue.groups.flatMap((group) => group.endpoints).find(({ id }) => id === MODEL);
  const book: EndpointBook = { words, url: catalogue.url, model };
  return joinBlocks([`## ${name}`, text, ...endpoints.map((endpoint) => writeEndpoint(endpoint, book))]);
}

function writeAllErrors(errors: readonly ErrorRow[], words: MarkdownWords): string {
  const { status, code, meaning, message } = words.columns;
  const isTranslated = errors.some((row) => row.meaning !== row.message);
  const rows = errors.map((row) => [
    String(row.status),
    writeCode(row.code),
    row.meaning,
    ...(isTranslated ? [row.message] : []),
  ]);
  const head = [status, code, meaning, ...(isTranslated ? [message] : [])];
  return joinBlocks([`## ${words.allErrors}`, words.allErrorsText, writeTable(head, rows)]);
}
