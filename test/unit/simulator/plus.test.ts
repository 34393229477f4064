import { describe, expect, test } from 'bun:test';
import { type Signing, signOf } from '../../../src/simulator/plus/sign.ts';
import { dropGaps, get, NOW, ORIGIN, orderOf, postForm, postJson, useSimulator } from './support.ts';

const SECRET = 'PLUS_SECRET_KEY';
const random = (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => (i + 1) % 10);
const PLAT_NO = 'PL26062212345678';

const { clock, simulator } = useSimulator({ random });

type Changes = Record<string, string | undefined>;
type Answer = { code: number; status?: string; message?: string; data?: Record<string, unknown> };

function request(changes: Changes = {}): Record<string, string> {
  const fields = {
    appid: 'PLUS_APPID',
    order_no: 'PC260622ABCDEFGHIJKL',
    money: '980',
    channel: 'small',
    callback_url: 'https://shop.example/hook?t=abc9',
    return_url: 'https://shop.example/return',
    timestamp: String(NOW / 1000),
    ...changes,
  };
  return dropGaps(fields);
}

function signed(fields: Record<string, string>, secret = SECRET, signing: Signing = 'md5-key'): Record<string, string> {
  return { ...fields, sign: signOf(fields, secret, signing) };
}

async function ask(path: string, fields: Record<string, string> | [string, string][]): Promise<Answer> {
  return (await postForm(simulator, path, fields)).json() as Promise<Answer>;
}

const create = (changes: Changes = {}) => ask('/api/atm', signed(request(changes)));
const short = (changes: Changes = {}) =>
  request({ money: undefined, channel: undefined, callback_url: undefined, return_url: undefined, ...changes });

describe('a sign', () => {
  /** Published example of a gateway that signs the `&secret` way. */
  const example = {
    amount: '4754378',
    name: '王小头',
    notify_url: 'http://localhost:52595/gateway/test-notification',
    payment_cl_id: 'test_1707220575_1',
    platform_id: 'PF0001',
    request_time: '1707220575',
    service_id: 'SVC0001',
  };
  const fields = {
    order_no: 'PAY202606220001ABCDEFGH',
    money: '980',
    empty: '',
    sign: 'left out',
    callback_url: 'https://pay.example/api/paycore/webhooks/plus',
    appid: 'PLUS_APPID',
  };

  test.each<[Signing, string]>([
    ['md5-key', 'aed2a193522b12af1cfb2710c60fe5b8'],
    ['md5-amp', '28b1c045f1d0a3b6ffd9b3a4cfaaa907'],
    ['md5-bare', 'f36551d233ebc2fcb9cd1b6552dfcada'],
    ['hmac-sha256', '7aaaa073dc4527c44d6183f147a487542782a948b5691701fd920e59a55bf75a'],
    ['none', ''],
  ])('made the %s way', (signing, sign) => {
    expect(signOf(fields, SECRET, signing)).toBe(sign);
  });

  test('is over UTF-8', () => {
    expect(signOf(example, '2I9Q4nExEddsH6zo', 'md5-amp')).toBe('559444c72051d4feab4d840cc39c5b84');
  });
});

