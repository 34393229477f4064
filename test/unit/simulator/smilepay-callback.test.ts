import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { Bench, FIRST, KEY, PATH } from './smilepay-support.ts';
import { get, orderOf, postForm, postJson } from './support.ts';

/** 2026/06/23 22:07:36 in Taipei. */
const PAID_AT = Date.UTC(2026, 5, 23, 14, 7, 36);

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

describe('the callback of a paid order', () => {
  test('of an account is the form of 2021, byte for byte', async () => {
    await bench.issue();
    bench.now = PAID_AT;
    expect((await bench.act(FIRST, 'pay')).status).toBe(200);
    expect(bench.shop.received).toHaveLength(1);
    expect(bench.shop.received[0]?.headers.get('content-type')).toBe('application/x-www-form-urlencoded');
    expect(bench.body(0)).toBe(
      'Classif=B&Od_sob=ORDER202606220001&Data_id=ORDER202606220001&Process_date=2026/6/23' +
        '&Process_time=%A4U%A4%C8+10%3A07%3A36&Response_id=0&Auth_code=&LastPan=&Moneytype=TW&Purchamt=980&Amount=980' +
        '&Errdesc=&Pur_name=&Tel_number=&Mobile_number=&Address=&Email=test%40example.com&Invoice_num=' +
        '&Smseid=062223689453&Mid_smilepay=270&Remark=&Payment_no=8011773423689453%2C&Foreign=&Veirify_number=' +
        '&Fee=8&Ship_Fee=0',
    );
    expect(await bench.last()).toMatchObject({
      kind: 'paid',
      url: bench.shop.url('/hook?Dcvc=107&t=abc9'),
      status: 200,
      acknowledged: true,
    });
  });

  test('comes as UTF-8 on request', async () => {
    await bench.issue({ Od_sob: '商品' });
    bench.now = Date.parse('2026-06-23T00:03:05+08:00');
    await bench.act(FIRST, 'pay', { encoding: 'utf8' });
    expect(bench.body(0)).toContain('&Process_time=%E4%B8%8A%E5%8D%88+12%3A03%3A05&');
    expect(bench.body(0)).toContain('&Od_sob=%E5%95%86%E5%93%81&');
  });

  test('writes the shop’s own texts in Big5, with ? for what Big5 has not', async () => {
    await bench.issue({ Od_sob: '測試商品 😀', Pur_name: '王小明', Address: '台北市 & 1+1=2' });
    await bench.act(FIRST, 'pay');
    expect(bench.form(0)).toMatchObject({ Od_sob: '測試商品 ?', Pur_name: '王小明', Address: '台北市 & 1+1=2' });
  });

  test('names each way to pay, and the code that was paid', async () => {
    const methods = { '3': 'BARCODE', '4': 'IBON', '6': 'FAMI' };
    for (const [Pay_zg, Data_id] of Object.entries(methods)) {
      await bench.issue({ Pay_zg, Data_id });
      await bench.act(Data_id, 'pay');
    }
    expect(bench.form(0)).toMatchObject({ Classif: 'C', Payment_no: '', Response_id: '0', Auth_code: '' });
    expect(bench.form(1)).toMatchObject({ Classif: 'E', Payment_no: '21623689454,', Response_id: '1' });
    expect(bench.form(1).Auth_code).toMatch(/^\d{11}$/);
    expect(bench.form(2)).toMatchObject({ Classif: 'F', Payment_no: '66012323689455,', Response_id: '1' });
  });

  test('is JSON in the catalogue’s names on request, and then wants OK', async () => {
    await bench.issue({ Deadline_date: '2026/06/28' });
    bench.shop.answer = () => new Response('OK');
    await bench.act(FIRST, 'pay', { shape: 'catalogue', validation_token: 'v1' });
    expect(bench.shop.received[0]?.headers.get('content-type')).toBe('application/json');
    expect(JSON.parse(bench.body(0))).toEqual({
      Dcvc: '107',
      Data_id: 'ORDER202606220001',
      SmilePayNO: FIRST,
      Amount: '980',
      Status: '1',
      AtmBankNo: '809',
      AtmNo: '8011773423689453',
      PayEndDate: '2026/06/28 23:59:59',
      validation_token: 'v1',
    });
    expect(await bench.last()).toMatchObject({ acknowledged: true, url: bench.shop.url('/hook?Dcvc=107&t=abc9') });
    await bench.act(FIRST, 'repeat', { shape: 'catalogue' });
    expect(JSON.parse(bench.body(1))).not.toHaveProperty('validation_token');
  });

  test('refuses words it does not know', async () => {
    await bench.issue();
    expect((await bench.act(FIRST, 'pay', { shape: 'xml' })).status).toBe(400);
    expect((await bench.act(FIRST, 'pay', { encoding: 'latin1' })).status).toBe(400);
    expect((await bench.act(FIRST, 'pay', { times: 101 })).status).toBe(400);
    expect((await orderOf(bench.simulator, FIRST)).status).toBe('issued');
  });
});

