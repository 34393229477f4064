import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { SyncTrigger } from '../../../src/core/lifecycle/sync.ts';
import { HOUR } from '../../../src/core/time.ts';
import { createSyncAttempt, explainSync } from '../../../src/payments/sync/attempt.ts';
import { createPacer } from '../../../src/payments/sync/pacer.ts';
import { OURS } from '../../gateways/paypal-callbacks.ts';
import { createShop, type Sold } from '../../gateways/paypal-shop.ts';
import { useApp } from '../../support/apps.ts';
import { present } from '../../support/parts.ts';
import { holdSleep } from '../../support/turns.ts';

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

test('and when the gateway cannot be asked, his reloading leaves nothing behind', async () => {
  const { no, tradeNo } = await shop.sell();
  const back = shop.wayBack(tradeNo);
  const { payment } = present(await app.deps.store.findPayment(no));
  const before = await app.deps.store.listEvents(payment.id);
  app.gateway.answer = () => new Response('busy', { status: 500 });
  for (let n = 0; n < 3; n += 1) expect((await shop.handleReturn(back)).notice).toBe('capture_failed');
  expect(await app.deps.store.listEvents(payment.id)).toEqual(before);
  // A caller of the API, who has a key, finds what he did on the timeline.
  expect((await shop.sync(no)).status).toBe(502);
  app.gateway.answer = null;
  expect((await app.deps.store.listEvents(payment.id)).slice(before.length)).toMatchObject([{ type: 'sync' }]);
});

describe('many who come back at once', () => {
  let held: ReturnType<typeof holdSleep>;
  let isShared = false;
  beforeEach(() => {
    held = holdSleep();
    Object.assign(app.deps, { sleep: held.sleep });
    // One process alone: where several serve, the database gives out the turns (`test/integration/nodes`).
    isShared = app.deps.store.isShared;
    Object.assign(app.deps.store, { isShared: false });
  });
  afterEach(async () => {
    while (held.sleeping.length > 0) await held.wake();
    Object.assign(app.deps, { sleep: async () => {} });
    Object.assign(app.deps.store, { isShared });
  });

  type Payer = Sold & { readonly back: string };
  const sellMany = async (count: number): Promise<readonly Payer[]> => {
    const sold: Payer[] = [];
    for (let n = 0; n < count; n += 1) {
      const one = await shop.sell();
      sold.push({ ...one, back: shop.wayBack(one.tradeNo) });
    }
    return sold;
  };
  const looksAt = ({ tradeNo }: Sold) => shop.calls(`/v2/checkout/orders/${tradeNo}`).length;
  const looks = (sold: readonly Sold[]) => sold.reduce((sum, one) => sum + looksAt(one), 0);
  const comeBack = (sold: readonly Payer[]) =>
    Promise.all(sold.map(({ back }) => app.request(back).then(({ status }) => status)));

  /** So many payers wait for the turn after next. */
  const areWaiting = async (count: number): Promise<void> => {
    while (held.sleeping.filter((ms) => ms === 1000).length < count) await Bun.sleep(1);
  };

  test('wait a second at most: one question goes out, a few follow in their turn, and of the others none is put', async () => {
    const sold = await sellMany(20);
    const pages = comeBack(sold);
    await areWaiting(8);
    while (looks(sold) < 1) await Bun.sleep(1);
    expect([held.sleeping.toSorted(), looks(sold)]).toEqual([[...Array<number>(8).fill(1000), 250], 1]);
    for (let turn = 1; turn <= 8; turn += 1) {
      await held.wake();
      while (looks(sold) < 1 + turn) await Bun.sleep(1);
      expect([held.sleeping, looks(sold)]).toEqual([[250], 1 + turn]);
    }
    await held.wake();
    expect([held.sleeping, looks(sold)]).toEqual([[], 9]);
    expect(new Set(await pages)).toEqual(new Set([200]));
  });

  test('see what came of it when the next turn is theirs', async () => {
    const [one, two] = await sellMany(2);
    await comeBack([present(one)]);
    const { no, back, tradeNo } = present(two);
    await shop.approve(tradeNo);
    let page = '';
    const shown = app.request(back).then(async (response) => {
      page = await response.text();
    });
    await areWaiting(1);
    // Taking what was approved is a call more.
    while (page === '') await held.wake(250);
    await shown;
    expect(page).toContain(`data-payment-no="${no}" data-status="paid"`);
  });

  test('or one who reloads: he has one question under way, whatever he presses', async () => {
    const [one, two] = await sellMany(2);
    await comeBack([present(one)]);
    const pages = Array.from({ length: 20 }, () => comeBack([present(two)]));
    await areWaiting(20);
    for (let turn = 0; turn < 3; turn += 1) {
      await held.wake();
      await Bun.sleep(20);
    }
    expect([looksAt(present(one)), looksAt(present(two)), held.sleeping]).toEqual([1, 1, []]);
    await Promise.all(pages);
  });

  test('keep neither a caller of the API nor the schedule waiting longer than their next turns', async () => {
    const sold = await sellMany(20);
    const [one, two] = await Promise.all([shop.sell(), shop.sell()]);
    const pages = comeBack(sold);
    await areWaiting(8);
    const { id: attemptId } = present((await app.deps.store.findPayment(two.no))?.attempt);
    const now = app.clock.now();
    await app.deps.store.planSync({ attemptId, checkAt: now, syncTries: 0, notFoundCount: 0 }, now);
    const job = app.program.jobs.syncs;
    await job.run();
    const answer = shop.sync(one.no);
    // They are on their way to where they wait.
    await Bun.sleep(50);
    const before = looks(sold);
    for (let turn = 0; turn < 2; turn += 1) {
      await held.wake();
      await Bun.sleep(20);
    }
    expect((await answer).status).toBe(200);
    await job.settled();
    expect([looksAt(one), looksAt(two), looks(sold)]).toEqual([1, 1, before]);
    await pages;
  });
});

