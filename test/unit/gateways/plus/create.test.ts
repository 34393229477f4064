import { describe, expect, test } from 'bun:test';
import { GatewayCallError } from '../../../../src/gateways/http.ts';
import { useStandIn } from '../../../support/apps.ts';
import { requireGateway } from '../../../support/gateways.ts';
import { rejection } from '../../../support/parts.ts';
import { startStandIn } from '../../../support/standin.ts';
import vectors from '../../../vectors/plus.json';
import { createInput, DEADLINE, ORDER_NO, PLAT_NO, plusContext, SECRETS } from './support.ts';

const plus = requireGateway('plus');
const server = useStandIn();

const GOOD = { account_code: '98621175887271', bank_code: '822', plat_no: PLAT_NO, expire_at: '2026-06-25 23:59:59' };

function answerJson(value: unknown, status = 200): void {
  server.answer = () => Response.json(value, { status });
}

const ask = (money = 980, sign = 'md5-key') => plus.create(createInput(money), plusContext(server.url, sign));

const ISSUED = {
  type: 'instructions',
  instructions: {
    type: 'atm',
    virtualAccount: '98621175887271',
    bankCode: '822',
    expireAt: '2026-06-25T23:59:59+08:00',
  },
  tradeNo: PLAT_NO,
} as const;

