import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Simulator } from '../../../src/simulator/index.ts';
import {
  account,
  checkOut,
  codeData,
  envelope,
  errorCode,
  get,
  getToken,
  NOW,
  ORIGIN,
  openReply,
  orderOf,
  postForm,
  postJson,
  type Reply,
  serve,
  signed,
  start,
  until,
} from './support.ts';

const CODE_PATH = '/1.0.0/Cashier/GenPaymentCode';
const QUERY_PATH = '/Cashier/QueryTradeInfo/V5';
let simulator: Simulator;
let server: ReturnType<typeof serve>;
beforeEach(() => {
  simulator = start();
  server = serve(simulator);
});
afterEach(() => {
  simulator.stop();
  server.stop();
});

const arm = async (fault: Record<string, unknown>) => {
  const response = await postJson(simulator, '/simulator/faults', fault);
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
};
const faults = async () =>
  ((await (await get(simulator, '/simulator/faults')).json()) as { faults: Record<string, unknown>[] }).faults;
const requests = async (filter = '') =>
  ((await (await get(simulator, `/simulator/requests${filter}`)).json()) as { requests: Record<string, unknown>[] })
    .requests;

/** Through the socket, as a shop would. */
function askCode(signal?: AbortSignal): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(envelope(codeData())) };
  return fetch(server.origin + CODE_PATH, signal ? { ...init, signal } : init);
}
const openCode = async (response: Response) => openReply((await response.json()) as Reply);

function askTrade(): Promise<Response> {
  const fields = { MerchantID: account.merchantId, MerchantTradeNo: 'ORDER0001', TimeStamp: String(NOW / 1000) };
  return postForm(simulator, QUERY_PATH, signed(fields));
}

describe('answers that say no', () => {
  test('refuse, with a code of one’s own, once', async () => {
    await arm({ route: 'gen-payment-code', kind: 'refuse', code: '10200050', message: 'too much' });
    expect(await openCode(await askCode())).toMatchObject({ RtnCode: 10200050, RtnMsg: 'too much' });
    expect((await openCode(await askCode())).RtnCode).toBe(1);
    expect(await faults()).toMatchObject([{ kind: 'refuse', times: 1, fired: 1, active: false, code: '10200050' }]);
  });

  test('duplicate at each route that makes an order', async () => {
    await arm({ kind: 'duplicate', times: 3 });
    expect((await openCode(await askCode())).RtnCode).toBe(10300028);
    expect(errorCode(await checkOut(simulator))).toBe('10300028');
    expect((await getToken(simulator)).RtnCode).toBe(10300028);
    expect((await get(simulator, '/simulator/orders/CODE0001')).status).toBe(404);
  });

  test('refuse at the cashier and at a cashier query', async () => {
    await arm({ kind: 'refuse', times: 2 });
    expect(errorCode(await checkOut(simulator))).toBe('10300023');
    expect(await (await askTrade()).text()).toStartWith('10300023|');
  });

  const statuses: [string, number][] = [
    ['forbidden', 403],
    ['unavailable', 503],
    ['html', 200],
  ];
  for (const [kind, status] of statuses) {
    test(kind, async () => {
      await arm({ route: 'gen-payment-code', kind });
      const response = await askCode();
      expect(response.status).toBe(status);
      expect(await response.text()).toStartWith('<html>');
    });
  }

  test('unavailable with another status', async () => {
    await arm({ kind: 'unavailable', status: 500 });
    expect((await askCode()).status).toBe(500);
  });
});

