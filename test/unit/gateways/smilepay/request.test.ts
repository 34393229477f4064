import { describe, expect, test } from 'bun:test';
import type { Order } from '../../../../src/core/payment.ts';
import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts';
import type { CreateInput } from '../../../../src/gateways/gateway.ts';
import { makeValidation } from '../../../../src/gateways/smilepay/roturl.ts';
import { START } from '../../../support/clock.ts';
import { ISSUED, NUMBERS, type Path, useSmilepay, xml } from './numbers.ts';
import { CALLBACK, ORDER_NO, PAYMENT_NO, SECRETS, TOKEN } from './support.ts';

const { server, answerWith, ask } = useSmilepay();

/** Asks for a number and gives back what was sent. */
async function sent(path: Path, order: Order = {}, change: Partial<CreateInput> = {}): Promise<Record<string, string>> {
  answerWith(xml({ ...ISSUED, ...NUMBERS.cvs, FamiNO: '66012345678901', ...NUMBERS.atm, ...NUMBERS.barcode }));
  await ask(path, order, change);
  return Object.fromEntries(new URLSearchParams(server.received[0]?.body));
}

const REQUEST = {
  Dcvc: '107',
  Rvg2c: '1',
  Verify_key: SECRETS.verify_key ?? '',
  Data_id: ORDER_NO,
  Od_sob: '茶 壺',
  Amount: '980',
  Roturl: `${CALLBACK}?Dcvc=107&t=${TOKEN}`,
  Roturl_status: 'OK',
};