describe('what is sent', () => {
  const requests = vectors.requests.filter(({ path }) => path === '/api/atm');
  for (const { name, variant, body } of requests) {
    test(`${name}: one post, byte for byte`, async () => {
      answerJson({ code: 0, data: GOOD });
      await ask(Number(new URLSearchParams(body).get('money')), variant);
      expect(server.received).toHaveLength(1);
      expect(server.received[0]).toMatchObject({ path: '/api/atm', body });
      expect(server.received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    });
  }

  test('all vectors were there', () => expect(requests.length).toBe(7));
});

describe('an account that was issued', () => {
  for (const [name, answer] of [
    ['under data', { code: 0, data: GOOD }],
    ['flat', { code: 0, ...GOOD }],
    ['code 1', { code: 1, data: GOOD }],
    ['code 200 as text', { code: '200', data: GOOD }],
    ['code "success"', { code: 'success', ...GOOD }],
    ['status ok alone', { status: 'ok', data: GOOD }],
    ['status success alone', { status: 'success', ...GOOD }],
    [
      'with our own number, amount and appid',
      { code: 0, data: { ...GOOD, order_no: ORDER_NO, money: '980', appid: 'PLUS_APPID' } },
    ],
    ['money with decimals', { code: 0, data: { ...GOOD, money: '980.00' } }],
    ['the account as a number', { code: 0, data: { ...GOOD, account_code: 98_621_175_887_271 } }],
  ] as const) {
    test(name, async () => {
      answerJson(answer);
      expect(await ask()).toEqual(ISSUED);
    });
  }

  test('without bank, number and deadline lives as long as we say', async () => {
    answerJson({ code: 0, data: { account_code: '98621175887271' } });
    expect(await ask()).toEqual({
      type: 'instructions',
      instructions: { type: 'atm', virtualAccount: '98621175887271', expireAt: '2026-06-25T15:30:00+08:00' },
    });
    expect(Date.parse('2026-06-25T15:30:00+08:00')).toBe(DEADLINE);
  });

  for (const [given, expireAt] of [
    ['2026/06/25', '2026-06-25T23:59:59+08:00'],
    ['2026-06-25 12:00:00', '2026-06-25T12:00:00+08:00'],
    ['2026-06-25T12:00:00', '2026-06-25T12:00:00+08:00'],
    ['2026-06-25T12:00:00Z', '2026-06-25T20:00:00+08:00'],
    ['2026-06-25T12:00:00+09:00', '2026-06-25T11:00:00+08:00'],
    [1_782_360_000, '2026-06-25T12:00:00+08:00'],
    ['2026-02-30', '2026-06-25T15:30:00+08:00'],
    ['tomorrow', '2026-06-25T15:30:00+08:00'],
    ['', '2026-06-25T15:30:00+08:00'],
    [0, '2026-06-25T15:30:00+08:00'],
  ] as const) {
    test(`expire_at ${JSON.stringify(given)} means ${expireAt}`, async () => {
      answerJson({ code: 0, data: { ...GOOD, expire_at: given } });
      expect(await ask()).toMatchObject({ instructions: { expireAt } });
    });
  }

  for (const [given, payUrl] of [
    ['https://plus.example/pay/1?a=b', 'https://plus.example/pay/1?a=b'],
    ['http://plus.example/pay/1', 'http://plus.example/pay/1'],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['//plus.example/pay', undefined],
    ['https://plus.example/a b', undefined],
    ['', undefined],
    [{}, undefined],
  ] as const) {
    test(`pay_url ${JSON.stringify(given)} is ${payUrl ? 'shown' : 'left out'}`, async () => {
      answerJson({ code: 0, data: { ...GOOD, pay_url: given } });
      const step = await ask();
      expect(step).toEqual({ ...ISSUED, instructions: { ...ISSUED.instructions, ...(payUrl ? { payUrl } : {}) } });
    });
  }
});

describe('a refusal', () => {
  for (const [name, answer, gatewayCode, message] of [
    ['with code and message', { code: 4005, message: 'money must be whole TWD.' }, '4005', 'money must be whole TWD.'],
    ['with code as text', { code: 'E1', message: 'no' }, 'E1', 'no'],
    ['with a status alone', { status: 'error', message: 'no' }, 'error', 'no'],
    ['with an empty list for data', { code: 500, message: 'no', data: [] }, '500', 'no'],
    ['without message', { code: -1 }, '-1', ''],
  ] as const) {
    test(`${name} is told with PLUS’s own code and text`, async () => {
      answerJson(answer);
      expect(await rejection(ask())).toMatchObject({
        name: 'GatewayRefusal',
        errorCode: 'PLUS_REQUEST_REJECTED',
        gatewayCode,
        message,
      });
    });
  }

  test('that repeats the secret is told without it, and cut', async () => {
    answerJson({ code: 4002, message: `sign is wrong: appid=PLUS_APPID&key=${SECRETS.secret_key} ${'x'.repeat(500)}` });
    const error = (await rejection(ask())) as Error;
    expect(error.message).toStartWith('sign is wrong: appid=PLUS_APPID&key=*** x');
    expect(error.message.length).toBe(500);
    expect(Bun.inspect(error)).not.toContain(SECRETS.secret_key ?? '?');
  });
});

describe('what cannot be believed leaves the outcome unknown', () => {
  const json = (value: unknown) => () => Response.json(value);
  for (const [name, make] of [
    ['HTML', () => new Response('<html>')],
    ['nothing', () => new Response('')],
    ['a list', json([GOOD])],
    ['bytes that are no UTF-8', () => new Response(Uint8Array.from([0x22, 0xff, 0x22]))],
    ['HTTP 500, whatever it says', () => Response.json({ code: 0, data: GOOD }, { status: 500 })],
    ['HTTP 400 with a refusal', () => Response.json({ code: 4005, message: 'no' }, { status: 400 })],
    ['a redirect', () => new Response('', { status: 302, headers: { location: '/' } })],
    ['neither code nor status', json({ data: GOOD })],
    ['a refusal with an account', json({ code: 4009, message: 'no', data: GOOD })],
    ['no account', json({ code: 0, data: { ...GOOD, account_code: '' } })],
    ['an account that is none', json({ code: 0, data: { ...GOOD, account_code: '<b>1</b>' } })],
    ['a bank that is none', json({ code: 0, data: { ...GOOD, bank_code: '中信' } })],
    ['another order', json({ code: 0, data: { ...GOOD, order_no: 'PC260622OTHEROTHEROT' } })],
    ['another appid', json({ code: 0, data: { ...GOOD, appid: 'OTHER' } })],
    ['another amount', json({ code: 0, data: { ...GOOD, money: 979 } })],
    ['an amount in cents', json({ code: 0, data: { ...GOOD, money: 98_000 } })],
    ['an amount that is none', json({ code: 0, data: { ...GOOD, money: '980元' } })],
  ] as const) {
    test(name, async () => {
      server.answer = make;
      expect(await rejection(ask())).toMatchObject({ name: 'GatewayGarbage' });
      expect(server.received).toHaveLength(1);
    });
  }

  test('too many calls: PLUS is left alone', async () => {
    answerJson({}, 429);
    expect(await rejection(ask())).toMatchObject({ name: 'GatewayForbidden' });
  });
});

test('a PLUS that is not there was certainly not told anything', async () => {
  const gone = startStandIn();
  await gone.stop();
  const error = await rejection(plus.create(createInput(), plusContext(gone.url)));
  expect(error).toBeInstanceOf(GatewayCallError);
  expect(error).toMatchObject({ kind: 'not_sent' });
});
