import { describe, expect, test } from 'bun:test';
import {
  changeSettings,
  checkSettings,
  comparePlaces,
  completeEvents,
  isOffered,
  type ProjectSettings,
  readSettings,
} from '../../../src/core/settings.ts';

const KNOWN = ['ecpay/cvs', 'ecpay/atm', 'stripe/fpx', 'plus/atm'];
const check = (given: Record<string, unknown>) => checkSettings(given, KNOWN);
const apply = (before: ProjectSettings, given: Record<string, unknown>) => changeSettings(before, check(given).change);

describe('checkSettings', () => {
  test('takes every setting that is sound', () => {
    const given = {
      success_url: 'https://shop.example/thanks?x=1',
      cancel_url: 'http://shop.example/cart',
      payok_url: 'https://shop.example/payok',
      display_name: '山行 ☕',
      logo_url: 'https://shop.example/logo.png',
      accent: '#0B6b5d',
      contact: '02-1234-5678',
    };
    const { change, errors } = check({ ...given, events: ['payment.failed'], unknown: 1 });
    expect(errors).toEqual({});
    expect(change).toEqual({ fields: given, methods: {}, events: ['payment.failed'] });
  });

  test.each([
    ['success_url', 'javascript:alert(1)'],
    ['success_url', 'shop.example/thanks'],
    ['cancel_url', 7],
    ['payok_url', 'ftp://shop.example'],
    ['display_name', ' '],
    ['display_name', 'two\nlines'],
    ['display_name', 'x'.repeat(101)],
    ['logo_url', 'http://shop.example/logo.png'],
    ['logo_url', 'data:image/png;base64,AAAA'],
    ['accent', 'red'],
    ['accent', '#fff'],
    ['accent', '#0b6b5d;x'],
    ['accent', '#0b6b5d\n'],
    ['contact', 'a\u0000b'],
    ['contact', 'x'.repeat(201)],
    ['events', ['payment.eaten']],
    ['events', 'payment.failed'],
    ['methods', ['ecpay/cvs']],
    ['methods', { 'ecpay/nope': { enabled: true } }],
    ['methods', { __proto__: null, constructor: { enabled: true } }],
  ])('refuses %s = %p and says which', (name, value) => {
    expect(Object.keys(check({ [name]: value }).errors)).toEqual([name]);
  });

  test.each([
    [{ enabled: 'yes' }, 'methods.ecpay/cvs.enabled'],
    [{ position: 0 }, 'methods.ecpay/cvs.position'],
    [{ position: 1001 }, 'methods.ecpay/cvs.position'],
    [{ position: 1.5 }, 'methods.ecpay/cvs.position'],
    ['on', 'methods.ecpay/cvs'],
  ])('refuses the method setting %p', (setting, name) => {
    expect(Object.keys(check({ methods: { 'ecpay/cvs': setting } }).errors)).toEqual([name]);
  });

  test('reports all that is bad at once', () => {
    const { errors } = check({ accent: 'x', contact: '\n', events: ['x'], methods: { x: {} } });
    expect(Object.keys(errors).sort()).toEqual(['accent', 'contact', 'events', 'methods']);
  });
});

describe('changeSettings', () => {
  test('leaves what is not named, and takes back what is empty or null', () => {
    const before: ProjectSettings = { accent: '#000000', contact: 'call', display_name: 'Shop' };
    expect(apply(before, { accent: '', contact: null })).toEqual({ display_name: 'Shop' });
    expect(apply(before, { display_name: 'New' })).toEqual({ ...before, display_name: 'New' });
    expect(before.accent).toBe('#000000');
  });

  test('takes an empty list for an empty object, as PHP writes it', () => {
    for (const methods of [[], { 'ecpay/cvs': [] }]) expect(check({ methods }).errors).toEqual({});
  });

  test('changes of a method only what is named, and forgets methods that nothing is set for', () => {
    const off = apply({}, { methods: { 'stripe/fpx': { enabled: false }, 'ecpay/cvs': { position: '2' } } });
    expect(off).toEqual({ methods: { 'stripe/fpx': { enabled: false }, 'ecpay/cvs': { position: 2 } } });
    const more = apply(off, { methods: { 'stripe/fpx': { position: 1 } } });
    expect(more.methods?.['stripe/fpx']).toEqual({ enabled: false, position: 1 });
    const on = apply(more, { methods: { 'stripe/fpx': { enabled: true } } });
    expect(on.methods?.['stripe/fpx']).toEqual({ enabled: true, position: 1 });
    const back = { 'stripe/fpx': { enabled: null, position: null }, 'ecpay/cvs': { position: '' } };
    expect(apply(on, { methods: back })).toEqual({});
  });
});

describe('readSettings', () => {
  test('gives back what was stored', () => {
    const settings = apply({}, { accent: '#123456', methods: { 'plus/atm': { enabled: false, position: 3 } } });
    expect(readSettings(JSON.stringify(settings))).toEqual(settings);
    expect(readSettings('{}')).toEqual({});
  });

  test('drops what does not fit the table instead of failing', () => {
    const stored = { accent: 'url(x)', contact: 'call', later: true, methods: { 'ecpay/cvs': { enabled: 'no' } } };
    expect(readSettings(JSON.stringify(stored))).toEqual({ contact: 'call' });
    expect(readSettings('[]')).toEqual({});
    expect(readSettings('{"methods": 7}')).toEqual({});
  });
});

describe('events', () => {
  test('are in the order of the table, each once, payment.paid always', () => {
    expect(completeEvents([])).toEqual(['payment.paid']);
    expect(completeEvents(['payment.failed', 'payment.refunded', 'payment.failed', 'x'])).toEqual([
      'payment.paid',
      'payment.refunded',
      'payment.failed',
    ]);
  });

  test('are asked back to payment.paid alone with an empty list, and left alone when not named', () => {
    expect(check({ events: [] }).change.events).toEqual([]);
    expect(check({ events: null }).change.events).toEqual([]);
    expect('events' in check({ accent: '#123456' }).change).toBe(false);
  });
});

describe('what payers are offered', () => {
  const names = (settings: ProjectSettings) =>
    KNOWN.map((name) => ({ name }))
      .sort(comparePlaces(settings))
      .map(({ name }) => name);

  test('is what the method says, until the merchant says otherwise', () => {
    const settings = { methods: { 'ecpay/cvs': { enabled: false }, 'ecpay/atm': { enabled: true, position: 1 } } };
    expect([true, false].map((usually) => isOffered({}, 'ecpay/cvs', usually))).toEqual([true, false]);
    expect([true, false].map((usually) => isOffered(settings, 'ecpay/cvs', usually))).toEqual([false, false]);
    expect([true, false].map((usually) => isOffered(settings, 'ecpay/atm', usually))).toEqual([true, true]);
  });

  test('stands in the order of the positions, the rest behind in the order it has', () => {
    expect(names({})).toEqual(KNOWN);
    expect(names({ methods: { 'plus/atm': { position: 1 }, 'ecpay/atm': { position: 1 } } })).toEqual([
      'ecpay/atm',
      'plus/atm',
      'ecpay/cvs',
      'stripe/fpx',
    ]);
    expect(names({ methods: { 'plus/atm': { position: 2 }, 'stripe/fpx': { position: 1 } } }).slice(0, 2)).toEqual([
      'stripe/fpx',
      'plus/atm',
    ]);
  });
});
