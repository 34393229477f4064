import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { QueryInput } from '../../../../src/gateways/gateway.ts';
import { queryOrder } from '../../../../src/gateways/smilepay/query.ts';
import { rejection } from '../../../support/parts.ts';
import { type StandIn, startStandIn } from '../../../support/standin.ts';
import vectors from '../../../vectors/smilepay-wire.json';
import { makeContext, ORDER_NO, queryInput, TRADE_NO } from './support.ts';

let server: StandIn;
let asked: string[] = [];
let answer: Response;
beforeAll(() => {
  server = startStandIn((request) => {
    const { pathname, search } = new URL(request.url);
    asked.push(`${request.method} ${pathname}${search}`);
    return answer;
  });
});
afterAll(() => server.stop());

const ask = (body: string, change: Partial<QueryInput> = {}, status = 200) => {
  asked = [];
  answer = new Response(body, { status });
  return queryOrder(queryInput('cvs', change), makeContext(server.url));
};
const xml = (inside: string) => `<SmilePay>${inside}</SmilePay>`;
const PAID = { type: 'facts', facts: [{ type: 'paid', amount: 98_000, currency: 'TWD', simulated: false }] } as const;
const UNPAID = { type: 'facts', facts: [] } as const;
const body = (name: string) => vectors.query.find((one) => one.name === name)?.body ?? '';

describe('a question', () => {
  test('names order and trade number, and no Verify_key', async () => {
    await ask(body('unpaid'));
    const common = `Dcvc=107&Rvg2c=1&Data_id=${ORDER_NO}`;
    expect(asked).toEqual([`GET /ezpos/roturl.asp?${common}&Smseid=${TRADE_NO}&types=xml`]);
    await ask(body('unpaid'), { tradeNo: null });
    expect(asked).toEqual([`GET /ezpos/roturl.asp?${common}&types=xml`]);
  });
});

describe('an answer', () => {
  test('of an order that is paid, and of one that is not, as recorded', async () => {
    expect(await ask(body('paid'))).toEqual(PAID);
    expect(await ask(body('unpaid'))).toEqual(UNPAID);
  });

  const unpaid: readonly string[] = [
    '<Status>1</Status><Amount>0</Amount>',
    '<Status>1</Status><Amount/>',
    '<Status>0</Status><Amount>0</Amount>',
    '<Status>0</Status><Amount>980</Amount>',
    '<Status>-1</Status><Amount>980</Amount><Desc>none</Desc>',
    '<Status>2</Status><Amount>980</Amount>',
  ];
  for (const inside of unpaid) {
    test(`${inside} is unpaid, and never unknown`, async () => expect(await ask(xml(inside))).toEqual(UNPAID));
  }

  test('may have another root, and repeat what was asked', async () => {
    const whole = `<Dcvc>107</Dcvc><Data_id>${ORDER_NO}</Data_id><Smseid>${TRADE_NO}</Smseid>`;
    expect(await ask(`<Roturl><Order>${whole}<Status>1</Status><Amount>980</Amount></Order></Roturl>`)).toEqual(PAID);
    expect(
      await ask(xml(`<Smseid>${TRADE_NO}</Smseid><Status>1</Status><Amount>980</Amount>`), { tradeNo: null }),
    ).toEqual(PAID);
  });

  test('of another amount tells that amount', async () => {
    const [fact] = PAID.facts;
    expect(await ask(xml('<Status>1</Status><Amount>981</Amount>'))).toEqual({
      type: 'facts',
      facts: [{ ...fact, amount: 98_100 }],
    });
  });

  const wrong: readonly string[] = [
    '<Status>1</Status>',
    '<Amount>980</Amount>',
    '<Status></Status><Amount>980</Amount>',
    '<Status>paid</Status><Amount>980</Amount>',
    '<Status>1</Status><Amount>980.00</Amount>',
    '<Status>1</Status><Amount>-980</Amount>',
    '<Status>1</Status><Amount>980</Amount><Amount>0</Amount>',
    '<Status>1</Status><Amount>980</Amount><Dcvc>108</Dcvc>',
    '<Status>1</Status><Amount>980</Amount><Data_id>ORDER2</Data_id>',
    '<Status>1</Status><Amount>980</Amount><SmilePayNO>1</SmilePayNO>',
    '<Status>1</Status><Amount>980</Amount><Smseid>1</Smseid>',
    '<Status>-2001</Status><Amount>0</Amount>',
  ];
  for (const inside of wrong) {
    test(`${inside} is not believed`, async () => {
      expect(await rejection(ask(xml(inside)))).toMatchObject({ name: 'GatewayGarbage' });
    });
  }

  test('that is no XML, or an error, is garbage', async () => {
    for (const [text, status] of [
      ['', 200],
      ['資料已返送完成', 200],
      [body('paid'), 404],
      [body('paid'), 302],
    ] as const) {
      expect(await rejection(ask(text, {}, status))).toMatchObject({ name: 'GatewayGarbage' });
    }
  });
});
