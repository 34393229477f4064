import { describe, expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { keepDocument } from '../../../src/http/openapi/keep.ts';
import { fileRoutes } from '../../../src/http/routes/files.ts';
import { swaggerRoutes } from '../../../src/http/routes/swagger.ts';
import { gateways } from '../../support/gateways.ts';

const app = new Elysia()
  .use(fileRoutes())
  .use(swaggerRoutes(keepDocument({ publicUrl: 'https://pay.shop.example', gateways }, new Elysia())));

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  app.handle(new Request(`http://localhost${path}`, { headers }));

async function listLinks(): Promise<readonly string[]> {
  const html = await (await get('/swagger')).text();
  return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
}

describe('the page', () => {
  test('loads from here alone, without inline script or style', async () => {
    const response = await get('/swagger');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy')?.split('; ');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    const html = await response.text();
    expect(html).not.toMatch(/<style|<script>|\sstyle=|\son\w+=/);
    for (const link of await listLinks()) expect(link).toMatch(/^\/[a-z]/);
  });

  test('asks nobody to validate the document', async () => {
    const link = (await listLinks()).find((one) => /\/swagger\.[0-9a-f]+\.js$/.test(one)) ?? '';
    expect(await (await get(link)).text()).toContain('validatorUrl: null');
  });
});

describe('files', () => {
  test('those of the page are kept for good, by an address that names their content', async () => {
    const links = (await listLinks()).filter((link) => link.startsWith('/assets/'));
    expect(links).toHaveLength(5);
    for (const link of links) {
      const response = await get(link);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(
        /^(text\/(css|javascript);\s?charset=utf-8|image\/svg\+xml)$/,
      );
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect((await response.bytes()).length).toBeGreaterThan(100);
    }
  });

  test('an address without the content’s name is asked about again, and answered 304 when nothing changed', async () => {
    const response = await get('/assets/swagger/swagger-ui.css');
    expect(response.headers.get('cache-control')).toBe('public, max-age=600');
    const tag = response.headers.get('etag') ?? '';
    const again = await get('/assets/swagger/swagger-ui.css', { 'if-none-match': tag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect((await get('/assets/swagger/swagger-ui.css?v=old')).headers.get('cache-control')).toBe(
      'public, max-age=600',
    );
  });

  test('the licences of what is inside the bundle travel with it', async () => {
    const bundle = await (await get('/assets/swagger/swagger-ui-bundle.js')).text();
    expect(bundle.slice(0, 200)).toContain('swagger-ui-bundle.js.LICENSE.txt');
    expect((await get('/assets/swagger/swagger-ui-bundle.js.LICENSE.txt')).status).toBe(200);
  });

  test('there are no others', async () => {
    for (const name of ['swagger-ui.js', 'constructor', '..%2f..%2fpackage.json', 'index.html']) {
      expect((await get(`/assets/swagger/${name}`)).status).toBe(404);
    }
  });
});

describe('the document’s address', () => {
  test('serves it as JSON, for this installation', async () => {
    const response = await get('/swagger/json');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const document = (await response.json()) as { openapi: string; servers: { url: string }[] };
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers[0]?.url).toBe('https://pay.shop.example');
    const tag = response.headers.get('etag') ?? '';
    expect((await get('/swagger/json', { 'if-none-match': tag })).status).toBe(304);
  });
});

describe('what the page waits for', () => {
  test('is asked for before the script that needs it has come, and made while the page loads', async () => {
    expect(await (await get('/swagger')).text()).toContain(
      '<link rel="preload" href="/swagger/json" as="fetch" crossorigin>',
    );
    let asked = 0;
    const waiting = new Promise<never>(() => {});
    const lazy = new Elysia().use(
      swaggerRoutes(() => {
        asked += 1;
        return waiting;
      }),
    );
    expect((await lazy.handle(new Request('http://localhost/swagger'))).status).toBe(200);
    expect(asked).toBe(1);
  });

  test('is sent small: the script compressed beforehand, the document too, without notes for our own pages', async () => {
    const sizeOf = async (path: string, accepted: string) => {
      const response = await get(path, { 'accept-encoding': accepted });
      return [response.headers.get('content-encoding'), (await response.bytes()).length] as const;
    };
    const bundle = (await listLinks()).find((link) => link.includes('swagger-ui-bundle')) ?? '';
    const [script, scriptSize] = await sizeOf(bundle, 'gzip, br');
    expect([script, scriptSize < 420_000]).toEqual(['br', true]);
    const [document, documentSize] = await sizeOf('/swagger/json', 'gzip, br');
    expect([document, documentSize < 60_000]).toEqual(['gzip', true]);
    const text = await (await get('/swagger/json')).text();
    expect(text).not.toMatch(/"x-(parts|status)":/);
  });
});
