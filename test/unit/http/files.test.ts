import { describe, expect, test } from 'bun:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { assetPath, findAsset, hashOf, readAsset } from '../../../src/assets.ts';
import { fileRoutes } from '../../../src/http/routes/files.ts';
import { writeAccentStyle } from '../../../src/pages/accent.ts';
import { findSheet, sheetPath, writeSheet } from '../../../src/pages/sheet.ts';

const app = fileRoutes();
const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  app.handle(new Request(`http://localhost${path}`, { headers }));
const header = (response: Response, name: string) => response.headers.get(name);

const UNFOLD: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  identity: (bytes) => bytes,
};
const SHEET = assetPath('checkout.css');
const FORMS = Object.keys(UNFOLD);
const GZIP = { 'accept-encoding': 'gzip' };

describe('a file', () => {
  test('has its content in its name, and travels in the best form that the browser takes', async () => {
    expect(SHEET).toMatch(/^\/assets\/checkout\.[0-9a-f]{16}\.css$/);
    for (const [path, type] of [
      [SHEET, 'text/css; charset=utf-8'],
      [assetPath('checkout.js'), 'text/javascript; charset=utf-8'],
      [assetPath('admin.css'), 'text/css; charset=utf-8'],
      [assetPath('swagger/swagger-ui-bundle.js'), 'text/javascript; charset=utf-8'],
    ] as const) {
      const sizes: number[] = [];
      for (const form of FORMS) {
        const response = await get(path, { 'accept-encoding': form });
        expect([path, response.status, header(response, 'content-type')]).toEqual([path, 200, type]);
        expect(header(response, 'cache-control')).toBe('public, max-age=31536000, immutable');
        expect(header(response, 'content-encoding') ?? 'identity').toBe(form);
        expect(header(response, 'vary')).toBe('accept-encoding');
        const bytes = await response.bytes();
        sizes.push(bytes.length);
        const name = path.slice('/assets/'.length).replace(/\.[0-9a-f]{16}\./, '.');
        expect(new TextDecoder().decode(UNFOLD[form]?.(bytes))).toBe(await readAsset(`assets/${name}`));
      }
      const [br = 0, gzip = 0, plain = 0] = sizes;
      expect([path, br < gzip, gzip < plain / 2]).toEqual([path, true, true]);
    }
  });

  test('has an ETag of its own in each form, which is answered 304 in that form only', async () => {
    const tags = new Set<string>();
    for (const form of FORMS) {
      const tag = header(await get(SHEET, { 'accept-encoding': form }), 'etag') ?? '';
      expect(tag).toMatch(/^"[^"]+"$/);
      tags.add(tag);
      for (const other of FORMS) {
        const again = await get(SHEET, { 'accept-encoding': other, 'if-none-match': tag });
        expect([form, other, again.status]).toEqual([form, other, form === other ? 304 : 200]);
        expect(header(again, 'vary')).toBe('accept-encoding');
      }
      // As proxies that compress write it.
      const weak = await get(SHEET, { 'accept-encoding': form, 'if-none-match': `W/${tag}` });
      expect([weak.status, header(weak, 'etag'), await weak.text()]).toEqual([304, tag, '']);
    }
    expect(tags.size).toBe(FORMS.length);
  });

  test('is found by its plain name for minutes, and by the name of another content only for now', async () => {
    const caching = async (path: string) => header(await get(path), 'cache-control');
    expect(await caching('/assets/checkout.css')).toBe('public, max-age=600');
    expect(await caching(`/assets/checkout.css?v=${findAsset('checkout.css')?.hash}`)).toBe('public, max-age=600');
    expect(await caching('/assets/checkout.0123456789abcdef.css')).toBe('no-cache');
    expect(await caching('/assets/checkout.ffee00.0123456789abcdef.css')).toBe('no-cache');
  });

  test('that is not for browsers is not found, by any spelling', async () => {
    const names = ['manifest.json', 'checkout.css.br', 'checkout.css.gz', 'none.css', '', 'swagger', '__proto__'];
    const hash = findAsset('checkout.css')?.hash;
    for (const name of [...names, `checkout.css.${hash}.br`, `none.${hash}.css`, '..%2fmanifest.json']) {
      expect([name, (await get(`/assets/${name}`)).status]).toEqual([name, 404]);
    }
  });

  test('that another one names is named by its content too', async () => {
    const script = await readAsset('assets/insite.js');
    for (const name of ['vendor/jquery.js', 'vendor/forge.js']) expect(script).toContain(`"${assetPath(name)}"`);
  });
});

describe('the style sheet in the colour of a shop', () => {
  test('is the same with the colour behind it, kept for good and compressed too', async () => {
    const path = sheetPath('#FFee00');
    expect(path).toMatch(/^\/assets\/checkout\.ffee00\.[0-9a-f]{16}\.css$/);
    const plain = await get(path);
    const wanted = (await readAsset('assets/checkout.css')) + writeAccentStyle('#ffee00');
    expect(await plain.text()).toBe(wanted);
    const zipped = await get(path, { 'accept-encoding': 'gzip, br' });
    expect(header(zipped, 'content-encoding')).toBe('gzip');
    expect(header(zipped, 'cache-control')).toBe('public, max-age=31536000, immutable');
    expect(header(zipped, 'vary')).toBe('accept-encoding');
    expect(header(zipped, 'etag')).not.toBe(header(plain, 'etag'));
    expect(gunzipSync(await zipped.bytes()).toString()).toBe(wanted);
  });

  test('in a colour that is no shop’s is the same, costs no compressing and puts no shop’s out of mind', async () => {
    sheetPath('#ffee00');
    const kept = findSheet('ffee00');
    for (let colour = 0; colour < 100; colour += 1) {
      const name = colour.toString(16).padStart(6, '0');
      const answer = await get(`/assets/checkout.${name}.${hashOf(writeSheet(name).text)}.css`, GZIP);
      expect([header(answer, 'content-encoding'), header(answer, 'cache-control')]).toEqual([
        null,
        'public, max-age=31536000, immutable',
      ]);
      expect((await answer.text()).endsWith(writeAccentStyle(`#${name}`))).toBe(true);
    }
    expect(kept).toBeDefined();
    expect(findSheet('ffee00')).toBe(kept);
    expect(header(await get(sheetPath('#ffee00'), GZIP), 'content-encoding')).toBe('gzip');
  });

  test('has another name for another colour, and the plain one without a colour', () => {
    expect(sheetPath('#ffee01')).not.toBe(sheetPath('#ffee00'));
    for (const none of [null, undefined, '', 'red', '#fff']) expect(sheetPath(none)).toBe(SHEET);
  });
});