describe('connections that fail', () => {
  test('reset, and the hook that a server may give', async () => {
    await arm({ route: 'gen-payment-code', kind: 'reset' });
    await expect(askCode()).rejects.toThrow('closed unexpectedly');
    expect((await get(simulator, '/simulator/orders/CODE0001')).status).toBe(404);
    const cut: string[] = [];
    const other = start({ abort: (request) => cut.push(new URL(request.url).pathname) });
    await postJson(other, '/simulator/faults', { kind: 'reset' });
    await postJson(other, CODE_PATH, envelope(codeData()));
    expect(cut).toEqual([CODE_PATH]);
    other.stop();
  });

  test('lost: the order is made, nobody hears of it', async () => {
    await arm({ route: 'gen-payment-code', kind: 'lost' });
    await askCode().then(
      () => expect.unreachable(),
      () => {},
    );
    expect((await orderOf(simulator, 'CODE0001')).status).toBe('issued');
    expect((await openCode(await askCode())).RtnCode).toBe(10300028);
    expect(await requests()).toMatchObject([
      { route: 'gen-payment-code', status: 200 },
      { route: 'gen-payment-code', fault: 'lost', status: null, merchant_trade_no: 'CODE0001' },
    ]);
  });

  test('half', async () => {
    await arm({ route: 'gen-payment-code', kind: 'half' });
    const response = await askCode();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect((await orderOf(simulator, 'CODE0001')).status).toBe('issued');
  });

  test('hang until the client leaves', async () => {
    await arm({ route: 'gen-payment-code', kind: 'hang' });
    const leave = new AbortController();
    const asking = askCode(leave.signal).catch((error: Error) => error.name);
    await until(async () => (await requests()).length === 1);
    leave.abort();
    expect(await asking).toBe('AbortError');
    expect((await openCode(await askCode())).RtnCode).toBe(1);
  });

  test('a stopped simulator holds nobody', async () => {
    await arm({ route: 'gen-payment-code', kind: 'hang' });
    const asking = askCode().catch(() => 'broken');
    await until(async () => (await requests()).length === 1);
    simulator.stop();
    expect(await asking).toBe('broken');
  });
});

describe('answers that come late or spoilt', () => {
  /** Timers that run at once and tell how long they would have taken. */
  const waits: number[] = [];
  const setTimer = (run: () => void, ms: number) => {
    waits.push(ms);
    queueMicrotask(run);
    return () => {};
  };
  beforeEach(() => {
    waits.length = 0;
    server.stop();
    simulator.stop();
    simulator = start({ setTimer });
    server = serve(simulator);
  });

  test('slow', async () => {
    await arm({ kind: 'slow', seconds: 12 });
    expect((await openCode(await askCode())).RtnCode).toBe(1);
    expect(waits).toEqual([12_000]);
  });

  test('trickle', async () => {
    await arm({ kind: 'trickle', seconds: 30 });
    const text = await (await askCode()).text();
    expect(openReply(JSON.parse(text) as Reply).RtnCode).toBe(1);
    expect(waits).toHaveLength(new TextEncoder().encode(text).length);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(30_000, -1);
  });

  test('huge', async () => {
    await arm({ kind: 'huge' });
    expect((await (await askCode()).bytes()).byteLength).toBe(10 * 1024 * 1024);
  });

  test('charset: valid apart from one text', async () => {
    await arm({ kind: 'charset' });
    const response = await askCode();
    expect(response.headers.get('content-type')).toBe('application/json; charset=big5');
    const bytes = await response.bytes();
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
    const envelopeText = new TextDecoder('big5').decode(bytes);
    expect(envelopeText).toContain('"TransMsg":"交易成功"');
  });

  test('clock', async () => {
    await arm({ kind: 'clock', times: 2 });
    const response = await askCode();
    expect(Date.parse(response.headers.get('date') ?? '')).toBe(NOW + 660_000);
    expect(await response.json()).toMatchObject({ RpHeader: { Timestamp: NOW / 1000 + 660 } });
    expect(Date.parse((await askTrade()).headers.get('date') ?? '')).toBe(NOW + 660_000);
  });

  test('wrong-key and other-order, sealed', async () => {
    await arm({ route: 'gen-payment-code', kind: 'wrong-key' });
    const { Data } = (await (await askCode()).json()) as Reply;
    expect(() => openReply({ Data }).OrderInfo.MerchantTradeNo).toThrow();
    await arm({ route: 'gen-payment-code', kind: 'other-order' });
    expect((await openCode(await askCode())).OrderInfo.MerchantTradeNo).toBe('XCODE0001');
  });

  test('wrong-key and other-order, signed', async () => {
    await arm({ route: 'aio-query-trade', kind: 'wrong-key' });
    await arm({ route: 'aio-query-trade', kind: 'other-order' });
    const fieldsOf = async () =>
      Object.fromEntries((await (await askTrade()).text()).split('&').map((pair) => pair.split('='))) as Record<
        string,
        string
      >;
    const { CheckMacValue: wrong, ...fields } = await fieldsOf();
    expect(signed(fields).CheckMacValue).not.toBe(wrong ?? '');
    const { CheckMacValue, ...others } = await fieldsOf();
    expect(others.MerchantTradeNo).toBe('XORDER0001');
    expect(signed(others).CheckMacValue).toBe(CheckMacValue ?? '-');
  });
});

