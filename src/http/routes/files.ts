import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Elysia } from 'elysia';
import jqueryPath from 'jquery/dist/jquery.min.js' with { type: 'file' };
import forgePath from 'node-forge/dist/forge.min.js' with { type: 'file' };
import { readWebFile } from '../../assets.ts';
import { writeAccentStyle } from '../../pages/accent.ts';

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
};

/** Libraries that ECPay's script asks for (ECPay developer documentation, page 8989), served from here. */
const VENDOR: Readonly<Record<string, string>> = {
  'vendor/jquery.js': jqueryPath,
  'vendor/forge.js': forgePath,
};

interface CachedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly type: string;
}

function makeFile(bytes: Uint8Array<ArrayBuffer>, type: string): CachedFile {
  return { bytes, type, etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"` };
}

/** Made when asked for and not kept: there are as many as there are colours. */
function makeAccentFile(path: string): CachedFile | null {
  const accent = /^accent\/([0-9a-f]{6})\.css$/.exec(path)?.[1];
  return accent ? makeFile(new TextEncoder().encode(writeAccentStyle(`#${accent}`)), String(TYPES.css)) : null;
}

/** Styles, scripts and icons of the pages, from the binary. */
export function fileRoutes() {
  const cache = new Map<string, CachedFile>();

  const load = async (path: string): Promise<CachedFile | null> => {
    const known = cache.get(path);
    if (known) return known;
    const type = TYPES[path.split('.').pop() ?? ''];
    if (!type || !/^[a-z0-9/-]+\.[a-z0-9]+$/.test(path)) return null;
    const vendor = VENDOR[path];
    const bytes = vendor ? new Uint8Array(await readFile(vendor)) : await readWebFile(path);
    if (!bytes) return null;
    const file = makeFile(bytes, type);
    cache.set(path, file);
    return file;
  };

  return new Elysia().get('/assets/*', async ({ request, params }) => {
    const file = makeAccentFile(params['*']) ?? (await load(params['*']));
    if (!file) return new Response('Not found', { status: 404 });
    const headers = {
      'content-type': file.type,
      'cache-control': 'public, max-age=600',
      etag: file.etag,
      'x-content-type-options': 'nosniff',
    };
    if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers });
    return new Response(file.bytes, { headers });
  });
}
