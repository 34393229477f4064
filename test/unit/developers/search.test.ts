import { beforeAll, describe, expect, test } from 'bun:test';
import { DESK_LOCALES, type DeskLocale } from '../../../src/core/locale.ts';
import { createFinder, type Entry, type Finder } from '../../../src/developers/find.ts';
import { makeIndex } from '../../../src/developers/search.ts';
import { listSections } from '../../../src/developers/sections.ts';
import { buildSites } from '../../support/centre.ts';

const finders = new Map<DeskLocale, Finder>();
beforeAll(async () => {
  const sites = await buildSites();
  finders.set('en', createFinder(makeIndex(sites.en, sites['zh-tw'])));
  finders.set('zh-tw', createFinder(makeIndex(sites['zh-tw'], sites.en)));
});

const find = (locale: DeskLocale, query: string, most = 10): readonly Entry[] =>
  finders.get(locale)?.(query, most) ?? [];
const addresses = (locale: DeskLocale, query: string, most?: number) =>
  find(locale, query, most).map(({ address }) => address);

describe.each(DESK_LOCALES)('in %s', (locale) => {
  test('a field is found by its name: in each endpoint that has it, before all that only speaks of it', () => {
    expect(addresses(locale, 'virtual_account', 3)).toEqual([
      'ecpay#createEcpayAtm.answer.data.payment_info.virtual_account',
      'smilepay#createSmilepayAtm.answer.data.payment_info.virtual_account',
      'plus#createPlusAtm.answer.data.payment_info.virtual_account',
    ]);
  });

  test('an error is found by its code, the whole of it or its beginning', () => {
    expect(addresses(locale, 'SMILEPAY_BARCODE_SERVICE_NOT_ENABLED', 1)).toEqual([
      'errors#SMILEPAY_BARCODE_SERVICE_NOT_ENABLED',
    ]);
    expect(addresses(locale, 'smilepay_barcode', 1)).toEqual(['errors#SMILEPAY_BARCODE_SERVICE_NOT_ENABLED']);
  });

  test('a way to pay is found by its word in addresses', () => {
    expect(addresses(locale, 'promptpay', 1)).toEqual(['stripe#createStripePromptpay']);
    expect(addresses(locale, 'wechat pay', 1)).toEqual(['stripe#createStripeWechatPay']);
  });

  test('a way to pay is found in Chinese and in English, whatever the language of the page', () => {
    const barcodes = ['ecpay#createEcpayAioBarcode', 'ecpay#createEcpayBarcode', 'smilepay#createSmilepayBarcode'];
    expect(addresses(locale, '條碼', 3)).toEqual(barcodes);
    expect(addresses(locale, 'barcode', 3)).toEqual(barcodes);
    expect(addresses(locale, '虛擬帳號', 2).sort()).toEqual(['ecpay#createEcpayAtm', 'smilepay#createSmilepayAtm']);
  });

  test('what PayCore tells a shop is found by its word', () => {
    expect(addresses(locale, '通知')).toContain('payments#resendNotification');
    expect(addresses(locale, 'payment.paid', 1)).toEqual(['notifications#notifyPaymentPaid']);
  });

  test('gateways, credentials, headers and guides are found', () => {
    expect(addresses(locale, '綠界', 1)).toEqual(['ecpay']);
    expect(addresses(locale, 'Stripe', 1)).toEqual(['stripe']);
    expect(addresses(locale, 'hash_key', 1)).toEqual(['ecpay#createEcpayAio.gateway_credentials.hash_key']);
    expect(addresses(locale, 'Idempotency-Key', 2)).toContain('checkout#createCheckout.header.Idempotency-Key');
    expect(addresses(locale, 'going-live', 1)).toEqual(['going-live']);
  });

  test('an address is found as it is called', () => {
    expect(addresses(locale, '/api/paycore/pay/ecpay/aio/barcode', 1)).toEqual(['ecpay#createEcpayAioBarcode']);
    expect(addresses(locale, 'createEcpayAtm', 1)).toEqual(['ecpay#createEcpayAtm']);
  });

  test('a press of a key is answered within a few milliseconds', () => {
    const started = performance.now();
    for (const query of ['v', 'vi', 'vir', 'virtual_account', '條', '條碼', 'a payment that', 'e']) find(locale, query);
    expect((performance.now() - started) / 8).toBeLessThan(100);
  });

  test('nothing is found for nothing, for signs alone, and for what is not there', () => {
    for (const query of ['', '  ', '---', 'qwertzuiop', 'barcode qwertzuiop'])
      expect([query, find(locale, query)]).toEqual([query, []]);
  });
});

const entry = (title: string, changes: Partial<Entry> = {}): Entry => ({
  kind: 'field',
  title,
  place: '',
  address: title,
  names: [title],
  also: '',
  text: '',
  ...changes,
});

describe('what is found stands in the order in which it fits', () => {
  test('the name itself, then how a name begins, then a word in it, then a part of a word, then a text', () => {
    const index = [
      entry('other', { text: 'says bank somewhere' }),
      entry('riverbank'),
      entry('data.payer_bank_name'),
      entry('bank_code'),
      entry('data.bank'),
    ];
    expect(createFinder(index)('bank', 9).map(({ title }) => title)).toEqual([
      'data.bank',
      'bank_code',
      'data.payer_bank_name',
      'riverbank',
      'other',
    ]);
  });

  test('of those that fit alike, endpoints come before errors, and errors before fields and notes', () => {
    const kinds = ['note', 'field', 'error', 'endpoint'] as const;
    const index = kinds.map((kind) => entry(kind, { kind, text: 'refund' }));
    expect(createFinder(index)('refund', 9).map(({ kind }) => kind)).toEqual(['endpoint', 'error', 'field', 'note']);
  });

  test('letters of full width, capital letters and signs between words make no difference', () => {
    const finder = createFinder([entry('merchant_order_no')]);
    for (const query of ['MERCHANT_ORDER_NO', 'merchant order no', 'ｍｅｒｃｈａｎｔ', 'merchant-order-no'])
      expect([query, finder(query, 1).length]).toEqual([query, 1]);
  });

  test('every word that is typed has to be there', () => {
    const finder = createFinder([entry('a', { text: 'red fish' }), entry('b', { text: 'blue fish' })]);
    expect(finder('fish blue', 9).map(({ title }) => title)).toEqual(['b']);
  });
});

test('a text stands under its heading in a guide, in plain words, and code is no text', () => {
  const headings = ['one', 'two'].map((id) => ({ id, title: id, level: 2 }));
  const text =
    'Before.\n\n## One\n\nA `word`, **bold**.\n\n@samples first\n\n```\n# no heading\n```\n\n### Two\n\n- [a](/b)';
  expect(listSections({ text, headings })).toEqual({
    before: 'Before.',
    sections: [
      { id: 'one', title: 'one', level: 2, text: 'A word , bold .' },
      { id: 'two', title: 'two', level: 2, text: 'a' },
    ],
  });
});
