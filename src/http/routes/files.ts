import { Elysia } from 'elysia';
import { type Asset, findAsset, readName, resolveAsset, SUFFIXES, typeOf } from '../../assets.ts';
import { writeAccentStyle, writePreviewStyle } from '../../pages/accent.ts';
import { accentOf, findSheet, type Sheet, writeSheet } from '../../pages/sheet.ts';
import { chooseEncoding, VARY } from '../encoding.ts';
import { type Made, make, sendMade } from '../made.ts';
import { UNDOCUMENTED } from '../openapi/describe.ts';

const FOR_GOOD = 'public, max-age=31536000, immutable';
const FOR_MINUTES = 'public, max-age=600';
/** Named by a hash that is not its content’s: of a page that another release made. It gets what there is, for now. */
const FOR_NOW = 'no-cache';

const notFound = () => new Response('Not found', { status: 404 });

/**
 * Styles, scripts and icons of the pages, and Swagger UI's files, from the binary. `@elysiajs/static` finds and sends
 * them; which of a file's forms it is to send, how long that may be kept, and the quotation marks that RFC 9110 wants
 * around an ETag, are said here.
 */
export function fileRoutes() {
  let files: Promise<Elysia> | null = null;
  const open = async (): Promise<Elysia> => {
    const { staticPlugin } = await import('@elysiajs/static');
    const app = new Elysia();
    // Each file as a route of its own: its wildcard answers nobody 304 and takes `..%2f` for a folder.
    app.use(
      await staticPlugin({
        assets: resolveAsset('assets'),
        prefix: '/assets',
        alwaysStatic: true,
        indexHTML: false,
        silent: true,
      }),
    );
    return app;
  };
  const send = async (request: Request, address: string): Promise<Response> => {
    const { name, hash } = readName(address);
    const accent = accentOf(name);
    if (accent !== null) return sendSheet(request, accent, hash);
    const asset = findAsset(name);
    if (!asset) return notFound();
    files ??= open();
    return label(await (await files).handle(readRequest(request, name, asset)), request, { name, hash, asset });
  };

  return new Elysia()
    .get(
      '/assets/accent/:name',
      ({ request, params }) => answerAccent(request, params.name, writeAccentStyle),
      UNDOCUMENTED,
    )
    .get(
      '/assets/accent/preview/:name',
      ({ request, params }) => answerAccent(request, params.name, writePreviewStyle),
      UNDOCUMENTED,
    )
    .get('/assets/*', ({ request, params }) => send(request, params['*']), UNDOCUMENTED);
}

const encodingFor = (request: Request, { encodings }: Asset) =>
  chooseEncoding(request.headers.get('accept-encoding'), encodings);

const plainTag = (request: Request) => request.headers.get('if-none-match')?.replace(/^W\/|"/g, '') ?? null;

/** The request for the plugin, whose ETags have no quotation marks. */
function readRequest(request: Request, name: string, asset: Asset): Request {
  const encoding = encodingFor(request, asset);
  const known = plainTag(request);
  const headers = known === null ? {} : { 'if-none-match': known };
  return new Request(`http://localhost/assets/${name}${encoding ? SUFFIXES[encoding] : ''}`, { headers });
}

interface Named {
  readonly name: string;
  /** As the address says it. */
  readonly hash: string | null;
  readonly asset: Asset;
}

function label(response: Response, request: Request, { name, hash, asset }: Named): Response {
  if (response.status >= 400) return notFound();
  const { headers } = response;
  const encoding = encodingFor(request, asset);
  // One for each form, since each is another file; a 304 brings none along.
  const etag = headers.get('etag') ?? plainTag(request);
  headers.set('content-type', typeOf(name));
  headers.set('cache-control', cachingOf(hash, asset.hash));
  headers.set('x-content-type-options', 'nosniff');
  headers.set('vary', VARY.vary);
  if (etag !== null) headers.set('etag', `"${etag}"`);
  if (encoding && response.status !== 304) headers.set('content-encoding', encoding);
  return response;
}

function cachingOf(named: string | null, hash: string): string {
  if (named === null) return FOR_MINUTES;
  return named === hash ? FOR_GOOD : FOR_NOW;
}

/** A shop's colour as a style sheet, made when it is asked for: there are as many as there are colours. */
function answerAccent(request: Request, name: string, write: (accent: string) => string): Response {
  const accent = /^([0-9a-f]{6})\.css$/.exec(name)?.[1];
  if (!accent) return notFound();
  return sendMade(request, make(write(`#${accent}`)), { type: typeOf(name), caching: FOR_MINUTES });
}

/** Compressed forms go when their sheet is forgotten. */
const madeSheets = new WeakMap<Sheet, Made>();

/** The payer's style sheet with a shop's colour in it. Anybody may ask for any colour: one that is no shop's costs little. */
function sendSheet(request: Request, accent: string, hash: string | null): Response {
  const known = findSheet(accent);
  const sheet = known ?? writeSheet(accent);
  const made = madeSheets.get(sheet) ?? make(sheet.text);
  if (known) madeSheets.set(known, made);
  const needs = { type: typeOf('.css'), caching: cachingOf(hash, sheet.hash) };
  return sendMade(request, made, { ...needs, isCompressed: known !== undefined });
}
