import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator } from '../../../src/simulator/index.ts';
import {
  account,
  askService,
  checkOut,
  codeData,
  envelope,
  generate,
  get,
  NOW,
  openReply,
  orderOf,
  otherAccount,
  payInPage,
  postForm,
  postJson,
  signed,
  start,
} from './support.ts';

const PATH = '/CreditDetail/DoAction';
const SEALED_PATH = '/1.0.0/Credit/DoAction';
const HOUR = 3600 * 1000;
const quiet = (async () => new Response('1|OK')) as unknown as typeof fetch;

let now: number;
let simulator: Simulator;
beforeEach(() => {
  now = NOW;
  simulator = start({ now: () => now, fetch: quiet });
});
afterEach(() => simulator.stop());

type Changes = Record<string, string | undefined>;

const tell = async (orderNo: string, action: string, body: object = {}) => {
  const response = await postJson(simulator, `/simulator/orders/${orderNo}/${action}`, body);
  return (await response.json()) as Record<string, unknown> & { error?: { code: string } };
};

/** A paid card order of the cashier, and its trade number. */
async function payCard(changes: Changes = {}, pay: object = {}): Promise<string> {
  await checkOut(simulator, changes);
  return String((await tell(changes.MerchantTradeNo ?? 'ORDER0001', 'pay', pay)).trade_no);
}