describe('an acknowledgement', () => {
  const isTaken = async (answer: Response, input: Record<string, string> = {}): Promise<unknown> => {
    bench.shop.answer = () => answer;
    await bench.act(FIRST, 'repeat', input);
    return (await bench.last()).acknowledged;
  };
  beforeEach(async () => {
    await bench.issue();
    await bench.act(FIRST, 'pay', { callback: false });
  });

  test('is the word of the order inside Roturlstatus, and blank around it', async () => {
    expect(await isTaken(new Response(' <Roturlstatus>PSOK</Roturlstatus>\r\n'))).toBe(true);
  });

  test('is nothing else', async () => {
    const wrong = ['OK', 'PSOK', '<Roturlstatus>OK</Roturlstatus>', '<Roturlstatus>PSOK</Roturlstatus>1', ''];
    for (const text of wrong) expect(await isTaken(new Response(text))).toBe(false);
    const failed = new Response('<Roturlstatus>PSOK</Roturlstatus>', { status: 500 });
    expect(await isTaken(failed)).toBe(false);
  });

  test('of the catalogue shape is OK alone', async () => {
    expect(await isTaken(new Response('OK'), { shape: 'catalogue' })).toBe(true);
    expect(await isTaken(new Response('<Roturlstatus>PSOK</Roturlstatus>'), { shape: 'catalogue' })).toBe(false);
  });

  test('of an order without Roturl_status has OK inside', async () => {
    await bench.issue({ Roturl_status: '', Data_id: 'PLAIN' });
    bench.shop.answer = () => new Response('<Roturlstatus>OK</Roturlstatus>');
    await bench.act('PLAIN', 'pay');
    expect(await bench.last('PLAIN')).toMatchObject({ acknowledged: true });
  });
});

