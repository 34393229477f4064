import { describe, expect, test } from 'bun:test';
import { type Changes, issue, KEY, random } from './smilepay-support.ts';
import { dropGaps, get, orderOf, postForm, postJson, useSimulator } from './support.ts';

const { clock, simulator } = useSimulator({ random });

describe('roturl.asp', () => {
  const ask = async (changes: Changes) => {
    const fields = { Dcvc: '107', Rvg2c: '1', Data_id: 'ORDER1', types: 'xml', ...changes };
    return (await get(simulator, `/ezpos/roturl.asp?${new URLSearchParams(dropGaps(fields))}`)).text();
  };
  const answer = (status: string, amount: string, paymentNo: string) =>
    `<?xml version="1.0" encoding="UTF-8"?><SmilePay><Status>${status}</Status><Amount>${amount}</Amount>` +
    `<Payment_no>${paymentNo}</Payment_no></SmilePay>`;
  const pay = (number: string) => postJson(simulator, `/simulator/orders/${number}/pay`, { callback: false });

  test('answers Status 1 before the payment too; only the amount tells', async () => {
    await issue(simulator);
    expect(await ask({})).toBe(answer('1', '0', ''));
    await pay('ORDER1');
    expect(await ask({})).toBe(answer('1', '980', '8011773423689453'));
    expect(await ask({ types: 'XML', Data_id: undefined, Smseid: '062223689453' })).toContain('<Amount>980<');
  });

  test('tells two orders of one Data_id apart by Smseid, and means the newest without', async () => {
    await issue(simulator);
    await issue(simulator);
    await pay('062223689453');
    expect(await ask({ Smseid: '062223689453' })).toContain('<Amount>980<');
    expect(await ask({ Smseid: '062223689454' })).toContain('<Amount>0<');
    expect(await ask({})).toContain('<Amount>0<');
  });

  test('knows nothing of orders of another shop', async () => {
    await issue(simulator);
    await pay('ORDER1');
    for (const changes of [{ Dcvc: '108' }, { Rvg2c: '2' }, { Data_id: 'ORDER2' }, { Data_id: undefined }]) {
      expect(await ask(changes)).toBe(answer('0', '0', ''));
    }
  });

  test('shows people a page', async () => {
    await issue(simulator);
    expect(await ask({ types: 'web' })).toContain('8011773423689453');
    expect(await ask({ types: undefined, Data_id: 'NONE' })).toContain('No such order');
  });
});

describe('the payer’s page', () => {
  const PAGE = '/smilepay/pay/062223689453';

  test('shows the number, and pays when asked to', async () => {
    await issue(simulator, { Roturl: 'http://127.0.0.1:1/hook' });
    const page = await (await get(simulator, PAGE)).text();
    expect(page).toContain('<code data-field="AtmNo">8011773423689453</code>');
    expect(page).toContain('測試商品');
    const answer = await postForm(simulator, `${PAGE}/pay`, {});
    expect(answer.headers.get('location')).toBe(PAGE);
    expect((await orderOf(simulator, 'ORDER1')).status).toBe('paid');
    const after = await (await get(simulator, PAGE)).text();
    expect(after).toContain('Paid');
    expect(after).not.toContain('<button');
    for (const step of ['pay', 'decline']) {
      expect((await postForm(simulator, `${PAGE}/${step}`, {})).status).toBe(303);
      expect((await orderOf(simulator, 'ORDER1')).status).toBe('paid');
    }
  });

  test('lets a transfer fail, after which it can be tried again', async () => {
    await issue(simulator);
    await postForm(simulator, `${PAGE}/decline`, {});
    expect((await orderOf(simulator, 'ORDER1')).status).toBe('declined');
    expect(await (await get(simulator, PAGE)).text()).toContain('data-action="pay"');
  });

  test('says when the deadline is over', async () => {
    await issue(simulator);
    clock.now = Date.parse('2026-06-29T00:00:00+08:00');
    expect((await orderOf(simulator, 'ORDER1')).status).toBe('expired');
    expect(await (await get(simulator, PAGE)).text()).toContain('The deadline is over');
    await postJson(simulator, '/simulator/orders/ORDER1/pay', { callback: false });
    expect((await orderOf(simulator, 'ORDER1')).status).toBe('paid');
  });

  test('writes what the shop sent as text', async () => {
    await issue(simulator, { Od_sob: '<script>x</script>' });
    expect(await (await get(simulator, PAGE)).text()).not.toContain('<script>x');
    const order = await (await get(simulator, '/simulator/orders/ORDER1/page')).text();
    expect(order).not.toContain('<script>x');
    expect(order).not.toContain(KEY);
  });

  test('exists for orders only', async () => {
    expect((await get(simulator, '/smilepay/pay/000000000000')).status).toBe(404);
  });
});
