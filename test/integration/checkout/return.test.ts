import { describe, expect, test } from 'bun:test';
import { createShop, type Sold } from '../../gateways/paypal-shop.ts';
import { useApp } from '../../support/apps.ts';

/** What a payer is told who comes back from the gateway after its callback has. */

const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
const shop = createShop(app);

test('that his payment was declined, though the webhook was faster than he', async () => {
  const { no, tradeNo } = await shop.sell();
  await shop.arrange(tradeNo, 'instrument_declined');
  await app.simulate(tradeNo, 'approve');
  const page = await shop.handleReturn(shop.wayBack(tradeNo));
  expect([page.status, page.notice]).toEqual([200, 'declined']);
  expect(await shop.find(no)).toMatchObject({ status: 'pending' });
});

test('nothing, when no payment of his was declined', async () => {
  const { tradeNo } = await shop.sell();
  const page = await shop.handleReturn(shop.wayBack(tradeNo));
  expect([page.status, page.notice]).toEqual([200, undefined]);
});

describe('many who come back at once, or one who reloads', () => {
  /** What the schedule has slept for; the places it sleeps in are shared by all gateways. */
  function watchSleep(): number[] {
    const slept: number[] = [];
    Object.assign(app.deps, { sleep: async (ms: number) => void slept.push(ms) });
    return slept;
  }
  const dueAt = async (no: string): Promise<number | null> =>
    (await app.deps.store.findPayment(no))?.attempt?.checkAt ?? null;
  const makeDue = () => app.tamper.setCheckAt(app.clock.now());

  test('do not put off what the schedule has to look at', async () => {
    const one = await shop.sell();
    const two = await shop.sell();
    const slept = watchSleep();
    const back = shop.wayBack(two.tradeNo);
    for (let n = 0; n < 400; n += 1) await app.request(back);
    slept.length = 0;
    app.gateway.received.length = 0;
    await makeDue();
    await app.check();
    expect(Math.max(0, ...slept)).toBeLessThanOrEqual(3000);
    expect(shop.calls(`/v2/checkout/orders/${one.tradeNo}`)).toHaveLength(1);
  });

  test('leave a look of the schedule whose turn is far away for later, and it is made then', async () => {
    const sold: Sold[] = [];
    for (let n = 0; n < 20; n += 1) sold.push(await shop.sell());
    const slept = watchSleep();
    app.gateway.received.length = 0;
    await makeDue();
    const now = app.clock.now();
    await app.check();
    const looked = () => sold.filter(({ tradeNo }) => shop.calls(`/v2/checkout/orders/${tradeNo}`).length > 0);
    // The clock stands still here: what would have had its turn after three seconds is left.
    expect([looked().length, Math.max(...slept)]).toEqual([13, 3000]);
    const dues = await Promise.all(sold.map(({ no }) => dueAt(no)));
    expect(dues.filter((due) => due === now + 3250)).toHaveLength(7);
    app.clock.advance(3250);
    await app.check();
    expect(looked()).toHaveLength(20);
  });
});

describe('an address that lost its token', () => {
  const bare = (no: string) => `/zh-tw/payment/paypal/return/${no}`;

  test('still takes what the payer has approved, and shows nothing', async () => {
    const { no, tradeNo } = await shop.sell();
    await shop.arrange(tradeNo, 'completed');
    await shop.approve(tradeNo);
    const { status, text } = await shop.handleReturn(bare(no));
    expect(await shop.find(no)).toMatchObject({ status: 'paid' });
    expect(shop.captures(tradeNo)).toHaveLength(1);
    expect(status).toBe(200);
    for (const secret of [no, tradeNo, 'data-status', 'token=']) expect(text).not.toContain(secret);
    const other = await shop.sell();
    expect((await shop.handleReturn(bare(other.no))).text).toBe(text);
  });

  test('takes nothing that was not approved, and asks no more than once in ten seconds', async () => {
    const { no, tradeNo } = await shop.sell();
    const asked = () => shop.calls(`/v2/checkout/orders/${tradeNo}`).length;
    for (let n = 0; n < 5; n += 1) await app.request(bare(no));
    expect([asked(), shop.captures(tradeNo).length]).toEqual([1, 0]);
    app.clock.advance(10_000);
    await app.request(bare(no));
    expect(asked()).toBe(2);
    await app.request(`${bare(no)}?cancelled=1`);
    await app.request(`/zh-tw/payment/stripe/return/${no}`);
    expect([asked(), (await shop.find(no)).status]).toEqual([2, 'pending']);
  });
});
