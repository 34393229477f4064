import { describe, expect, test } from 'bun:test';
import { useApp } from '../support/apps.ts';
import { present } from '../support/parts.ts';

/** The genuine bytes of the simulator, kept from PayCore: what the contract's callbacks may be made of. */

const app = useApp({}, 'file');

const PLUS = { appid: 'PLUS_APPID', secret_key: 'PLUS_SECRET_KEY' };

async function open() {
  const { json } = await app.create('plus/atm', { gateway_credentials: PLUS });
  return { paymentNo: String(json.data.payment_no), orderNo: String(json.data.gateway_order_no) };
}
const statusOf = async (paymentNo: string) => (await app.find(paymentNo)).status;

describe('a callback that is caught', () => {
  test('does not reach PayCore, and does what it would have done once it is posted', async () => {
    const { paymentNo, orderNo } = await open();
    const [caught] = await app.catchCallbacks(orderNo, () => app.simulate(orderNo, 'pay'));
    expect(await statusOf(paymentNo)).toBe('pending');
    const { url, type, body, headers, query } = present(caught);
    expect(type).toBe('application/x-www-form-urlencoded');
    expect(url).toBe(`${app.url}/api/paycore/webhooks/plus?${query}`);
    expect((await app.callback(body, type, 'plus', { headers, query })).status).toBe(200);
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
    await app.catchCallbacks(orderNo, () => app.simulate(orderNo, 'pay'));
    await app.simulate(orderNo, 'repeat');
    expect(await statusOf(paymentNo)).toBe('paid');
  });
});
