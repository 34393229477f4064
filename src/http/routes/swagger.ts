import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type AnyElysia, Elysia } from 'elysia';
import stylePath from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' };
import bundlePath from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' };
import licencePath from 'swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt' with { type: 'file' };
import { resolveAsset } from '../../assets.ts';
import { VERSION } from '../../core/version.ts';
import type { Deps } from '../../deps.ts';
import { pageHeaders } from '../../security/csp.ts';
import { buildOpenApi } from '../openapi/index.ts';

interface Asset {
  readonly path: string;
  readonly type: string;
}

const JS = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/** The bundle's own notice travels with it, since the bundle refers to it by name. */
const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['swagger-ui-bundle.js', { path: bundlePath, type: JS }],
  ['swagger-ui-bundle.js.LICENSE.txt', { path: licencePath, type: 'text/plain; charset=utf-8' }],
  ['swagger-ui.css', { path: stylePath, type: CSS }],
  ['swagger.js', { path: resolveAsset('web/swagger.js'), type: JS }],
  ['swagger.css', { path: resolveAsset('web/swagger.css'), type: CSS }],
]);

/** Swagger UI and the document it shows, all from here: the page asks no other host for anything. */
export function swaggerRoutes(deps: Pick<Deps, 'publicUrl' | 'gateways'>, routes: AnyElysia) {
  const tagOf = remember(async (name: string) => hash(await readFile(ASSETS.get(name)?.path ?? '')));
  const page = remember(async () => writePage(tagOf));
  const json = remember(async (publicUrl: string) => {
    const body = JSON.stringify(await buildOpenApi(routes, { publicUrl, gateways: deps.gateways }, VERSION));
    return { body, tag: hash(body) };
  });

  return new Elysia()
    .get('/swagger', async () => new Response(await page(''), { headers: pageHeaders() }))
    .get('/swagger/json', async ({ request }) => {
      const { body, tag } = await json(deps.publicUrl);
      return answer(request, tag, 'application/json; charset=utf-8', 'no-cache', () => body);
    })
    .get('/swagger/assets/:name', async ({ request, params }) => {
      const asset = ASSETS.get(params.name);
      if (!asset) return new Response('Not found', { status: 404 });
      const tag = await tagOf(params.name);
      // Only an address that names the content may be kept for good.
      const pinned = new URL(request.url).searchParams.get('v') === tag;
      const caching = pinned ? 'public, max-age=31536000, immutable' : 'no-cache';
      return answer(request, tag, asset.type, caching, () => readFile(asset.path));
    });
}

async function answer(
  request: Request,
  tag: string,
  type: string,
  caching: string,
  read: () => string | Promise<Uint8Array<ArrayBuffer>>,
): Promise<Response> {
  const headers = {
    'content-type': type,
    'cache-control': caching,
    etag: `"${tag}"`,
    'x-content-type-options': 'nosniff',
  };
  if (request.headers.get('if-none-match') === headers.etag) return new Response(null, { status: 304, headers });
  return new Response(await read(), { headers });
}

/** Made at the first asking and kept; a failure is not kept. */
function remember<T>(make: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (key) => {
    const known = made.get(key);
    if (known) return known;
    const value = make(key);
    made.set(key, value);
    value.catch(() => made.delete(key));
    return value;
  };
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

async function writePage(tagOf: (name: string) => Promise<string>): Promise<string> {
  const link = async (name: string) => `/swagger/assets/${name}?v=${await tagOf(name)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PayCore API</title>
<link rel="icon" href="/assets/icons/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${await link('swagger-ui.css')}">
<link rel="stylesheet" href="${await link('swagger.css')}">
<script src="${await link('swagger-ui-bundle.js')}" defer></script>
<script src="${await link('swagger.js')}" defer></script>
</head>
<body>
<main id="swagger-ui"></main>
<noscript>This page needs JavaScript. The document itself is at <a href="/swagger/json">/swagger/json</a>.</noscript>
</body>
</html>
`;
}