describe('what is sent', () => {
  test('one UTF-8 form, byte for byte', async () => {
    answerWith(xml({ ...ISSUED, ...NUMBERS.atm }));
    await ask('atm', { itemName: '茶 & 壺' });
    expect(server.received).toHaveLength(1);
    const [seen] = server.received;
    expect(seen?.path).toBe('/api/SPPayment.asp');
    expect(seen?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(seen?.body).toBe(
      `Dcvc=107&Rvg2c=1&Verify_key=${SECRETS.verify_key}&Pay_zg=2&Data_id=${ORDER_NO}&Od_sob=%E8%8C%B6+%E5%A3%BA` +
        '&Amount=980&Deadline_date=2026%2F06%2F29' +
        `&Roturl=https%3A%2F%2Fpay.example%2Fapi%2Fpaycore%2Fwebhooks%2Fsmilepay%3FDcvc%3D107%26t%3D${TOKEN}&Roturl_status=OK`,
    );
  });

  const ibon = { Pay_zg: '4', Deadline_date: '2026/06/28', Deadline_time: '15:30:00' };
  const fami = { ...ibon, Pay_zg: '6' };
  const usual = (type: string) => ({ secrets: { ...SECRETS, default_cvs_type: type } });
  const cases: readonly (readonly [string, Path, Order, Partial<CreateInput>, object])[] = [
    ['an account for seven days', 'atm', {}, {}, { Pay_zg: '2', Deadline_date: '2026/06/29' }],
    ['barcodes for seven days', 'barcode', {}, {}, { Pay_zg: '3', Deadline_date: '2026/06/29' }],
    ['an ibon code for six days', 'cvs', {}, {}, ibon],
    ['an ibon code by name', 'cvs', { own: { cvs_type: 'ibon' } }, usual('fami'), ibon],
    ['a fami code', 'cvs', { own: { cvs_type: 'fami' } }, {}, fami],
    ['a famiport code', 'cvs', { own: { cvs_type: 'famiport' } }, {}, fami],
    ['a family code', 'cvs', { own: { cvs_type: 'family' } }, {}, fami],
    ['a fami code of an older payment', 'cvs', { cvsType: 'fami' } as Order, {}, fami],
    ['the merchant’s usual code', 'cvs', {}, usual('famiport'), fami],
    [
      'barcodes, where they are the merchant’s usual code',
      'cvs',
      {},
      usual('barcode'),
      { Pay_zg: '3', Deadline_date: '2026/06/28' },
    ],
    ['barcodes although codes are usual', 'barcode', {}, usual('fami'), { Pay_zg: '3', Deadline_date: '2026/06/29' }],
    [
      'an account although barcodes are usual',
      'atm',
      {},
      usual('barcode'),
      { Pay_zg: '2', Deadline_date: '2026/06/29' },
    ],
  ];
  for (const [name, path, order, change, own] of cases) {
    test(`${name}: exactly these fields`, async () => {
      expect(await sent(path, { itemName: '茶 & 壺', ...order }, change)).toEqual({ ...REQUEST, ...own });
    });
  }

  test('the buyer, as far as he is known and his data fit', async () => {
    const buyer = {
      Pur_name: '王小明',
      Mobile_number: '0912345678',
      Tel_number: '02-12345678',
      Email: 'b@example.com',
    };
    const order = {
      buyerName: '王小明',
      buyerMobile: '0912345678',
      buyerTel: '02-12345678',
      buyerEmail: 'b@example.com',
    };
    expect(await sent('atm', order)).toMatchObject(buyer);
    server.received.length = 0;
    expect(await sent('atm', { buyerPhone: '0987654321' })).toMatchObject({
      Mobile_number: '0987654321',
      Tel_number: '0987654321',
    });
    server.received.length = 0;
    const long = await sent('atm', {
      buyerName: '王'.repeat(60),
      buyerMobile: '1'.repeat(21),
      buyerTel: '<>',
      buyerEmail: `${'a'.repeat(45)}@b.tw`,
    });
    expect(long).toEqual({
      ...REQUEST,
      Od_sob: PAYMENT_NO,
      Pay_zg: '2',
      Deadline_date: '2026/06/29',
      Pur_name: '王'.repeat(50),
      Email: `${'a'.repeat(45)}@b.tw`,
    });
    server.received.length = 0;
    expect(await sent('atm', { buyerEmail: `${'a'.repeat(46)}@b.tw` })).not.toHaveProperty('Email');
  });

  test('the item is named in forty characters, by the description when it has no name, else by our number', async () => {
    expect((await sent('atm', { itemName: '茶'.repeat(41), description: 'x' })).Od_sob).toBe('茶'.repeat(40));
    server.received.length = 0;
    expect((await sent('atm', { description: 'Order payment' })).Od_sob).toBe('Order payment');
    server.received.length = 0;
    expect((await sent('atm', { itemName: '<>' })).Od_sob).toBe(PAYMENT_NO);
  });

  test('a Roturl with the HMAC of the validation token, and never the token', async () => {
    const request = await sent('cvs', {}, { secrets: { ...SECRETS, validation_token: 'my-own-secret' } });
    const validation = makeValidation('my-own-secret', ORDER_NO);
    expect(validation).toMatch(/^[\w-]{22}$/);
    expect(request.Roturl).toBe(`${CALLBACK}?Dcvc=107&t=${TOKEN}&vt=${validation}`);
    expect(server.received[0]?.body).not.toContain('my-own-secret');
    expect(makeValidation('my-own-secret', 'ORDER2')).not.toBe(validation);
    expect(makeValidation('another', ORDER_NO)).not.toBe(validation);
  });

  test('Language EN only for payers who do not read Chinese', async () => {
    expect(await sent('atm', {}, { locale: 'en' })).toHaveProperty('Language', 'EN');
    server.received.length = 0;
    expect(await sent('atm')).not.toHaveProperty('Language');
  });
});

describe('the deadline that is asked for', () => {
  const ends = async (path: Path, deadline: number, order: Order = {}) => {
    const { Deadline_date, Deadline_time } = await sent(path, order, { deadline });
    return [Deadline_date, Deadline_time].filter(Boolean).join(' ');
  };
  const cases: readonly (readonly [string, Path, number, string])[] = [
    ['an account lives 60 days at most', 'atm', 90 * DAY, '2026/08/21'],
    ['barcodes live 30 days at most', 'barcode', 60 * DAY, '2026/07/22'],
    ['a code lives six days at most', 'cvs', 30 * DAY, '2026/06/28 15:30:00'],
    ['a code may live three days', 'cvs', 3 * DAY, '2026/06/25 15:30:00'],
    ['a code lives two hours at least', 'cvs', 5 * MINUTE, '2026/06/22 17:30:00'],
    ['a new number after the deadline still gets two hours', 'cvs', -3 * HOUR, '2026/06/22 17:30:00'],
    ['the day is Taipei’s', 'atm', DAY + 9 * HOUR, '2026/06/24'],
  ];
  for (const [name, path, after, expected] of cases) {
    test(name, async () => expect(await ends(path, START + after)).toBe(expected));
  }
});
