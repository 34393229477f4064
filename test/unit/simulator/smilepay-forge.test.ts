import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { midSmilePay } from '../../../src/simulator/smilepay/callback.ts';
import { Bench, FIRST } from './smilepay-support.ts';
import { orderOf } from './support.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

describe('forge', () => {
  beforeEach(async () => {
    bench.shop.answer = () => new Response('no', { status: 400 });
    await bench.issue();
  });
  const forge = async (kind: string, input: Record<string, string> = {}) => {
    const response = await bench.act(FIRST, 'forge', { kind, ...input });
    return { status: response.status, record: await bench.last(), fields: bench.form(-1) };
  };
  const genuine = { Purchamt: '980', Amount: '980', Smseid: FIRST, Mid_smilepay: '270' };

  test('never comes again and changes no state', async () => {
    const { status, record } = await forge('amount');
    expect(status).toBe(200);
    expect(record).toMatchObject({ kind: 'forged:amount', status: 400, answer: 'no', acknowledged: false });
    expect((await orderOf(bench.simulator, FIRST)).status).toBe('issued');
    expect(bench.timers.waiting).toHaveLength(0);
  });

  test('wrong-token and no-token only touch the address', async () => {
    const wrong = await forge('wrong-token');
    expect(wrong.record.url).toBe(bench.shop.url('/hook?Dcvc=107&t=abc0'));
    expect(wrong.fields).toMatchObject(genuine);
    const none = await forge('no-token');
    expect(none.record.url).toBe(bench.shop.url('/hook?Dcvc=107'));
    expect(none.fields).toMatchObject(genuine);
  });

  test('a token cannot be forged where there is none', async () => {
    await bench.issue({ Data_id: 'BARE', Roturl: bench.shop.url('/hook?Dcvc=107') });
    expect((await bench.act('BARE', 'forge', { kind: 'no-token' })).status).toBe(422);
    expect(bench.shop.received).toHaveLength(0);
  });

  test('amount is one more, with the check code that fits it', async () => {
    const { fields } = await forge('amount');
    expect(fields).toMatchObject({ Purchamt: '981', Amount: '981', Mid_smilepay: midSmilePay('1111', 981, FIRST) });
  });

  test('other-order is another order of the shop, or none at all', async () => {
    const none = await forge('other-order');
    expect(none.fields.Smseid).toMatch(/^9999\d{8}$/);
    expect(none.fields.Data_id).toMatch(/^X\d{17}$/);
    await bench.issue({ Data_id: 'OTHER', Od_sob: 'Other' });
    await bench.issue({ Dcvc: '108', Data_id: 'STRANGE' });
    const { fields, record } = await forge('other-order');
    expect(fields).toMatchObject({ Data_id: 'OTHER', Od_sob: 'Other', Smseid: '062223689454', Amount: '980' });
    expect(fields.Payment_no).toBe('8011773423689454,');
    expect(record.url).toBe(bench.shop.url('/hook?Dcvc=107&t=abc9'));
  });

  test('wrong-mid fits no parameter', async () => {
    expect((await forge('wrong-mid')).fields.Mid_smilepay).toBe('271');
    expect((await forge('wrong-mid', { shape: 'catalogue' })).status).toBe(422);
  });

  test('wrong-dcvc stands where the shop reads it', async () => {
    const form = await forge('wrong-dcvc');
    expect(form.record.url).toBe(bench.shop.url('/hook?Dcvc=100&t=abc9'));
    expect(form.fields).not.toHaveProperty('Dcvc');
    await forge('wrong-dcvc', { shape: 'catalogue' });
    expect(JSON.parse(bench.body(-1))).toMatchObject({ Dcvc: '100', Status: '1' });
    await bench.issue({ Data_id: 'BARE', Roturl: bench.shop.url('/hook?t=abc9') });
    await bench.act('BARE', 'forge', { kind: 'wrong-dcvc' });
    expect(bench.form(-1).Dcvc).toBe('100');
  });

  test('unpaid received nothing', async () => {
    expect((await forge('unpaid')).fields).toMatchObject({ Purchamt: '980', Amount: '0', Mid_smilepay: '270' });
    await forge('unpaid', { shape: 'catalogue' });
    expect(JSON.parse(bench.body(-1))).toMatchObject({ Amount: '0', Status: '0' });
  });

  test('replay is the last genuine callback, byte for byte', async () => {
    expect((await forge('replay')).status).toBe(409);
    await bench.act(FIRST, 'pay', { encoding: 'utf8' });
    const sent = bench.body(-1);
    bench.now += 60_000;
    await forge('amount');
    await forge('replay');
    expect(bench.body(-1)).toBe(sent);
  });

  test('an unknown kind is refused', async () => {
    for (const kind of ['nonsense', 'constructor', '']) expect((await forge(kind)).status).toBe(422);
    expect(bench.shop.received).toHaveLength(0);
  });
});
