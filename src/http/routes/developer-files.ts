import { Elysia } from 'elysia';
import { keepByName } from '../../core/kept.ts';
import { isLocale } from '../../core/locale.ts';
import type { Deps } from '../../deps.ts';
import { writeLlms } from '../../developers/llms.ts';
import { type FindSamples, writeMarkdown, writePage } from '../../developers/markdown.ts';
import { writePostman } from '../../developers/postman.ts';
import { listSampleFiles, readSampleFile } from '../../developers/samples/index.ts';
import type { ReadSite } from '../../developers/site.ts';
import { GUIDES, type Site } from '../../developers/types.ts';
import { chooseDeskLocale } from '../language.ts';
import { type Made, make, sendMade } from '../made.ts';
import { UNDOCUMENTED } from '../openapi/describe.ts';
import { TAGS } from '../openapi/types.ts';

/** A file of the developer centre: its name behind `/developers`, and how it is written. */
interface File {
  readonly name: string;
  readonly type: string;
  readonly write: (site: Site, base: string) => string;
  /** More than every such file is sent with. */
  readonly headers?: Readonly<Record<string, string>>;
}

const MARKDOWN = 'text/markdown; charset=utf-8';

/**
 * The developer centre for programs: as Markdown, whole and page by page, as a collection for Postman, and `/llms.txt`.
 * As with the pages, the language is the path's, or else what the caller wants.
 */
export function developerFileRoutes(
  deps: Pick<Deps, 'config' | 'gateways'>,
  readSite: ReadSite,
  findSamples: FindSamples,
) {
  const keep = keepByName<string, Made>();
  const send = async (request: Request, named: string | undefined, file: File): Promise<Response> => {
    if (named !== undefined && !isLocale(named)) return new Response('Not found', { status: 404 });
    const locale = chooseDeskLocale(request, named ?? null, deps.config.locale);
    const base = named === undefined ? '/developers' : `/${locale}/developers`;
    const made = await keep(`${base}${file.name} ${locale}`, async () =>
      make(file.write(await readSite(locale), base)),
    );
    return sendMade(request, made, { ...file, caching: 'no-cache', vary: 'accept-language' });
  };

  const app = new Elysia().get(
    '/llms.txt',
    async ({ request }) => {
      const made = await keep('llms', async () => make(writeLlms(await readSite('en'))));
      return sendMade(request, made, { type: 'text/plain; charset=utf-8', caching: 'no-cache' });
    },
    UNDOCUMENTED,
  );
  for (const file of listFiles(deps, findSamples)) {
    app.get(`/developers${file.name}`, ({ request }) => send(request, undefined, file), UNDOCUMENTED);
    app.get(
      `/:locale/developers${file.name}`,
      ({ request, params }) => send(request, params.locale, file),
      UNDOCUMENTED,
    );
  }
  return app;
}

function listFiles({ gateways }: Pick<Deps, 'gateways'>, findSamples: FindSamples): readonly File[] {
  const groups = [
    ...Object.values(TAGS).map((tag) => tag.toLowerCase().replaceAll(' ', '-')),
    ...gateways.list.map(({ id }) => id),
  ];
  const pages = new Set<string>([...GUIDES, 'errors', ...groups]);
  return [
    { name: '.md', type: MARKDOWN, write: (site, base) => writeMarkdown(site, findSamples, base) },
    {
      name: '/postman.json',
      type: 'application/json; charset=utf-8',
      write: (site) => JSON.stringify(writePostman(site), null, 2),
    },
    ...[...pages].map((page) => ({
      name: `/${page}.md`,
      type: MARKDOWN,
      write: (site: Site, base: string) => writePage(site, page, findSamples, base) ?? '',
    })),
    ...listSampleFiles().map(describeSample),
  ];
}

/** With this installation's address in it; to be saved, whatever a browser would do with it. */
function describeSample(file: string): File {
  return {
    name: `/${file}`,
    type: 'text/plain; charset=utf-8',
    write: ({ catalogue }) => readSampleFile(file, catalogue.url),
    headers: { 'content-disposition': `attachment; filename="${file.split('/').at(-1)}"` },
  };
}