describe('actions', () => {
  test('an unacknowledged callback comes again until it is taken', async () => {
    await bench.issue();
    bench.shop.answer = () => new Response('busy', { status: 500 });
    await bench.act(FIRST, 'pay');
    expect(bench.timers.waiting).toHaveLength(1);
    bench.shop.answer = () => new Response('<Roturlstatus>PSOK</Roturlstatus>');
    await bench.fireUntil(2);
    expect(bench.body(1)).toBe(bench.body(0));
    expect((await orderOf(bench.simulator, FIRST)).callbacks.map((one) => one.acknowledged)).toEqual([false, true]);
    expect(bench.timers.waiting).toHaveLength(0);
  });

  test('pay can call back many times, at once, later or not at all', async () => {
    await bench.issue();
    await bench.act(FIRST, 'pay', { times: 3, parallel: true });
    expect(bench.shop.received).toHaveLength(3);
    await bench.issue({ Data_id: 'LATER' });
    await bench.act('LATER', 'pay', { delay_ms: 5000 });
    expect(bench.timers.waiting.map((timer) => timer.ms)).toEqual([5000]);
    await bench.issue({ Data_id: 'QUIET' });
    await bench.act('QUIET', 'pay', { callback: false });
    expect(bench.shop.received).toHaveLength(3);
    expect((await orderOf(bench.simulator, 'QUIET')).status).toBe('paid');
  });

  test('an order is paid once, and after that neither fails nor expires', async () => {
    await bench.issue();
    await bench.act(FIRST, 'pay');
    for (const action of ['pay', 'decline', 'expire']) expect((await bench.act(FIRST, action)).status).toBe(409);
    expect(bench.shop.received).toHaveLength(1);
  });

  test('decline and expire tell the shop nothing, and money can still come in late', async () => {
    await bench.issue();
    await bench.act(FIRST, 'decline');
    expect((await orderOf(bench.simulator, FIRST)).status).toBe('declined');
    await bench.act(FIRST, 'expire');
    expect((await orderOf(bench.simulator, FIRST)).status).toBe('expired');
    expect(bench.shop.received).toHaveLength(0);
    await bench.act(FIRST, 'pay');
    expect(await orderOf(bench.simulator, FIRST)).toMatchObject({ status: 'paid', paid: true });
    expect(bench.shop.received).toHaveLength(1);
  });

  test('repeat says the same once more, when there is something to say', async () => {
    await bench.issue();
    expect((await bench.act(FIRST, 'repeat')).status).toBe(409);
    await bench.act(FIRST, 'pay');
    bench.now += 3_600_000;
    await bench.act(FIRST, 'repeat', { times: 2 });
    expect(bench.shop.received).toHaveLength(3);
    expect(bench.body(2)).toBe(bench.body(0));
  });

  test('types=url sends the callback of a paid order again', async () => {
    await bench.issue();
    const ask = async () => {
      const fields = { Dcvc: '107', Rvg2c: '1', Data_id: 'ORDER202606220001', Types: 'url' };
      return (await postForm(bench.simulator, '/ezpos/roturl.asp', fields)).text();
    };
    expect(await ask()).toBe('查無繳費資料');
    await bench.act(FIRST, 'pay', { callback: false });
    expect(await ask()).toBe('資料已返送完成');
    expect(await bench.last()).toMatchObject({ kind: 'resent', acknowledged: true });
    bench.shop.answer = () => new Response('no', { status: 400 });
    expect(await ask()).toBe('資料返送失敗');
    expect(bench.timers.waiting).toHaveLength(0);
  });

  test('the merchant’s own parameter goes into Mid_smilepay', async () => {
    await postJson(bench.simulator, '/simulator/smilepay/merchants', { dcvc: '107', mid: '12' });
    await bench.issue();
    await bench.act(FIRST, 'pay');
    expect(bench.form(0).Mid_smilepay).toBe('261');
  });

  test('orders, keys, switches and callbacks survive a restart', async () => {
    await bench.issue();
    await bench.act(FIRST, 'pay');
    await postJson(bench.simulator, '/simulator/smilepay/services', { dcvc: '107', pay_zg: '6', enabled: false });
    const saved = await orderOf(bench.simulator, FIRST);
    bench.restart();
    expect(await orderOf(bench.simulator, FIRST)).toEqual(saved);
    expect(saved.callbacks).toHaveLength(1);
    const ask = async (changes: Record<string, string>) => {
      const fields = { Dcvc: '107', Rvg2c: '1', Verify_key: KEY, Pay_zg: '6', ...changes };
      return (await postForm(bench.simulator, PATH, fields)).text();
    };
    expect(await ask({})).toContain('-3003');
    expect(await ask({ Verify_key: KEY.replace('0', 'A') })).toContain('-2002');
    await bench.act(FIRST, 'repeat');
    expect(bench.body(1)).toBe(bench.body(0));
  });

  test('an unknown order is 404', async () => {
    expect((await bench.act('NONE', 'pay')).status).toBe(404);
    expect((await get(bench.simulator, '/simulator/orders/NONE')).status).toBe(404);
  });
});
