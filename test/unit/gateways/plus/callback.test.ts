import { describe, expect, test } from 'bun:test';
import { ERRORS } from '../../../../src/core/errors.ts';
import { plus } from '../../../../src/gateways/plus/index.ts';
import { type SignVariant, signFields } from '../../../../src/gateways/plus/signature.ts';
import vectors from '../../../vectors/plus.json';
import { judge, ORDER_NO, PLAT_NO, rawCallback, SECRETS, TOKEN } from './support.ts';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const NOTICE = { appid: 'PLUS_APPID', order_no: ORDER_NO, plat_no: PLAT_NO, money: '980', status: '1' };
type Fields = Readonly<Record<string, string>>;

const sign = (fields: Fields, variant: SignVariant = 'md5-key', secret = SECRETS.secret_key ?? '') =>
  signFields(fields, secret, variant);
const form = (fields: Fields, token: string | null = TOKEN) =>
  rawCallback(new URLSearchParams(fields).toString(), FORM, token);
const json = (value: unknown, token: string | null = TOKEN) => rawCallback(JSON.stringify(value), JSON_TYPE, token);

const PAID = { type: 'paid', amount: 98_000, currency: 'TWD', simulated: false, tradeNo: PLAT_NO } as const;
const OK = { verification: { ok: true }, facts: [PAID] } as const;
const refusal = (message: string, proved: boolean) => ({ ok: false, proved, message }) as const;
const UNKNOWN = 'PLUS transaction not found.';
const APPID = 'PLUS appid mismatch.';
const SIGN = 'PLUS sign mismatch.';
const MONEY = 'PLUS money mismatch.';

describe('a genuine callback', () => {
  for (const { name, variant, type, body } of vectors.notices) {
    test(`is taken: ${name}`, async () => {
      expect(await judge(rawCallback(body, type), variant)).toEqual(OK);
    });
  }

  test('is taken with a sign in upper case, without its own number, and while that is unknown to us', async () => {
    const upper = { ...NOTICE, sign: sign(NOTICE).sign?.toUpperCase() ?? '' };
    expect(await judge(form(upper))).toEqual(OK);
    const { plat_no: _, ...rest } = NOTICE;
    expect(await judge(form(sign(rest)))).toEqual({ ...OK, facts: [{ ...PAID, tradeNo: undefined }] } as never);
    expect(await judge(form(sign(NOTICE)), 'md5-key', null)).toEqual(OK);
  });

  test('is taken by its sign alone at an address that was set up by hand, without token', async () => {
    expect(await judge(form(sign(NOTICE), null))).toEqual(OK);
  });

  test('is taken by its token alone where PLUS signs nothing', async () => {
    expect(await judge(form(NOTICE), 'none')).toEqual(OK);
    const { order_no: _, plat_no: __, ...rest } = NOTICE;
    expect((await judge(form(rest), 'none')).verification).toEqual({ ok: true });
  });

  for (const status of ['1', 'paid', 'success']) {
    test(`with status ${status} is paid`, async () => {
      expect(await judge(form(sign({ ...NOTICE, status })))).toEqual(OK);
    });
  }
  for (const status of ['0', '2', 'PAID', 'Success', ' 1', '1 ', '01', '１', 'true', 'unpaid']) {
    test(`with status ${JSON.stringify(status)} pays nothing`, async () => {
      const { verification, facts } = await judge(form(sign({ ...NOTICE, status })));
      expect({ verification, facts }).toEqual({
        verification: { ok: true },
        facts: [{ type: 'note', code: status, message: '' }],
      });
    });
  }
  test('without status makes us ask', async () => {
    const { status: _, ...rest } = NOTICE;
    expect(await judge(form(sign(rest)))).toEqual({ verification: { ok: true }, facts: 'ask' });
    expect((await judge(json(sign({ ...rest, status: '' })))).facts).toBe('ask');
  });
});

