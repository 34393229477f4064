import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator } from '../../../src/simulator/index.ts';
import { type Signing, signOf } from '../../../src/simulator/plus/sign.ts';
import { NOW, orderOf, postForm, postJson, Shop, start, Timers } from './support.ts';

const SECRET = 'PLUS_SECRET_KEY';
const FIRST = 'PL26062212345678';
const random = (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => (i + 1) % 10);

let folder: string;
let dataFile: string;
let shop: Shop;
let timers: Timers;
let simulator: Simulator;
const open = () => start({ random, setTimer: timers.set, dataFile });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plus-'));
  dataFile = join(folder, 'simulator.jsonl');
  shop = new Shop();
  shop.answer = () => Response.json({ success: true, message: 'Webhook received' });
  timers = new Timers();
  simulator = open();
  await create('ORDER1');
});
afterEach(() => {
  simulator.stop();
  shop.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function create(
  order_no: string,
  callback = '/hook?t=abc9',
  appid = 'PLUS_APPID',
  secret = SECRET,
): Promise<void> {
  const fields = {
    appid,
    order_no,
    money: '980',
    channel: 'small',
    callback_url: shop.url(callback),
    return_url: 'https://shop.example/return',
    timestamp: String(NOW / 1000),
  };
  const sign = signOf(fields, secret, 'md5-key');
  const answer = (await (await postForm(simulator, '/api/atm', { ...fields, sign })).json()) as { code: number };
  expect(answer.code).toBe(0);
}

const act = (number: string, action: string, input?: unknown) =>
  postJson(simulator, `/simulator/orders/${number}/${action}`, input);
const callbacksOf = async (number: string) => (await orderOf(simulator, number)).callbacks;
const bodyAt = (at: number): string => shop.received.at(at)?.body ?? '';
const last = async (): Promise<Record<string, unknown>> => ({ ...(await callbacksOf(FIRST)).at(-1) });

/** Whether the form that came last is signed as PLUS signs. */
function isGenuine(signing: Signing = 'md5-key'): boolean {
  const fields = shop.form(-1);
  return fields.sign === signOf(fields, SECRET, signing);
}

const paid = { appid: 'PLUS_APPID', order_no: 'ORDER1', plat_no: FIRST, money: '980', status: '1' };

describe('the callback of a paid order', () => {
  test('is a signed form, byte for byte', async () => {
    expect((await act('ORDER1', 'pay')).status).toBe(200);
    expect(shop.received).toHaveLength(1);
    expect(shop.received[0]?.headers.get('content-type')).toBe('application/x-www-form-urlencoded');
    expect(bodyAt(0)).toBe(
      `appid=PLUS_APPID&order_no=ORDER1&plat_no=${FIRST}&money=980&status=1&sign=${signOf(paid, SECRET, 'md5-key')}`,
    );
    expect(await last()).toMatchObject({ kind: 'paid', url: shop.url('/hook?t=abc9'), acknowledged: true });
  });

  test('is JSON on request, with the same sign', async () => {
    await act('ORDER1', 'pay', { shape: 'json' });
    expect(shop.received[0]?.headers.get('content-type')).toBe('application/json');
    const sign = signOf(paid, SECRET, 'md5-key');
    expect(bodyAt(0)).toBe(JSON.stringify({ ...paid, money: 980, sign }));
  });

  test.each<Signing>(['md5-amp', 'md5-bare', 'hmac-sha256'])('is signed the %s way when that is set', async (sign) => {
    await postJson(simulator, '/simulator/plus/settings', { sign });
    await act('ORDER1', 'pay');
    expect(isGenuine(sign)).toBe(true);
  });

  test('carries no sign when nothing is signed', async () => {
    await postJson(simulator, '/simulator/plus/settings', { sign: 'none' });
    await act('ORDER1', 'pay');
    expect(shop.form(-1)).toEqual(paid);
  });

  test('is signed with the secret of its own account', async () => {
    await postJson(simulator, '/simulator/plus/accounts', { appid: 'SECOND', secret_key: 's2' });
    await create('ORDER2', '/hook', 'SECOND', 's2');
    await act('ORDER2', 'pay');
    expect(shop.form(-1).sign).toBe(signOf(shop.form(-1), 's2', 'md5-key'));
  });

  test('counts as received by success:true in JSON alone', async () => {
    await act('ORDER1', 'pay', { callback: false });
    const answers: [Response, boolean][] = [
      [Response.json({ success: true }), true],
      [Response.json({ success: false }), false],
      [Response.json({ success: 'true' }), false],
      [Response.json([{ success: true }]), false],
      [new Response('success'), false],
      [new Response(''), false],
      [Response.json({ success: true }, { status: 400 }), false],
    ];
    for (const [answer, isReceived] of answers) {
      shop.answer = () => answer;
      await act('ORDER1', 'repeat');
      expect((await last()).acknowledged).toBe(isReceived);
    }
  });
});

/** Lets what waits run and waits until the order knows of it. */
async function fireUntil(count: number): Promise<void> {
  await timers.fire();
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await callbacksOf(FIRST)).length >= count) return;
    await Bun.sleep(10);
  }
}

