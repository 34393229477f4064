import { describe, expect, test } from 'bun:test';
import { useApp } from '../../support/apps.ts';
import { ACCOUNT, CALL, type Opened, QUERY, smilepayBench } from './smilepay-bench.ts';

const app = useApp({ gatewayTimeoutMs: 300 });
const { calls, lastCall, open } = smilepayBench(() => app);

describe('a callback', () => {
  const FORM = 'application/x-www-form-urlencoded';
  const UNCONFIRMED = 'SmilePay callback not confirmed.';

  const forge = async ({ tradeNo }: Opened, body: object) => {
    const [caught] = await app.catchCallbacks(
      () => true,
      () => app.simulate(tradeNo, 'forge', body),
    );
    const { type, body: bytes, query } = caught ?? { type: '', body: '', query: '' };
    return app.callback(bytes, type, 'smilepay', { query });
  };
  const PLAIN = 'text/plain; charset=UTF-8';
  const refused = (text: string) => ({ status: 400, type: PLAIN, text });

  const REFUSALS = {
    'wrong-token': UNCONFIRMED,
    'no-token': UNCONFIRMED,
    amount: 'SmilePay amount mismatch.',
    'wrong-dcvc': 'SmilePay Dcvc mismatch.',
  } as const;
  for (const [kind, message] of Object.entries(REFUSALS)) {
    for (const shape of ['form', 'catalogue']) {
      test(`that is forged as ${kind}, ${shape}, is refused: ${message}`, async () => {
        const target = await open();
        expect(await forge(target, { kind, shape })).toEqual(refused(message));
        expect((await app.find(target.no)).status).toBe('pending');
      });
    }
  }

  test('at the address of another order pays neither', async () => {
    const [target, other] = [await open(), await open()];
    expect(await forge(target, { kind: 'other-order' })).toEqual(refused(UNCONFIRMED));
    expect([(await app.find(target.no)).status, (await app.find(other.no)).status]).toEqual(['pending', 'pending']);
  });

  test('without money is acknowledged and pays nothing', async () => {
    const target = await open();
    expect(await forge(target, { kind: 'unpaid' })).toEqual({
      status: 200,
      type: PLAIN,
      text: '<Roturlstatus>OK</Roturlstatus>',
    });
    expect(await forge(target, { kind: 'unpaid', shape: 'catalogue' })).toEqual({
      status: 200,
      type: PLAIN,
      text: 'OK',
    });
    expect(await app.find(target.no)).toMatchObject({ status: 'pending', flags: [] });
  });

  test('with a check code that is wrong is refused where the parameter is stored', async () => {
    const strict = await open('atm', { gateway_credentials: { ...ACCOUNT, dcvc: '108', mid: '1111' } });
    expect(await forge(strict, { kind: 'wrong-mid' })).toEqual(refused('SmilePay Mid_smilepay mismatch.'));
    await app.simulate(strict.tradeNo, 'pay');
    expect((await app.find(strict.no)).status).toBe('paid');
    const easy = await open();
    expect((await forge(easy, { kind: 'wrong-mid' })).status).toBe(200);
  });

  test('of another amount leaves a line for the merchant, and puts the payment before him', async () => {
    const { no, tradeNo, data } = await open();
    await app.simulate(tradeNo, 'forge', { kind: 'amount' });
    expect(await app.find(no)).toMatchObject({ status: 'pending', flags: ['mismatch', 'attention'] });
    const line = app.log.map((text) => JSON.parse(text)).find(({ msg }) => msg === 'SmilePay amount mismatch detail');
    expect(line).toMatchObject({
      payment_no: no,
      expected_amount: 980,
      received_amount: '981',
      matched_by: 'tradeNo',
      payload_data_id: data.gateway_order_no,
      payload_smilepay_no: tradeNo,
    });
  });

  test('that comes again is acknowledged and counts once', async () => {
    const { no, tradeNo } = await open();
    await app.simulate(tradeNo, 'pay', { times: 3, parallel: true });
    await app.simulate(tradeNo, 'repeat', { encoding: 'utf8' });
    const order = await app.simulate(tradeNo, 'forge', { kind: 'replay' });
    expect((order.callbacks as { acknowledged: boolean }[]).map(({ acknowledged }) => acknowledged)).toEqual(
      Array(5).fill(true),
    );
    expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [] });
    await app.deliver();
    expect(app.shop.received.length).toBe(1);
  });

  test('that proves nothing makes us ask SmilePay, and counts when SmilePay says so', async () => {
    const { no, data } = await open('cvs', { merchant_order_no: 'SHOP-0001' });
    const post = (note: string) =>
      app.callback(
        JSON.stringify({ Dcvc: '107', Data_id: 'SHOP-0001', Amount: 980, Status: 1, note }),
        'application/json',
        'smilepay',
      );
    expect(await post('first')).toEqual(refused(UNCONFIRMED));
    expect(calls(QUERY).length).toBe(1);
    await app.simulate(String(data.gateway_trade_no), 'pay', { callback: false });
    expect(await post('second')).toEqual({ status: 200, type: PLAIN, text: 'OK' });
    expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [] });
  });

  test('of a code that was paid at another chain’s machine counts when SmilePay says so', async () => {
    const { no, tradeNo, data } = await open('cvs');
    const query = new URL(lastCall().Roturl ?? '').search.slice(1);
    const post = (note: string) => {
      const fields = {
        Classif: 'L',
        Data_id: String(data.gateway_order_no),
        Smseid: tradeNo,
        Amount: '980',
        Remark: note,
      };
      return app.callback(new URLSearchParams(fields), FORM, 'smilepay', { query });
    };
    expect((await post('first')).status).toBe(200);
    expect((await app.find(no)).status).toBe('pending');
    await app.simulate(tradeNo, 'pay', { callback: false });
    expect((await post('second')).status).toBe(200);
    expect((await app.find(no)).status).toBe('paid');
  });

  test('about nothing of ours, or that cannot be read, is refused', async () => {
    const unknown = { Classif: 'B', Data_id: 'NOBODY', Smseid: '1', Amount: '980' };
    expect(await app.callback(new URLSearchParams(unknown), FORM, 'smilepay')).toEqual(
      refused('SmilePay transaction not found.'),
    );
    expect(await app.callback('', FORM, 'smilepay')).toEqual(refused('SmilePay callback cannot be read.'));
    expect(await app.rows.count('unmatchedCallbacks')).toBe(2);
  });
});