describe('what a callback must prove, in this order', () => {
  const cases: readonly (readonly [string, Fields, string])[] = [
    ['whose it is: our number', { order_no: 'PC260622OTHEROTHEROT', appid: 'OTHER', money: '1' }, UNKNOWN],
    ['whose it is: its number', { plat_no: 'PL1', appid: 'OTHER', money: '1' }, UNKNOWN],
    ['its appid', { appid: 'OTHER', money: '1' }, APPID],
    ['that it names an appid', { appid: '' }, APPID],
    ['its money', { money: '981', status: '0' }, MONEY],
  ];
  for (const [name, change, message] of cases) {
    test(`${name}, told apart whether the sign is right or not`, async () => {
      const changed = { ...NOTICE, ...change };
      expect((await judge(form(sign(changed)))).verification).toEqual(refusal(message, true));
      const spoilt = await judge(form({ ...changed, sign: '0'.repeat(32) }));
      expect(spoilt.verification).toEqual(refusal(message === MONEY ? SIGN : message, false));
    });
  }

  const foreign = (...args: Parameters<typeof sign>): Fields => ({ ...NOTICE, sign: sign(...args).sign ?? '' });
  for (const [name, fields] of [
    ['none', NOTICE],
    ['an empty one', { ...NOTICE, sign: '' }],
    ['that of other fields', { ...sign(NOTICE), extra: '1' }],
    ['that of another secret', foreign(NOTICE, 'md5-key', 'OTHER')],
    ['that of another variant', foreign(NOTICE, 'md5-amp')],
    ['that of our own query', foreign({ appid: 'PLUS_APPID', order_no: ORDER_NO, timestamp: '1782113400' })],
  ] as const) {
    test(`its sign: ${name} is wrong`, async () => {
      expect((await judge(form(fields))).verification).toEqual(refusal(SIGN, false));
    });
  }

  test('its token, when it carries one, however right the sign is', async () => {
    for (const token of ['x', `${TOKEN}x`, TOKEN.toLowerCase(), TOKEN.slice(0, -1)]) {
      expect((await judge(form(sign(NOTICE), token))).verification).toEqual(refusal(SIGN, false));
    }
  });

  test('its token, where PLUS signs nothing: a sign does not make up for it', async () => {
    for (const token of [null, 'x', TOKEN.slice(0, -1)]) {
      expect((await judge(form(sign(NOTICE), token), 'none')).verification).toEqual(refusal(SIGN, false));
    }
  });

  test('where PLUS signs, a token does not make up for the sign', async () => {
    expect((await judge(form(NOTICE))).verification).toEqual(refusal(SIGN, false));
  });

  for (const money of ['', '979', '98000', '980.01', '-980', '9.8e2', ' 980', '0x3d4', '980元', '９８０', '0']) {
    test(`its money: ${JSON.stringify(money)} is not 980`, async () => {
      expect((await judge(form(sign({ ...NOTICE, money })))).verification).toEqual(refusal(MONEY, true));
    });
  }
  test('its money: 980.00 is 980', async () => {
    expect(await judge(form(sign({ ...NOTICE, money: '980.00' })))).toEqual(OK);
  });
});