describe('POST /api/atm', () => {
  test('answers an account and where to pay', async () => {
    expect(await create()).toEqual({
      code: 0,
      status: 'ok',
      data: {
        account_code: '98621123456789',
        bank_code: '822',
        plat_no: PLAT_NO,
        pay_url: `${ORIGIN}/plus/pay/${PLAT_NO}`,
        expire_at: '2026-06-25 23:59:59',
      },
    });
  });

  test('has another bank for the large channel, from 20000 on', async () => {
    expect((await create({ money: '19999', order_no: 'A' })).data?.bank_code).toBe('822');
    expect((await create({ money: '20000', channel: 'large', order_no: 'B' })).data?.bank_code).toBe('013');
    expect((await create({ money: '20000', order_no: 'C' })).code).toBe(4006);
    expect((await create({ money: '19999', channel: 'large', order_no: 'C' })).code).toBe(4006);
  });

  test('keeps an order that can be found by either number', async () => {
    await create();
    const order = await orderOf(simulator, 'PC260622ABCDEFGHIJKL');
    expect(order).toMatchObject({
      gateway: 'plus',
      trade_no: PLAT_NO,
      amount: '980',
      currency: 'TWD',
      status: 'waiting',
      paid: false,
      payer_page: `/plus/pay/${PLAT_NO}`,
      info: { account_code: '98621123456789', channel: 'small' },
    });
    expect(order.fields).not.toHaveProperty('sign');
    expect(await orderOf(simulator, PLAT_NO)).toEqual(order);
  });

  const cases: [string, Changes, number][] = [
    ['no appid', { appid: undefined }, 4001],
    ['an appid it does not know', { appid: 'OTHER' }, 4001],
    ['no timestamp', { timestamp: undefined }, 4003],
    ['a timestamp in milliseconds', { timestamp: String(NOW) }, 4003],
    ['a timestamp 601 seconds old', { timestamp: String(NOW / 1000 - 601) }, 4003],
    ['a timestamp 601 seconds ahead', { timestamp: String(NOW / 1000 + 601) }, 4003],
    ['a field nobody knows', { subject: 'x' }, 4010],
    ['no order_no', { order_no: undefined }, 4004],
    ['a long order_no', { order_no: 'A'.repeat(33) }, 4004],
    ['a strange order_no', { order_no: 'A B' }, 4004],
    ['no money', { money: undefined }, 4005],
    ['money with decimals', { money: '980.00' }, 4005],
    ['no money at all', { money: '0' }, 4005],
    ['a negative sum', { money: '-980' }, 4005],
    ['no channel', { channel: undefined }, 4006],
    ['a channel nobody knows', { channel: 'medium' }, 4006],
    ['no callback_url', { callback_url: undefined }, 4007],
    ['a callback_url that is no address', { callback_url: 'ftp://shop.example' }, 4007],
    ['an endless callback_url', { callback_url: `https://shop.example/${'a'.repeat(500)}` }, 4007],
    ['no return_url', { return_url: undefined }, 4008],
  ];
  test.each(cases)('refuses %s', async (_, changes, code) => {
    const answer = await create(changes);
    expect(answer).toEqual({ code, message: expect.any(String) as string });
    expect(await (await get(simulator, '/simulator/orders')).json()).toEqual({ orders: [] });
  });

  test('takes a timestamp that is just in time', async () => {
    expect((await create({ timestamp: String(NOW / 1000 - 600) })).code).toBe(0);
    expect((await create({ timestamp: String(NOW / 1000 + 600), order_no: 'NEXT' })).code).toBe(0);
  });

  test('refuses an order_no that is spent, but only for that shop', async () => {
    await create();
    expect(await create({ money: '981' })).toEqual({ code: 4009, message: 'order_no is used already.' });
    await postJson(simulator, '/simulator/plus/accounts', { appid: 'SECOND', secret_key: 's2' });
    const second = signed(request({ appid: 'SECOND' }), 's2');
    expect((await ask('/api/atm', second)).code).toBe(0);
  });

  test('refuses a sign that does not fit', async () => {
    const fields = request();
    const broken = [
      fields,
      { ...fields, sign: '' },
      signed(fields, 'another secret'),
      { ...signed(fields), money: '981' },
      { ...signed(fields), sign: signOf(fields, SECRET, 'md5-amp') },
    ];
    for (const one of broken) expect((await ask('/api/atm', one)).code).toBe(4002);
  });

  test('takes a sign in upper case', async () => {
    const { sign = '', ...fields } = signed(request());
    expect((await ask('/api/atm', { ...fields, sign: sign.toUpperCase() })).code).toBe(0);
  });

  test('refuses what is no form, and a field that comes twice', async () => {
    expect(await (await postJson(simulator, '/api/atm', signed(request()))).json()).toMatchObject({ code: 4000 });
    expect((await ask('/api/atm', [...Object.entries(signed(request())), ['money', '1']])).code).toBe(4000);
  });
});

describe('the way of signing', () => {
  const set = (sign: string) => postJson(simulator, '/simulator/plus/settings', { sign });

  test.each<Signing>(['md5-amp', 'md5-bare', 'hmac-sha256'])('can be %s, and then the others fail', async (signing) => {
    expect(await (await set(signing)).json()).toMatchObject({ sign: signing });
    expect((await ask('/api/atm', signed(request(), SECRET, signing))).code).toBe(0);
    expect((await create({ order_no: 'NEXT' })).code).toBe(4002);
  });

  test('can be none at all', async () => {
    await set('none');
    expect((await ask('/api/atm', request())).code).toBe(0);
  });

  test('is one that exists', async () => {
    expect((await set('sha1')).status).toBe(400);
    expect((await set('')).status).toBe(400);
    expect(await (await get(simulator, '/simulator/plus/settings')).json()).toMatchObject({ sign: 'md5-key' });
  });
});

describe('accounts', () => {
  const add = (value: unknown) => postJson(simulator, '/simulator/plus/accounts', value);

  test('are added with their secret, which never comes back', async () => {
    const answer = await add({ appid: 'SECOND', secret_key: 'hush-hush', balance: 77 });
    expect(answer.status).toBe(201);
    expect(await answer.text()).not.toContain('hush');
    const list = await (await get(simulator, '/simulator/plus/accounts')).text();
    expect(JSON.parse(list)).toEqual({
      accounts: [
        { appid: 'PLUS_APPID', balance: 10000 },
        { appid: 'SECOND', balance: 77 },
      ],
    });
    expect(list).not.toContain('hush');
  });

  test('must be complete, and the demo account stays as it is', async () => {
    expect((await add({ appid: 'SECOND' })).status).toBe(400);
    expect((await add({ appid: 'with space', secret_key: 'x' })).status).toBe(400);
    expect((await add({ appid: 'PLUS_APPID', secret_key: 'x' })).status).toBe(409);
  });
});

