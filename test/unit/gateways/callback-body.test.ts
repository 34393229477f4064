import { describe, expect, test } from 'bun:test';
import { type BodyRules, readBody } from '../../../src/gateways/callback-body.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { createGateways } from '../../../src/gateways/registry.ts';
import { present } from '../../support/parts.ts';

/** A stored callback as a person sees it. */

const bytes = (text: string) => new TextEncoder().encode(text);
const rulesOf = (id: string): BodyRules => present(createGateways(GATEWAYS).find(id)).callback;
const FORM = 'application/x-www-form-urlencoded';

const show = (body: string | Uint8Array, contentType = FORM, gateway = 'ecpay') =>
  readBody(typeof body === 'string' ? bytes(body) : body, contentType, rulesOf(gateway));
const textOf = (...args: Parameters<typeof show>) => JSON.stringify(show(...args));

describe('a stored callback', () => {
  test('that is a form comes as names and values, in their order, decoded', () => {
    expect(show('RtnMsg=%E4%BB%98%E6%AC%BE%E6%88%90%E5%8A%9F&TradeAmt=980&Remark=a+b&Empty=')).toEqual({
      type: 'fields',
      isCut: false,
      fields: [
        { name: 'RtnMsg', value: '付款成功' },
        { name: 'TradeAmt', value: '980' },
        { name: 'Remark', value: 'a b' },
        { name: 'Empty', value: '' },
      ],
    });
  });

  test('of SmilePay may be Big5, in one field and not in the next', () => {
    const shown = show('Errdesc=%B5%FA%A4%AD&Remark=%E4%BA%94&Amount=5', FORM, 'smilepay');
    expect(shown).toMatchObject({ fields: [{ value: '詠五' }, { value: '五' }, { value: '5' }] });
    // Another gateway’s is UTF-8 or shown byte by byte.
    expect(textOf('Errdesc=%B5%FA')).toContain('µú');
  });

  test('that is JSON comes set out in lines, whatever type it was said to have', () => {
    const shown = show('{"a":{"b":[1,"x"]},"n":null}', 'text/plain', 'stripe');
    expect(shown).toEqual({
      type: 'text',
      isCut: false,
      text: JSON.stringify({ a: { b: [1, 'x'] }, n: null }, null, 2),
    });
  });

  test('that is neither comes as it is, and bytes that are no text come to no harm', () => {
    expect(show('not a form', 'text/plain')).toEqual({ type: 'text', text: 'not a form', isCut: false });
    expect(show(new Uint8Array([0xff, 0, 0x41, 0x0d, 0x0a]), '')).toMatchObject({ text: 'ÿ·A\n' });
    expect(show('', '')).toMatchObject({ text: '' });
  });

  test('is without what proves it and who the payer is, as each driver says', () => {
    const hidden = 'S3cr3tValue';
    for (const [gateway, names] of Object.entries({
      ecpay: ['CheckMacValue', 'checkmacvalue', 'Email', 'HashKey'],
      smilepay: ['Mid_smilepay', 'validation_token', 'Mobile_number', 'Address'],
      plus: ['sign', 'token', 't'],
      paypal: ['email_address', 'payer_id', 'phone'],
      stripe: ['client_secret', 'receipt_email', 'receipt_url', 'fingerprint'],
    })) {
      for (const name of names) {
        expect(textOf(`x=1&${name}=${hidden}`, FORM, gateway)).not.toContain(hidden);
        const json = JSON.stringify({ a: [{ [name]: { deep: hidden } }], [name]: hidden, x: 1 });
        expect(textOf(json, 'application/json', gateway)).not.toContain(hidden);
        expect(textOf(`Result=${encodeURIComponent(json)}`, FORM, gateway)).not.toContain(hidden);
        expect(textOf(`payer%5B${name}%5D=${hidden}`, FORM, gateway)).not.toContain(hidden);
      }
    }
  });

  test('is without addresses of people and keys that show what they are, wherever they stand', () => {
    for (const said of ['by wang.xm@mail.example.tw', 'key sk_live_abc123', 'pc_test_abc', 'Bearer abc.def']) {
      for (const body of [`m=${encodeURIComponent(said)}`, JSON.stringify({ m: said }), JSON.stringify([said]), said]) {
        expect(textOf(body, 'text/plain')).not.toMatch(/wang|abc/);
      }
    }
    expect(textOf('TradeNo=2606221530127264&card4no=2222&card6no=431195')).toMatch(/2606221530127264.*2222.*431195/);
  });

  test('cannot turn the text beside it around, nor be longer than a screen', () => {
    expect(textOf(`a=${encodeURIComponent('\u202e089\u0007')}`)).toContain('·089·');
    const long = show(`a=${'x'.repeat(5000)}&${'b=1&'.repeat(500)}`);
    expect(long).toMatchObject({ isCut: true });
    expect(JSON.stringify(long).length).toBeLessThan(20_000);
    expect(show(JSON.stringify('x'.repeat(90_000)), 'application/json')).toMatchObject({ isCut: true });
    expect(show(`[${'['.repeat(5000)}${']'.repeat(5000)}]`, 'application/json')).toMatchObject({ type: 'text' });
  });

  test('is read in no time, whatever was sent', () => {
    const nasty = [
      `a=${'&a=b'.repeat(8000)}<`,
      `${'a@'.repeat(16_000)}`,
      `token${'-'.repeat(30_000)}`,
      '%'.repeat(60_000),
    ];
    const before = performance.now();
    for (const body of nasty) show(body, 'text/plain');
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