describe('a question for which there is no room', () => {
  const ACCOUNT = { gateway: 'paypal', environment: 'sandbox', merchantId: OURS.client_id } as const;

  async function ask(trigger: SyncTrigger) {
    const { no } = await shop.sell();
    const { payment, attempt } = present(await app.deps.store.findPayment(no));
    const held = holdSleep();
    const store = { isShared: false, takeQueryTurn: async () => 0 };
    const pacer = createPacer({ clock: app.clock, sleep: held.sleep, store });
    for (let n = 0; n < 81; n += 1) void pacer.takeTurn(ACCOUNT, trigger);
    const result = await createSyncAttempt(app.deps, pacer)(payment, present(attempt), trigger);
    const { checkAt } = present((await app.deps.store.findPayment(no))?.attempt);
    return { no, attempt: present(attempt), result, checkAt };
  }

  test('of the schedule is put then', async () => {
    const { result, checkAt } = await ask('schedule');
    expect(result).toMatchObject({ asked: false, result: 'busy' });
    expect(checkAt).toBe(app.clock.now() + 81 * 250);
  });

  test('of a caller of the API is refused with the time when to come again', async () => {
    const { no, attempt, result, checkAt } = await ask('request');
    expect(explainSync(result, no, app.clock.now())).toMatchObject({
      code: 'GATEWAY_RESTING',
      details: { payment_no: no, retry_after: 21 },
    });
    expect(checkAt).toBe(attempt.checkAt);
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

  test('is asked about ten seconds later, too, when the machine’s clock was put back meanwhile', async () => {
    const { no, tradeNo } = await shop.sell();
    const asked = () => shop.calls(`/v2/checkout/orders/${tradeNo}`).length;
    await app.request(bare(no));
    app.clock.jump(-HOUR);
    app.clock.advance(10_000);
    await app.request(bare(no));
    app.clock.jump(HOUR);
    expect(asked()).toBe(2);
  });
});