function fieldsOf(tradeNo: string, changes: Changes = {}): Record<string, string> {
  const fields = {
    MerchantID: account.merchantId,
    MerchantTradeNo: 'ORDER0001',
    TradeNo: tradeNo,
    Action: 'R',
    TotalAmount: '980',
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

async function post(fields: Record<string, string>): Promise<string> {
  return (await postForm(simulator, PATH, fields)).text();
}

/** RtnCode and RtnMsg of a signed answer whose signature is right. */
async function act(tradeNo: string, Action: string, TotalAmount = '980'): Promise<string> {
  const body = await post(signed(fieldsOf(tradeNo, { Action, TotalAmount })));
  const pairs = body.split('&').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  const { CheckMacValue, ...answer } = Object.fromEntries(pairs) as Record<string, string>;
  expect(signed(answer).CheckMacValue).toBe(CheckMacValue ?? '-');
  expect(answer).toMatchObject({ MerchantID: account.merchantId, MerchantTradeNo: 'ORDER0001', TradeNo: tradeNo });
  return `${answer.RtnCode} ${answer.RtnMsg}`;
}

const YES = '1 Succeeded';
const WRONG_STAGE = '0 error_status';
const WRONG_AMOUNT = '0 error_amount';
const cardOf = async () => {
  const { card_stage, refunded } = await orderOf(simulator, 'ORDER0001');
  return [card_stage, refunded];
};

describe('the money of a card', () => {
  test('is authorised, and collected in the evening', async () => {
    await payCard();
    expect(await cardOf()).toEqual(['authorised', 0]);
    now = Date.parse('2026-06-22T20:14:59+08:00');
    expect(await cardOf()).toEqual(['authorised', 0]);
    now += 1000;
    expect(await cardOf()).toEqual(['closed', 0]);
  });

  test('that comes after the evening waits for the next one', async () => {
    now = Date.parse('2026-06-22T20:15:00+08:00');
    await payCard();
    now += 24 * HOUR - 1000;
    expect(await cardOf()).toEqual(['authorised', 0]);
    now += 1000;
    expect(await cardOf()).toEqual(['closed', 0]);
  });

  test('is put where a program wants it, and nowhere else', async () => {
    await payCard();
    for (const stage of ['closing', 'released', 'authorised', 'closed']) {
      expect(await tell('ORDER0001', 'card', { stage })).toMatchObject({ card_stage: stage });
    }
    expect(await tell('ORDER0001', 'card')).toMatchObject({ card_stage: 'closed' });
    expect((await tell('ORDER0001', 'card', { stage: 'open' })).error?.code).toBe('INVALID_ARGUMENT');
  });

  test('is no matter of unpaid, simulated or other payments', async () => {
    await checkOut(simulator);
    expect((await tell('ORDER0001', 'card')).error?.code).toBe('NO_CARD');
    const simulated = await tell('ORDER0001', 'pay', { simulated: true });
    expect(simulated).not.toHaveProperty('card_stage');
    expect(await act(String(simulated.trade_no), 'R')).toBe('10200047 error_nopay');
  });

  test('is shown on the order’s page', async () => {
    await payCard();
    const page = await (await get(simulator, '/simulator/orders/ORDER0001/page')).text();
    expect(page).toContain('authorised, NT$0 paid back');
  });
});

describe('what may be done when', () => {
  const rules: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['authorised', { C: YES, R: WRONG_STAGE, E: WRONG_STAGE, N: YES }],
    ['closing', { C: WRONG_STAGE, R: WRONG_STAGE, E: YES, N: WRONG_STAGE }],
    ['closed', { C: WRONG_STAGE, R: YES, E: WRONG_STAGE, N: WRONG_STAGE }],
    ['released', { C: WRONG_STAGE, R: WRONG_STAGE, E: WRONG_STAGE, N: WRONG_STAGE }],
  ];
  for (const [stage, answers] of rules) {
    test(`${stage}: ${Object.keys(answers).filter((name) => answers[name] === YES)}`, async () => {
      const tradeNo = await payCard();
      for (const [action, answer] of Object.entries(answers)) {
        await tell('ORDER0001', 'card', { stage });
        expect(`${action} ${await act(tradeNo, action)}`).toBe(`${action} ${answer}`);
      }
    });
  }

  test('what is going to be collected is made less by R, and nothing by E and N', async () => {
    const tradeNo = await payCard();
    expect(await act(tradeNo, 'C')).toBe(YES);
    expect(await act(tradeNo, 'R', '100')).toBe(YES);
    expect(await cardOf()).toEqual(['closing', 100]);
    await tell('ORDER0001', 'card', { stage: 'closing' });
    expect(await act(tradeNo, 'E')).toBe(YES);
    expect(await act(tradeNo, 'N')).toBe(YES);
    expect(await cardOf()).toEqual(['released', 1080]);
  });

  test('never more than was paid goes back', async () => {
    const tradeNo = await payCard();
    await tell('ORDER0001', 'card');
    const answers: string[] = [];
    for (const amount of ['500', '481', '480', '1']) answers.push(await act(tradeNo, 'R', amount));
    expect(answers).toEqual([YES, WRONG_AMOUNT, YES, WRONG_AMOUNT]);
    expect(await cardOf()).toEqual(['closed', 980]);
  });

  test('a part is not collected, taken back or let go of', async () => {
    const tradeNo = await payCard();
    expect(await act(tradeNo, 'C', '979')).toBe(WRONG_AMOUNT);
    expect(await act(tradeNo, 'N', '1')).toBe(WRONG_AMOUNT);
    await tell('ORDER0001', 'card', { stage: 'closing' });
    expect(await act(tradeNo, 'E', '981')).toBe(WRONG_AMOUNT);
  });

  test('instalments go back whole', async () => {
    const tradeNo = await payCard({ CreditInstallment: '3' }, { installment: 3 });
    await tell('ORDER0001', 'card');
    expect(await act(tradeNo, 'R', '100')).toBe(WRONG_AMOUNT);
    expect(await act(tradeNo, 'R')).toBe(YES);
  });
});

describe('who is not answered', () => {
  test('a wrong signature, a merchant of elsewhere, a field too many or too few', async () => {
    const tradeNo = await payCard();
    const wrong = { ...fieldsOf(tradeNo), CheckMacValue: 'A'.repeat(64) };
    expect(await post(wrong)).toBe('10200073|CheckMacValue Error');
    expect(await post(signed(fieldsOf(tradeNo), otherAccount))).toBe('10200073|CheckMacValue Error');
    const cases: readonly (readonly [Changes, string])[] = [
      [{ TradeNo: undefined }, '10100050|Parameter Error. TradeNo'],
      [{ Action: 'X' }, '10100050|Parameter Error. Action'],
      [{ Action: 'r' }, '10100050|Parameter Error. Action'],
      [{ TotalAmount: '0' }, '10200005|Parameter Error. TotalAmount'],
      [{ TotalAmount: '9.8' }, '10200005|Parameter Error. TotalAmount'],
      [{ TimeStamp: '1' }, '10100050|Parameter Error. TimeStamp'],
      [{ MerchantTradeNo: 'a-b' }, '10200052|Parameter Error. MerchantTradeNo'],
    ];
    for (const [changes, answer] of cases) expect(await post(signed(fieldsOf(tradeNo, changes)))).toBe(answer);
    expect(await cardOf()).toEqual(['authorised', 0]);
  });

  test('another trade number, an unknown order, another account’s, one without a card', async () => {
    const tradeNo = await payCard();
    expect(await act('2606221500000000', 'N')).toBe('10200047 error_nopay');
    const others = [
      signed(fieldsOf(tradeNo, { MerchantTradeNo: 'NOBODY' })),
      signed(fieldsOf(tradeNo, { MerchantID: otherAccount.merchantId }), otherAccount),
    ];
    for (const fields of others) expect(await post(fields)).toContain('RtnCode=10200047&RtnMsg=error_nopay');
    const { OrderInfo } = await generate(simulator, codeData());
    await tell('CODE0001', 'pay');
    const code = fieldsOf(String(OrderInfo.TradeNo), { MerchantTradeNo: 'CODE0001' });
    expect(await post(signed(code))).toContain('RtnCode=10200047');
  });
});

describe('the sealed service', () => {
  const ask = async (data: object, keys = account) =>
    askService(simulator, SEALED_PATH, envelope({ MerchantID: account.merchantId, ...data }, {}, keys));
  const payPage = async () => {
    await payInPage(simulator, 'card');
    return String((await orderOf(simulator, 'PAGE0001')).trade_no);
  };

  test('does the same for payments in the shop’s own page', async () => {
    const TradeNo = await payPage();
    await tell('PAGE0001', 'card');
    const wish = { MerchantTradeNo: 'PAGE0001', TradeNo, Action: 'R', TotalAmount: 100 };
    const answer: Record<string, unknown> = openReply(await ask(wish));
    expect(answer).toEqual({
      RtnCode: 1,
      RtnMsg: 'Succeeded',
      PlatformID: '',
      MerchantID: account.merchantId,
      MerchantTradeNo: 'PAGE0001',
      TradeNo,
    });
    expect(openReply(await ask({ ...wish, Action: 'N', TotalAmount: 980 }))).toMatchObject({ RtnCode: 0 });
    expect(openReply(await ask({ ...wish, TotalAmount: '' }))).toMatchObject({ RtnCode: 10_200_005 });
    expect(openReply(await ask({ ...wish, Extra: 1 }))).toMatchObject({ RtnCode: 10_100_050 });
    const query = envelope({ MerchantID: account.merchantId, MerchantTradeNo: 'PAGE0001' });
    const trade = openReply(await askService(simulator, '/1.0.0/Cashier/QueryTrade', query));
    expect(trade.OrderInfo.RefundAmount).toBe(100);
  });

  test('knows no orders of the cashier, and takes no envelope of other keys', async () => {
    const TradeNo = await payCard();
    const wish = { MerchantTradeNo: 'ORDER0001', TradeNo, Action: 'N', TotalAmount: 980 };
    expect(openReply(await ask(wish))).toMatchObject({ RtnCode: 10_200_047 });
    expect(await ask(wish, otherAccount)).toMatchObject({ TransCode: 128 });
    expect(await act(TradeNo, 'N')).toBe(YES);
  });
});

test('what was paid back survives a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  const dataFile = join(folder, 'simulator.jsonl');
  simulator.stop();
  simulator = start({ dataFile, now: () => now, fetch: quiet });
  const tradeNo = await payCard();
  await tell('ORDER0001', 'card');
  expect(await act(tradeNo, 'R', '500')).toBe(YES);
  simulator.stop();
  simulator = start({ dataFile, now: () => now, fetch: quiet });
  expect(await act(tradeNo, 'R', '481')).toBe(WRONG_AMOUNT);
  rmSync(folder, { recursive: true, force: true });
});
