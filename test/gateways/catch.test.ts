import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startApp, type TestApp } from '../support/app.ts';

/** The genuine bytes of the simulator, kept from PayCore: what the contract's callbacks may be made of. */

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

async function open() {
  const { json } = await app.create('ecpay/atm');
  return { paymentNo: String(json.data.payment_no), orderNo: String(json.data.gateway_order_no) };
}
const statusOf = async (paymentNo: string) => (await app.find(paymentNo)).status;

describe('a callback that is caught', () => {
  test('does not reach PayCore, and does what it would have done once it is posted', async () => {
    const { paymentNo, orderNo } = await open();
    const [caught] = await app.catchCallbacks(orderNo, () => app.simulate(orderNo, 'pay'));
    expect(await statusOf(paymentNo)).toBe('pending');
    expect(caught).toMatchObject({ type: 'application/json', url: `${app.url}/api/paycore/webhooks/ecpay`, query: '' });
    if (!caught) throw new Error('nothing was caught');
    const { headers, query, body, type } = caught;
    expect((await app.callback(body, type, 'ecpay', { headers, query })).text).toBe('1|OK');
    expect(await statusOf(paymentNo)).toBe('paid');
  });

  test('is the wanted one only: others go their way', async () => {
    const [one, two] = [await open(), await open()];
    await app.catchCallbacks(one.orderNo, async () => {
      await app.simulate(two.orderNo, 'pay');
      await app.simulate(one.orderNo, 'pay');
    });
    expect([await statusOf(one.paymentNo), await statusOf(two.paymentNo)]).toEqual(['pending', 'paid']);
  });

  test('is each one’s own when several wait for the same order', async () => {
    const { orderNo } = await open();
    const repeat = () => app.catchCallbacks(orderNo, () => app.simulate(orderNo, 'repeat'));
    await app.catchCallbacks(orderNo, () => app.simulate(orderNo, 'pay'));
    const caught = await Promise.all(Array.from({ length: 5 }, repeat));
    expect(caught.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
  });

  test('is not caught any more afterwards', async () => {
    const { paymentNo, orderNo } = await open();
    await app.catchCallbacks(orderNo, () => app.simulate(orderNo, 'decline'));
    await app.simulate(orderNo, 'pay');
    expect(await statusOf(paymentNo)).toBe('paid');
  });
});
