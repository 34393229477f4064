import { Elysia } from 'elysia';
import { findAssetHash, resolveAsset } from '../../assets.ts';
import { writeAccentStyle, writePreviewStyle } from '../../pages/accent.ts';
import { queryOf } from '../address.ts';
import { sendMade } from '../made.ts';
import { UNDOCUMENTED } from '../openapi/describe.ts';

const FOR_GOOD = 'public, max-age=31536000, immutable';
const FOR_MINUTES = 'public, max-age=600';

/**
 * Styles, scripts and icons of the pages, and Swagger UI's files, from the binary. `@elysiajs/static` finds and sends
 * them; when its answers may be kept, and the quotation marks that RFC 9110 wants around an ETag, are said here.
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
    .get(
      '/assets/*',
      async ({ request, params }) => {
        files ??= open();
        return label(await (await files).handle(unquote(request)), request, params['*']);
      },
      UNDOCUMENTED,
    );
}

/** The request for the plugin, whose ETags have no quotation marks. */
function unquote(request: Request): Request {
  const known = request.headers.get('if-none-match');
  const headers = known === null ? {} : { 'if-none-match': known.replace(/^W\/|"/g, '') };
  return new Request(request.url, { headers });
}

function label(response: Response, request: Request, name: string): Response {
  if (response.status >= 400) return new Response('Not found', { status: 404 });
  const hash = findAssetHash(name);
  const headers = new Headers(response.headers);
  // Only an address that names the content may be kept for good.
  headers.set('cache-control', hash !== undefined && queryOf(request).get('v') === hash ? FOR_GOOD : FOR_MINUTES);
  headers.set('x-content-type-options', 'nosniff');
  const etag = response.headers.get('etag') ?? unquote(request).headers.get('if-none-match');
  if (etag !== null) headers.set('etag', `"${etag}"`);
  return new Response(response.status === 304 ? null : response.body, { status: response.status, headers });
}

/** A shop's colour as a style sheet, made when it is asked for: there are as many as there are colours. */
function answerAccent(request: Request, name: string, write: (accent: string) => string): Response {
  const accent = /^([0-9a-f]{6})\.css$/.exec(name)?.[1];
  if (!accent) return new Response('Not found', { status: 404 });
  return sendMade(request, write(`#${accent}`), { type: 'text/css; charset=utf-8', caching: FOR_MINUTES });
}