describe('finding', () => {
  const hints = (raw: ReturnType<typeof form>) => {
    const located = plus.callback.locate(raw);
    return located.type === 'clear' ? located.message.hints : located;
  };

  test('goes by our token and our number, by PLUS’s number only without them', () => {
    expect(hints(form(NOTICE))).toEqual({ token: TOKEN, orderNo: ORDER_NO });
    expect(hints(form(NOTICE, null))).toEqual({ orderNo: ORDER_NO });
    expect(hints(form({ plat_no: PLAT_NO }, null))).toEqual({ tradeNo: PLAT_NO });
    expect(hints(form({ money: '1' }, null))).toEqual({});
    expect(hints(json({ order_no: '', plat_no: null, money: 1 }))).toEqual({ token: TOKEN });
  });

  const twice = rawCallback('money=980', FORM);
  const unreadable = { type: 'refused', message: 'PLUS callback cannot be read.' } as const;
  for (const [name, raw] of [
    ['nothing', rawCallback('', FORM)],
    ['a name that comes twice', rawCallback('money=980&money=1', FORM)],
    ['a name that comes twice, once encoded', rawCallback('money=980&m%6fney=1', FORM)],
    ['more fields than there are', rawCallback(Array.from({ length: 201 }, (_, n) => `f${n}=1`).join('&'), FORM)],
    [
      'two tokens',
      {
        ...twice,
        query: new URLSearchParams([
          ['t', TOKEN],
          ['t', TOKEN],
        ]),
      },
    ],
    ['bytes that are no UTF-8', { ...twice, body: Uint8Array.from([0x61, 0x3d, 0xff]) }],
    ['JSON that is none', rawCallback('{"money":', JSON_TYPE)],
    ['a form said to be JSON', rawCallback('money=980', JSON_TYPE)],
    ['a list', json([NOTICE])],
    ['a text', json('money')],
    ['null', json(null)],
    ['an empty object', json({})],
    ['something nested', json({ ...NOTICE, data: { money: 980 } })],
    ['a list inside', json({ ...NOTICE, money: [980] })],
  ] as const) {
    test(`${name} cannot be read`, () => expect(hints(raw)).toEqual(unreadable as never));
  }

  test('JSON is known by its type or its first sign', () => {
    const text = JSON.stringify(NOTICE);
    for (const type of [JSON_TYPE, 'application/json; charset=utf-8', 'text/plain', FORM, '']) {
      expect(hints(rawCallback(text, type))).toEqual({ token: TOKEN, orderNo: ORDER_NO });
    }
  });

  test('names like __proto__ are names like any other', async () => {
    const raw = rawCallback('__proto__=x&constructor=y&order_no=1', FORM, null);
    expect(hints(raw)).toEqual({ orderNo: '1' });
    const body = `{"__proto__":{"money":"980"},"order_no":"1"}`;
    expect(hints(rawCallback(body, JSON_TYPE, null))).toEqual(unreadable as never);
  });
});

describe('what PLUS is answered', () => {
  const { accept, refuse, retry } = plus.callback;
  test('an acknowledgement is the catalogue’s JSON', () => {
    expect(accept(null)).toEqual({
      status: 200,
      contentType: 'application/json',
      body: '{"success":true,"message":"Webhook received"}',
    });
  });
  test('a refusal is our error shape', () => {
    const { status, contentType, body } = refuse('PLUS money mismatch.');
    expect([status, contentType]).toEqual([400, 'application/json']);
    expect(JSON.parse(body)).toEqual({
      success: false,
      message: 'PLUS money mismatch.',
      error: { error_code: 'WEBHOOK_REFUSED' },
    });
  });
  test('and so is the answer that makes it come again', () => {
    expect(retry.status).toBe(503);
    const { success, error } = JSON.parse(retry.body);
    expect([success, error.error_code]).toEqual([false, 'STORAGE_UNAVAILABLE']);
    expect(Object.keys(ERRORS)).toContain(error.error_code);
  });
});

describe('the documentation', () => {
  const { docs } = plus.callback;
  test('says that the contract is unverified, in every place', () => {
    const texts = [docs.description, plus.methods[0]?.docs.notes?.join(' '), plus.actions?.balance?.docs.summary];
    for (const text of texts) expect(text).toContain('unverified against the vendor');
  });

  for (const { type, title, example, fields } of docs.bodies) {
    test(`${title}: the example is genuine and names no field that is not described`, async () => {
      const body = typeof example === 'string' ? example : JSON.stringify(example);
      const located = plus.callback.locate(rawCallback(body, type));
      const given = located.type === 'clear' ? (located.message.fields as Fields) : {};
      const { sign: said = '', ...rest } = given;
      expect(sign(rest)).toEqual({ ...rest, sign: said });
      expect(Object.keys(given).filter((name) => !fields.some((field) => field.name === name))).toEqual([]);
    });
  }
});