describe('POST /api/query', () => {
  const query = (changes: Changes = {}, secret = SECRET) => ask('/api/query', signed(short(changes), secret));

  test('tells where an order is', async () => {
    await create();
    const state = { order_no: 'PC260622ABCDEFGHIJKL', plat_no: PLAT_NO, money: 980 };
    expect(await query()).toEqual({ code: 0, status: 'ok', data: { ...state, status: '0' } });
    await postJson(simulator, `/simulator/orders/${PLAT_NO}/decline`);
    expect((await query()).data?.status).toBe('2');
    await postJson(simulator, `/simulator/orders/${PLAT_NO}/expire`);
    expect((await query()).data?.status).toBe('3');
    await postJson(simulator, `/simulator/orders/${PLAT_NO}/pay`, { callback: false });
    expect((await query()).data?.status).toBe('1');
  });

  test('knows nothing of another shop’s orders', async () => {
    await create();
    await postJson(simulator, '/simulator/plus/accounts', { appid: 'SECOND', secret_key: 's2' });
    expect((await query({ appid: 'SECOND' }, 's2')).code).toBe(4040);
    expect((await query({ order_no: 'NONE' })).code).toBe(4040);
  });

  test('is as strict as the rest', async () => {
    expect((await ask('/api/query', short())).code).toBe(4002);
    expect((await query({ timestamp: '1' })).code).toBe(4003);
    expect((await query({ money: '980' })).code).toBe(4010);
  });
});

describe('POST /api/balance', () => {
  const balance = (changes: Changes = {}, secret = SECRET) =>
    ask('/api/balance', signed(short({ order_no: undefined, ...changes }), secret));

  test('answers what the account holds', async () => {
    expect(await balance()).toEqual({ code: 0, status: 'ok', data: { balance: 10000 } });
    await postJson(simulator, '/simulator/plus/accounts', { appid: 'SECOND', secret_key: 's2', balance: 5 });
    expect((await balance({ appid: 'SECOND' }, 's2')).data).toEqual({ balance: 5 });
  });

  test('refuses a stranger', async () => {
    expect((await balance({}, 'wrong')).code).toBe(4002);
    expect((await balance({ appid: 'NOBODY' })).code).toBe(4001);
    expect((await balance({ order_no: 'x' })).code).toBe(4010);
  });
});

describe('the payer’s page', () => {
  const PAGE = `/plus/pay/${PLAT_NO}`;
  const page = async () => (await get(simulator, PAGE)).text();

  test('lets a person approve, once, and go back to the shop', async () => {
    await create({ callback_url: 'http://127.0.0.1:1/hook' });
    expect(await page()).toContain('<code data-field="account_code">98621123456789</code>');
    expect(await page()).toContain('href="https://shop.example/return"');
    const answer = await postForm(simulator, `${PAGE}/approve`, {});
    expect([answer.status, answer.headers.get('location')]).toEqual([303, PAGE]);
    const after = await page();
    expect(after).toContain('付款成功');
    expect(after).not.toContain('<button');
    expect(after).toContain('href="https://shop.example/return"');
    const { callbacks } = await orderOf(simulator, PLAT_NO);
    for (const step of ['approve', 'decline']) {
      expect((await postForm(simulator, `${PAGE}/${step}`, {})).status).toBe(303);
    }
    expect(await orderOf(simulator, PLAT_NO)).toMatchObject({ status: 'paid', callbacks });
  });

  test('lets a person decline, and try again', async () => {
    await create();
    await postForm(simulator, `${PAGE}/decline`, {});
    expect((await orderOf(simulator, PLAT_NO)).status).toBe('declined');
    expect(await page()).toContain('data-action="approve"');
  });

  test('says when the time is over', async () => {
    await create();
    clock.now = Date.parse('2026-06-26T00:00:00+08:00');
    expect((await orderOf(simulator, PLAT_NO)).status).toBe('expired');
    expect(await page()).toContain('已逾期');
    await postJson(simulator, `/simulator/orders/${PLAT_NO}/pay`, { callback: false });
    expect((await orderOf(simulator, PLAT_NO)).status).toBe('paid');
  });

  test('exists for orders only', async () => {
    expect((await get(simulator, PAGE)).status).toBe(404);
  });
});

test('calls are written down and fail on request', async () => {
  await postJson(simulator, '/simulator/faults', { route: 'plus-atm', kind: 'html' });
  expect((await postForm(simulator, '/api/atm', signed(request()))).headers.get('content-type')).toContain('text/html');
  const { requests } = (await (await get(simulator, '/simulator/requests')).json()) as { requests: unknown[] };
  expect(requests[0]).toMatchObject({
    route: 'plus-atm',
    merchant_id: 'PLUS_APPID',
    merchant_trade_no: 'PC260622ABCDEFGHIJKL',
    fault: 'html',
  });
});
