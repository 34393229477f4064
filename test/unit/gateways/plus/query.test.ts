import { describe, expect, test } from 'bun:test';
import { useStandIn } from '../../../support/apps.ts';
import { requireGateway } from '../../../support/gateways.ts';
import { rejection } from '../../../support/parts.ts';
import vectors from '../../../vectors/plus.json';
import { ORDER_NO, PLAT_NO, plusContext, queryInput, SECRETS } from './support.ts';

const plus = requireGateway('plus');
const server = useStandIn();

function answerJson(value: unknown, status = 200): void {
  server.answer = () => Response.json(value, { status });
}

const requestOf = (path: string) => vectors.requests.find((one) => one.path === path)?.body;

describe('a query', () => {
  const ask = async (change = {}) => plus.query?.(queryInput(change), plusContext(server.url));
  const under = (data: object) => ({ code: 0, status: 'ok', data });
  const PAID = { type: 'paid', amount: 98_000, currency: 'TWD', simulated: false, tradeNo: PLAT_NO };
  const paid = { order_no: ORDER_NO, plat_no: PLAT_NO, money: 980, status: '1' };

  test('is one signed post, byte for byte', async () => {
    answerJson(under(paid));
    await ask();
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({ path: '/api/query', body: requestOf('/api/query') });
  });

  for (const [name, answer] of [
    ['status 1 under data', under(paid)],
    ['status as a number', under({ ...paid, status: 1 })],
    ['status paid', under({ ...paid, status: 'paid' })],
    ['status success under data', under({ ...paid, status: 'success' })],
    ['money as text', under({ ...paid, money: '980.00' })],
    ['flat, status 1', paid],
    ['flat, status paid, with a code', { code: 200, ...paid, status: 'paid' }],
    ['no order_no', under({ plat_no: PLAT_NO, money: 980, status: '1' })],
  ] as const) {
    test(`says paid: ${name}`, async () => {
      answerJson(answer);
      expect(await ask()).toEqual({ type: 'facts', facts: [PAID] } as never);
    });
  }

  test('tells PLUS’s number to whom it was unknown, and needs none', async () => {
    answerJson(under(paid));
    expect(await ask({ tradeNo: null })).toMatchObject({ facts: [{ tradeNo: PLAT_NO }] });
    answerJson(under({ ...paid, plat_no: '' }));
    expect(await ask()).toEqual({ type: 'facts', facts: [{ ...PAID, tradeNo: undefined }] } as never);
  });

  test('reports the amount PLUS names, so that another one is seen', async () => {
    answerJson(under({ ...paid, money: 979 }));
    expect(await ask()).toMatchObject({ facts: [{ type: 'paid', amount: 97_900 }] });
  });

  for (const status of ['0', '2', '3', 'waiting', 'PAID', '01', '1 ', 'true']) {
    test(`says unpaid: status ${JSON.stringify(status)}`, async () => {
      answerJson(under({ ...paid, status }));
      expect(await ask()).toEqual({ type: 'facts', facts: [] });
    });
  }

  test('that is refused means an unknown order where no account was ever issued', async () => {
    answerJson({ code: 4040, message: 'No such order_no.' });
    expect(await ask({ hasInstructions: false, tradeNo: null })).toEqual({ type: 'not_found' });
  });

  for (const [name, value, status] of [
    ['is refused although PLUS has issued the account', { code: 4002, message: `bad ${SECRETS.secret_key}` }, 200],
    ['has no status', under({ money: 980 }), 200],
    ['is empty', {}, 200],
    ['is flat and says success, of the call or of the order', { ...paid, status: 'success' }, 200],
    ['is flat and says ok', { code: 1, ...paid, status: 'ok' }, 200],
    ['says paid and names no money', under({ ...paid, money: '' }), 200],
    ['says paid and names money that is none', under({ ...paid, money: '9.8e2' }), 200],
    ['is about another order', under({ ...paid, order_no: 'PC260622OTHEROTHEROT' }), 200],
    ['is about another number of PLUS’s', under({ ...paid, plat_no: 'PL1' }), 200],
    ['is about another appid', under({ ...paid, appid: 'OTHER' }), 200],
    ['is HTTP 503', under(paid), 503],
  ] as const) {
    test(`is not believed when its answer ${name}`, async () => {
      answerJson(value, status);
      const error = (await rejection(ask())) as Error;
      expect(error.name).toBe('GatewayGarbage');
      expect(error.message).not.toContain(SECRETS.secret_key ?? '?');
    });
  }

  test('that PLUS answers 429 makes us leave it alone', async () => {
    answerJson({}, 429);
    expect(await rejection(ask())).toMatchObject({ name: 'GatewayForbidden' });
  });
});

describe('the balance', () => {
  const ask = () => plus.actions?.balance?.run(SECRETS, plusContext(server.url)) ?? Promise.reject(new Error('none'));

  test('is asked for with one signed post, byte for byte', async () => {
    answerJson({ code: 0, data: { balance: 10_000 } });
    await ask();
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({ path: '/api/balance', body: requestOf('/api/balance') });
  });

  for (const [name, answer, balance] of [
    ['flat', { balance: 10_000 }, 10_000],
    ['under data', { code: 0, data: { balance: 10_000 } }, 10_000],
    ['named money', { status: 'ok', money: '10000' }, '10000'],
    ['named money under data', { code: 0, data: { money: 0 } }, 0],
    ['with decimals', { balance: 100.5 }, '100.5'],
    ['as text with decimals', { balance: '100.50' }, '100.50'],
    ['beside a status of the account', { status: 'active', balance: 5 }, 5],
    ['missing', { status: 'ok' }, null],
    ['null', { code: 0, balance: null }, null],
    ['no object at all', [1, 2], null],
  ] as const) {
    test(`${name} is ${JSON.stringify(balance)}, beside the whole answer`, async () => {
      answerJson(answer);
      expect(await ask()).toEqual({ balance, raw_response: answer });
    });
  }

  test('comes without credentials, wherever PLUS repeats them', async () => {
    answerJson({
      appid: 'whatever',
      SIGN: 'abcdef',
      note: `signed with ${SECRETS.secret_key}!`,
      data: { balance: 7, list: ['PLUS_APPID', SECRETS.secret_key, 'plain'], deep: { secret: 5, key: 'k' } },
    });
    expect(await ask()).toEqual({
      balance: 7,
      raw_response: {
        appid: '***',
        SIGN: '***',
        note: 'signed with ***!',
        data: { balance: 7, list: ['***', '***', 'plain'], deep: { secret: '***', key: '***' } },
      },
    });
  });

  for (const answer of [
    { code: 4002, message: 'sign is wrong.' },
    { code: 4002, message: 'sign is wrong.', balance: 0 },
    { status: 'error', message: 'sign is wrong.' },
  ]) {
    test(`that PLUS refuses is no balance: ${JSON.stringify(answer)}`, async () => {
      answerJson(answer);
      expect(await rejection(ask())).toMatchObject({ name: 'GatewayRefusal', message: 'sign is wrong.' });
    });
  }

  test('in an answer that is no JSON is none', async () => {
    server.answer = () => new Response(`<b>${SECRETS.secret_key}</b>`);
    expect(await rejection(ask())).toMatchObject({ name: 'GatewayGarbage', message: 'PLUS’s answer is not JSON' });
  });
});
