import { afterEach, beforeEach, expect, test } from 'bun:test';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOut, errorCode, orderOf, postJson, Shop, start, Timers, until } from './support.ts';

let folder: string;
let dataFile: string;
let shop: Shop;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  dataFile = join(folder, 'data', 'simulator.jsonl');
  shop = new Shop();
});
afterEach(() => {
  shop.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('orders, spent numbers, accounts and waiting callbacks survive', async () => {
  const before = new Timers();
  const first = start({ dataFile, setTimer: before.set });
  const added = { merchant_id: '7777777', hash_key: 'abcdefghijklmnop', hash_iv: 'ponmlkjihgfedcba' };
  await postJson(first, '/simulator/accounts', added);
  shop.answer = () => new Response('', { status: 500 });
  await checkOut(first, { ReturnURL: shop.url('/return') });
  await postJson(first, '/simulator/orders/ORDER0001/pay');
  const saved = await orderOf(first, 'ORDER0001');
  first.stop();
  expect(before.waiting).toHaveLength(0);

  const after = new Timers();
  const second = start({ dataFile, setTimer: after.set });
  expect(await orderOf(second, 'ORDER0001')).toEqual(saved);
  expect(errorCode(await checkOut(second))).toBe('10300028');
  const keys = { merchantId: '7777777', hashKey: 'abcdefghijklmnop', hashIv: 'ponmlkjihgfedcba' };
  expect(errorCode(await checkOut(second, { MerchantID: '7777777', MerchantTradeNo: 'N' }, keys))).toBe('');
  shop.answer = () => new Response('1|OK');
  await after.fire();
  await until(async () => (await orderOf(second, 'ORDER0001')).callbacks.length === 2);
  expect((await orderOf(second, 'ORDER0001')).callbacks.at(-1)).toMatchObject({ acknowledged: true });
  second.stop();
});

test('a callback that was on its way when the process died goes out again', async () => {
  let answerNow = () => {};
  shop.answer = () => new Promise((resolve) => (answerNow = () => resolve(new Response('1|OK'))));
  const first = start({ dataFile });
  await checkOut(first, { ReturnURL: shop.url('/return') });
  const paying = postJson(first, '/simulator/orders/ORDER0001/pay');
  await until(() => shop.received.length === 1);
  first.stop();
  answerNow();
  await paying;

  shop.answer = () => new Response('1|OK');
  const timers = new Timers();
  const second = start({ dataFile, setTimer: timers.set });
  expect((await orderOf(second, 'ORDER0001')).status).toBe('paid');
  await timers.fire();
  await until(async () => (await orderOf(second, 'ORDER0001')).callbacks.length === 1);
  expect(shop.received).toHaveLength(2);
  expect(await orderOf(second, 'ORDER0001')).not.toHaveProperty('retry_at');
  second.stop();
});

test('half a last line is left out, the last line of an order wins, a start tidies up', async () => {
  const first = start({ dataFile });
  await checkOut(first, { ChoosePayment: 'ATM' });
  await postJson(first, '/simulator/orders/ORDER0001/expire');
  first.stop();
  appendFileSync(dataFile, '{"shelf":"ecpay.orders","key":"30026');
  const second = start({ dataFile });
  expect((await orderOf(second, 'ORDER0001')).status).toBe('expired');
  const lines = readFileSync(dataFile, 'utf8').trim().split('\n');
  expect(lines.filter((line) => line.includes('"ecpay.orders"'))).toHaveLength(1);
  await postJson(second, '/simulator/reset');
  expect(readFileSync(dataFile, 'utf8')).not.toContain('"ecpay.orders"');
  second.stop();
});
