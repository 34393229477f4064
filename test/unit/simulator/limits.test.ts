import { expect, test } from 'bun:test';
import {
  account,
  askService,
  checkOut,
  codeData,
  envelope,
  errorCode,
  generate,
  get,
  NOW,
  otherAccount,
  postForm,
  postJson,
  signed,
  start,
  useSimulator,
} from './support.ts';

const { clock, simulator } = useSimulator({ queriesPerMinute: 2, restSeconds: 1800 });

async function ask(keys = account): Promise<number> {
  const TimeStamp = String(Math.floor(clock.now / 1000));
  const fields = { MerchantID: keys.merchantId, MerchantTradeNo: 'ORDER0001', TimeStamp };
  return (await postForm(simulator, '/Cashier/QueryTradeInfo/V5', signed(fields, keys))).status;
}

async function askSealed(): Promise<number> {
  const data = { MerchantID: account.merchantId, MerchantTradeNo: 'CODE0001' };
  const body = envelope(data, { RqHeader: { Timestamp: Math.floor(clock.now / 1000) } });
  return (await postJson(simulator, '/1.0.0/Cashier/QueryTrade', body)).status;
}

const limits = async () => (await (await get(simulator, '/simulator/limits')).json()) as Record<string, unknown>;

test('both kinds of query count, one merchant’s rest is not another’s, orders are exempt', async () => {
  expect([await ask(), await askSealed(), await ask(), await askSealed()]).toEqual([200, 200, 403, 403]);
  expect(await ask(otherAccount)).toBe(200);
  expect(errorCode(await checkOut(simulator))).toBe('');
  expect((await generate(simulator, codeData())).RtnCode).toBe(1);
  const resting = [{ merchant_id: account.merchantId, until: new Date(NOW + 1_800_000).toISOString() }];
  expect(await limits()).toEqual({ queries_per_minute: 2, rest_seconds: 1800, resting });
});

test('half an hour later all is well', async () => {
  for (let at = 0; at < 3; at += 1) await ask();
  clock.now += 1_799_000;
  expect(await ask()).toBe(403);
  clock.now += 1000;
  expect(await ask()).toBe(200);
});

test('a minute that slides', async () => {
  expect([await ask(), await ask()]).toEqual([200, 200]);
  clock.now += 61_000;
  expect([await ask(), await ask()]).toEqual([200, 200]);
});

test('changed and switched off while running; reset brings the first limits back', async () => {
  for (let at = 0; at < 3; at += 1) await ask();
  const changed = await postJson(simulator, '/simulator/limits', { queries_per_minute: 0 });
  expect(await changed.json()).toEqual({ queries_per_minute: 0, rest_seconds: 1800, resting: [] });
  for (let at = 0; at < 5; at += 1) expect(await ask()).toBe(200);
  expect((await postJson(simulator, '/simulator/limits', { rest_seconds: 0 })).status).toBe(400);
  await postJson(simulator, '/simulator/reset');
  expect(await limits()).toMatchObject({ queries_per_minute: 2 });
});

test('without an option the limit is generous', async () => {
  const other = start();
  expect(await (await get(other, '/simulator/limits')).json()).toMatchObject({ queries_per_minute: 300 });
  const reply = await askService(other, '/1.0.0/Cashier/QueryTrade', envelope({ MerchantID: account.merchantId }));
  expect(reply.TransCode).toBe(1);
  other.stop();
});