describe('the JSON API', () => {
  test('until cleared, in order, counted', async () => {
    expect(await arm({ route: 'gen-payment-code', kind: 'forbidden' })).toMatchObject({ status: 201, id: 1, fired: 0 });
    await arm({ kind: 'unavailable', times: 0 });
    const codes = [];
    for (let at = 0; at < 3; at += 1) codes.push((await askCode()).status);
    expect(codes).toEqual([403, 503, 503]);
    expect((await faults()).map((fault) => fault.fired)).toEqual([1, 2]);
    const cleared = await simulator.fetch(new Request(`${ORIGIN}/simulator/faults`, { method: 'DELETE' }));
    expect(await cleared.json()).toEqual({ cleared: 2 });
    expect((await askCode()).status).toBe(200);
    await arm({ kind: 'unavailable', times: 0 });
    await postJson(simulator, '/simulator/faults/clear');
    expect(await faults()).toEqual([]);
  });

  test('refuses what makes no sense', async () => {
    expect((await arm({ kind: 'explode' })).status).toBe(400);
    expect((await arm({ kind: 'refuse', route: 'moon' })).status).toBe(400);
    expect((await arm({ kind: 'refuse', times: -1 })).status).toBe(400);
    expect(await arm({ kind: 'duplicate', route: 'query-trade' })).toMatchObject({
      status: 422,
      error: { code: 'FAULT_NOT_APPLICABLE' },
    });
  });

  test('there is an end to the list', async () => {
    for (let at = 0; at < 100; at += 1) await arm({ kind: 'forbidden' });
    expect(await arm({ kind: 'forbidden' })).toMatchObject({ status: 409, error: { code: 'TOO_MANY_FAULTS' } });
  });

  test('a person sees and clears them', async () => {
    expect((await postForm(simulator, '/simulator/faults', { route: '*', kind: 'html', times: '0' })).status).toBe(303);
    const page = await (await get(simulator, '/simulator')).text();
    expect(page).toContain('data-fault="html"');
    expect((await postForm(simulator, '/simulator/faults/clear', {})).headers.get('location')).toBe(
      '/simulator#faults',
    );
    expect(await (await get(simulator, '/simulator')).text()).not.toContain('data-fault');
  });
});

describe('requests', () => {
  test('who called what, newest first, filtered', async () => {
    await askCode();
    await checkOut(simulator);
    await askTrade();
    await get(simulator, '/simulator');
    expect(await requests()).toEqual([
      expect.objectContaining({ route: 'aio-query-trade', merchant_trade_no: 'ORDER0001', status: 200 }),
      expect.objectContaining({ route: 'aio-checkout', merchant_id: account.merchantId }),
      {
        at: new Date(NOW).toISOString(),
        route: 'gen-payment-code',
        merchant_id: account.merchantId,
        merchant_trade_no: 'CODE0001',
        status: 200,
      },
    ]);
    expect(await requests('?route=aio-checkout')).toHaveLength(1);
    expect(await requests('?merchant_trade_no=CODE0001')).toHaveLength(1);
    expect(await requests('?limit=2')).toHaveLength(2);
  });

  test('the last thousand', async () => {
    for (let at = 0; at < 1005; at += 1) await postJson(simulator, CODE_PATH, {});
    expect(await requests('?limit=1000')).toHaveLength(1000);
  });
});