describe('a merchant with a validation token', () => {
  const guarded = { gateway_credentials: { ...ACCOUNT, dcvc: '109', validation_token: 'my-own-secret' } };
  const simulation = (target: Opened, change: object = {}) =>
    app.callback(
      JSON.stringify({ Dcvc: '109', Data_id: target.data.merchant_order_no, Amount: '980', Status: '1', ...change }),
      'application/json',
      'smilepay',
    );

  test('gets it back in the address, hidden, and is paid', async () => {
    const { no, tradeNo } = await open('barcode', guarded);
    expect(calls(CALL)[0]?.body).toContain('vt%3D');
    expect(calls(CALL)[0]?.body).not.toContain('my-own-secret');
    await app.simulate(tradeNo, 'pay');
    expect((await app.find(no)).status).toBe('paid');
  });

  test('may simulate a payment with it, and nobody may without', async () => {
    const target = await open('atm', guarded);
    const text = 'SmilePay validation token mismatch.';
    for (const change of [{}, { validation_token: '' }, { validation_token: 'My-own-secret' }]) {
      expect((await simulation(target, change)).text).toBe(text);
    }
    expect(calls(QUERY)).toEqual([]);
    expect((await app.find(target.no)).status).toBe('pending');
    expect((await simulation(target, { validation_token: 'my-own-secret' })).text).toBe('OK');
    expect(await app.find(target.no)).toMatchObject({ status: 'paid', flags: [] });
    expect(app.log.join('\n')).not.toContain('my-own-secret');
  });
});