describe('actions', () => {
  test('an unacknowledged callback comes again until it is taken', async () => {
    shop.answer = () => Response.json({ success: false }, { status: 503 });
    await act('ORDER1', 'pay');
    expect(timers.waiting).toHaveLength(1);
    shop.answer = () => Response.json({ success: true });
    await fireUntil(2);
    expect(bodyAt(1)).toBe(bodyAt(0));
    expect((await callbacksOf(FIRST)).map((one) => one.acknowledged)).toEqual([false, true]);
    expect(timers.waiting).toHaveLength(0);
  });

  test('pay can call back many times, at once, later or not at all', async () => {
    await act('ORDER1', 'pay', { times: 3, parallel: true });
    expect(shop.received).toHaveLength(3);
    await create('LATER');
    await act('LATER', 'pay', { delay_ms: 5000 });
    expect(timers.waiting.map((timer) => timer.ms)).toEqual([5000]);
    await create('QUIET');
    await act('QUIET', 'pay', { callback: false });
    expect(shop.received).toHaveLength(3);
    expect((await orderOf(simulator, 'QUIET')).status).toBe('paid');
  });

  test('a wrong wish changes nothing', async () => {
    expect((await act('ORDER1', 'pay', { shape: 'xml' })).status).toBe(400);
    expect((await act('ORDER1', 'pay', { times: 0 })).status).toBe(400);
    expect((await orderOf(simulator, 'ORDER1')).status).toBe('waiting');
  });

  test('an order is paid once, and after that neither fails nor expires', async () => {
    await act('ORDER1', 'pay');
    for (const action of ['pay', 'decline', 'expire']) expect((await act('ORDER1', action)).status).toBe(409);
    expect(shop.received).toHaveLength(1);
  });

  test('decline and expire tell the shop nothing, and money can still come in late', async () => {
    await act('ORDER1', 'decline');
    await act('ORDER1', 'expire');
    expect((await orderOf(simulator, 'ORDER1')).status).toBe('expired');
    expect(shop.received).toHaveLength(0);
    await act('ORDER1', 'pay');
    expect(await orderOf(simulator, 'ORDER1')).toMatchObject({ status: 'paid', paid: true });
  });

  test('repeat says the same once more, when there is something to say', async () => {
    expect((await act('ORDER1', 'repeat')).status).toBe(409);
    await act('ORDER1', 'pay');
    await act('ORDER1', 'repeat', { times: 2 });
    expect(shop.received).toHaveLength(3);
    expect(bodyAt(2)).toBe(bodyAt(0));
  });

  test('orders, accounts and settings survive a restart', async () => {
    await postJson(simulator, '/simulator/plus/accounts', { appid: 'SECOND', secret_key: 's2' });
    await create('ORDER2', '/hook', 'SECOND', 's2');
    await act('ORDER1', 'pay');
    await postJson(simulator, '/simulator/plus/settings', { sign: 'md5-amp' });
    const saved = await orderOf(simulator, 'ORDER1');
    expect(saved.callbacks).toHaveLength(1);
    simulator.stop();
    simulator = open();
    expect(await orderOf(simulator, 'ORDER1')).toEqual(saved);
    await act('ORDER2', 'pay');
    expect(shop.form(-1).sign).toBe(signOf(shop.form(-1), 's2', 'md5-amp'));
  });

  test('a reset forgets the orders', async () => {
    await postJson(simulator, '/simulator/reset');
    expect((await act('ORDER1', 'pay')).status).toBe(404);
  });
});

