import { describe, expect, test } from 'bun:test';
import { type Brand, listPictures, renderFormPost } from '../../../src/pages/checkout/index.ts';
import { FORM_POST, SCREENS } from './example.ts';
import { count, readAttributes, render, withoutHash } from './html.ts';

const LOGO = 'https://cdn.shop.example/logo.png?v=1';
const brandWith = (changes: Partial<Brand>): Brand => ({
  accent: null,
  logoUrl: null,
  contact: null,
  ...changes,
});
const renderWith = (changes: Partial<Brand>) => render({ brand: brandWith(changes) });
const stylesOf = async (html: string) =>
  (await readAttributes(html, 'link[rel=stylesheet]')).map(({ href }) => withoutHash(href));
const footOf = (html: string) => html.slice(html.indexOf('<footer'));

describe('the colour of the shop', () => {
  test('stands in the one style sheet, on every screen and on the form', async () => {
    const brand = brandWith({ accent: '#FFee00' });
    for (const changes of Object.values(SCREENS)) {
      const html = await render({ ...changes, brand });
      expect(await stylesOf(html)).toEqual(['/assets/checkout.ffee00.css']);
      expect(html).not.toMatch(/ style=|<style/);
    }
    expect(await stylesOf(renderFormPost({ ...FORM_POST, brand }))).toEqual(['/assets/checkout.ffee00.css']);
  });

  test('is not there when none was chosen, or what was is none', async () => {
    for (const accent of [null, '', 'red', '#fff', '#ffee00;x', '#ffee0g', '../../x', '#ffee00\n']) {
      expect([accent, await stylesOf(await renderWith({ accent }))]).toEqual([accent, ['/assets/checkout.css']]);
    }
  });
});

describe('the logo of the shop', () => {
  test('stands beside the name, which is there without it too, and tells nobody the address of the page', async () => {
    const html = await renderWith({ logoUrl: LOGO });
    expect(await readAttributes(html, 'header img')).toMatchObject([
      { src: LOGO, alt: '山行戶外用品', height: '32', referrerpolicy: 'no-referrer' },
    ]);
    expect(html).toContain('<bdi>山行戶外用品</bdi>');
    expect(listPictures(brandWith({ logoUrl: LOGO }))).toEqual(['https://cdn.shop.example']);
    expect(renderFormPost({ ...FORM_POST, brand: brandWith({ logoUrl: LOGO }) })).toContain(LOGO);
  });

  test('is not drawn from an address that the policy of the page cannot name, and lets nothing else in', async () => {
    const bad = [
      'http://shop.example/logo.png',
      'javascript:alert(1)',
      'data:image/png;base64,AAAA',
      'https://*.example/logo.png',
      "https://a;script-src'unsafe-inline'.example/logo.png",
      'https://a,b.example/logo.png',
      'https://[::1]/logo.png',
      '/logo.png',
      '',
    ];
    for (const logoUrl of bad) {
      expect([logoUrl, listPictures(brandWith({ logoUrl }))]).toEqual([logoUrl, []]);
      expect([logoUrl, await count(await renderWith({ logoUrl }), 'img')]).toEqual([logoUrl, 0]);
    }
    expect(listPictures(brandWith({ logoUrl: 'https://u:p@shop.example:8443/x' }))).toEqual([
      'https://shop.example:8443',
    ]);
    expect(listPictures(undefined)).toEqual([]);
  });

  test('with marks in its address and name stays one attribute', async () => {
    const brand = brandWith({ logoUrl: 'https://shop.example/"><script>alert(1)</script>' });
    const html = await render({ brand, shopName: '"><img src=x onerror=alert(1)>' });
    expect(await count(html, 'img')).toBe(1);
    expect(await count(html, 'script')).toBe(1);
    expect(await count(html, '[onerror]')).toBe(0);
  });
});

describe('how to reach the shop', () => {
  const linkOf = async (contact: string) => {
    const foot = footOf(await renderWith({ contact }));
    return (await readAttributes(foot, '.contact a'))[0]?.href?.replaceAll('&amp;', '&') ?? null;
  };

  test('is a link when it is a mail address, a telephone number or a site', async () => {
    expect(await linkOf('help@shop.example')).toBe('mailto:help@shop.example');
    expect(await linkOf('客服@商店.台灣')).toBe('mailto:客服@商店.台灣');
    expect(await linkOf('+886 2 2345-6789')).toBe('tel:+886223456789');
    expect(await linkOf('(02) 2345-6789 #12')).toBe('tel:0223456789');
    expect(await linkOf('https://shop.example/help?a=1&b=2')).toBe('https://shop.example/help?a=1&b=2');
  });

  test('is plain text when it is anything else', async () => {
    const plain = [
      '週一至週五 9:00–18:00',
      'LINE @shanxing',
      'a@b.example, c@d.example',
      'a@b.example?bcc=me@x.example',
      'http://shop.example',
      'https://shop.example or call',
      'javascript:alert(1)',
      '1234-5',
      '2026-06-26 10:00 12:00',
      '------------',
    ];
    for (const contact of plain) {
      expect([contact, await linkOf(contact)]).toEqual([contact, null]);
      expect(footOf(await renderWith({ contact }))).toContain(contact.replaceAll('&', '&amp;'));
    }
  });

  test('is text, whatever it says, and no line when there is none', async () => {
    const html = await renderWith({ contact: '<img src=x onerror=alert(1)>\u202e</p><script>1</script>' });
    expect([await count(html, 'img'), await count(html, 'script')]).toEqual([0, 1]);
    expect(html).not.toContain('\u202e');
    for (const contact of [null, '', ' \u202e '])
      expect(await count(await renderWith({ contact }), '.contact')).toBe(0);
  });

  test('leaves without telling from where', async () => {
    const foot = footOf(await renderWith({ contact: 'https://shop.example/help' }));
    expect((await readAttributes(foot, '.contact a'))[0]).toMatchObject({ rel: 'noopener noreferrer' });
  });
});