describe('forge', () => {
  beforeEach(() => {
    shop.answer = () => Response.json({ success: false }, { status: 400 });
  });
  const forge = async (kind: string, input: Record<string, string> = {}) => {
    const { status } = await act('ORDER1', 'forge', { kind, ...input });
    return { status, record: await last(), fields: shop.form(-1) };
  };

  test('never comes again and changes no state', async () => {
    expect((await forge('money')).record).toMatchObject({ kind: 'forged:money', status: 400, acknowledged: false });
    expect((await orderOf(simulator, 'ORDER1')).status).toBe('waiting');
    expect(timers.waiting).toHaveLength(0);
  });

  test('bad-sign and no-sign say the truth unproved', async () => {
    const { fields } = await forge('bad-sign');
    expect(fields).toMatchObject(paid);
    expect(fields.sign).toMatch(/^[0-9a-f]{32}$/);
    expect(isGenuine()).toBe(false);
    expect((await forge('no-sign')).fields).toEqual(paid);
  });

  test('bad-sign and no-sign mean nothing where nothing is signed', async () => {
    await postJson(simulator, '/simulator/plus/settings', { sign: 'none' });
    expect((await forge('bad-sign')).status).toBe(422);
    expect((await forge('no-sign')).status).toBe(422);
  });

  test.each([
    ['wrong-appid', { appid: 'PLUS_APPIDX' }],
    ['money', { money: '981' }],
    ['unpaid-status', { status: '0' }],
  ])('%s is signed well', async (kind, changes) => {
    expect((await forge(kind)).fields).toMatchObject({ ...paid, ...changes });
    expect(isGenuine()).toBe(true);
  });

  test('other-order is another order of the shop, or none at all', async () => {
    expect((await forge('other-order')).fields.order_no).toMatch(/^X\d{15}$/);
    await create('ORDER2');
    await postJson(simulator, '/simulator/plus/accounts', { appid: 'SECOND', secret_key: 's2' });
    await create('STRANGE', '/hook', 'SECOND', 's2');
    const { fields, record } = await forge('other-order');
    expect(fields).toMatchObject({ order_no: 'ORDER2', plat_no: 'PL26062212345679', money: '980' });
    expect(record.url).toBe(shop.url('/hook?t=abc9'));
    expect(isGenuine()).toBe(true);
  });

  test('wrong-token only touches the address', async () => {
    const { fields, record } = await forge('wrong-token');
    expect(record.url).toBe(shop.url('/hook?t=abc0'));
    expect(fields).toMatchObject(paid);
    await create('BARE', '/hook');
    expect((await act('BARE', 'forge', { kind: 'wrong-token' })).status).toBe(422);
  });

  test('can be JSON', async () => {
    await forge('money', { shape: 'json' });
    expect(JSON.parse(bodyAt(-1))).toMatchObject({ money: 981, status: '1' });
  });

  test('replay is the last genuine callback, byte for byte', async () => {
    expect((await forge('replay')).status).toBe(409);
    await act('ORDER1', 'pay');
    const sent = bodyAt(-1);
    await forge('money');
    await forge('replay');
    expect(bodyAt(-1)).toBe(sent);
  });

  test('an unknown kind is refused', async () => {
    for (const kind of ['nonsense', 'constructor', '']) expect((await forge(kind)).status).toBe(422);
    expect(shop.received).toHaveLength(0);
  });
});
