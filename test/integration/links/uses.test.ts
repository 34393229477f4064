import { beforeAll, describe, expect, test } from 'bun:test';
import { DAY } from '../../../src/core/time.ts';
import { LIMITS, type LimitName, type LimitTable } from '../../../src/http/limits.ts';
import { startApp } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { linkHand, paymentOf } from '../../support/links.ts';
import { present } from '../../support/parts.ts';

/** What comes of payment links: payments, one or many, the link's end, and what is too many. */

const app = useApp({}, 'file');
const hand = linkHand(app);
beforeAll(() => hand.storeCredentials());

describe('a payment of a link', () => {
  test('is paid, notified and counted like any other, and the link goes on', async () => {
    const link = await hand.make({ amount: 980, metadata: { course: '7' } });
    const first = await hand.post(link.path);
    await app.deliver();
    app.shop.received.length = 0;
    await app.simulate(await hand.choose(first, 'ecpay/atm'), 'pay');
    await app.deliver();
    expect(app.shop.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { event: 'payment.paid', merchant_order_no: `${link.no}-0001`, amount: 980, metadata: { course: '7' } },
    ]);
    await hand.post(link.path);
    expect(await hand.status(link)).toMatchObject({ status: 'open', paid_count: 1, paid_amount: 980 });
    const listed = await app.call(`/api/paycore/payments?number=${link.no}`);
    expect(listed.json.data.payments).toMatchObject([
      { merchant_order_no: `${link.no}-0002`, status: 'pending' },
      { merchant_order_no: `${link.no}-0001`, status: 'paid' },
    ]);
  });
});

describe('a link for one payment', () => {
  test('is one payment in every tab, and says so when it is paid', async () => {
    const link = await hand.make({ amount: 980, single_use: true });
    const [one, two] = [
      await hand.post(link.path, await hand.fillIn(link.path)),
      await hand.post(link.path, await hand.fillIn(link.path)),
    ];
    expect(paymentOf(one)).toBe(paymentOf(two));
    await app.simulate(await hand.choose(one, 'ecpay/atm'), 'pay');
    expect(await hand.status(link)).toMatchObject({ status: 'used', paid_count: 1 });
    for (const answer of [await hand.view(link.path), await hand.post(link.path)]) {
      const html = await answer.text();
      expect([answer.status, html.includes('data-state="used"'), html.includes('這筆款項已付清')]).toEqual([
        410,
        true,
        true,
      ]);
      // Whoever else has the link learns nothing of who paid, or where.
      expect(html).not.toContain('/pay/');
    }
  });

  test('lets the payer correct the amount until he has a number, and from then on leads him back to it', async () => {
    const link = await hand.make({ single_use: true });
    const first = paymentOf(await hand.post(link.path, { amount: '100' }));
    const second = await hand.post(link.path, { amount: '200' });
    expect([(await app.find(first)).status, (await app.find(paymentOf(second))).amount]).toEqual(['failed', 200]);
    expect(await hand.page(link.path)).toContain('name="amount"');
    await hand.choose(second, 'ecpay/atm');
    const html = await hand.page(link.path);
    expect(html).toContain('data-state="begun"');
    expect(html).toContain('繼續付款');
    expect(html).toContain('>NT$</span>200');
    expect(html).not.toContain('name="amount"');
    expect(paymentOf(await hand.post(link.path, { amount: 'nonsense' }))).toBe(paymentOf(second));
  });

  test('that was begun can be finished after its time, and not begun again when that fails', async () => {
    const own = await startApp();
    const there = linkHand(own);
    await there.storeCredentials();
    const link = await there.make({ amount: 980, single_use: true, expire_days: 1 });
    const answer = await there.post(link.path, {});
    await there.choose(answer, 'ecpay/atm');
    own.clock.advance(2 * DAY);
    expect((await there.status(link)).status).toBe('expired');
    expect(await there.page(link.path)).toContain('data-state="begun"');
    expect(paymentOf(await there.post(link.path, {}))).toBe(paymentOf(answer));
    own.clock.advance(30 * DAY);
    await own.check();
    expect((await own.find(paymentOf(answer))).status).toBe('expired');
    expect((await there.post(link.path, {})).status).toBe(410);
    await own.stop();
  });

  test('whose payment the shop has cancelled is open again', async () => {
    const link = await hand.make({ amount: 980, single_use: true });
    const first = paymentOf(await hand.post(link.path));
    await app.call(`/api/paycore/payments/${first}/cancel`, {});
    expect(paymentOf(await hand.post(link.path))).not.toBe(first);
  });
});

describe('a link that is over', () => {
  test('says what to do, in both languages, and makes nothing', async () => {
    const own = await startApp();
    const there = linkHand(own);
    const [closed, expired] = [await there.make({ amount: 980 }), await there.make({ amount: 980, expire_days: 1 })];
    const fields = await there.fillIn(closed.path);
    await own.call(`/api/paycore/links/${closed.no}/close`, {});
    own.clock.advance(DAY);
    for (const [link, chinese, english] of [
      [closed, '已停用', 'is closed'],
      [expired, '已過期', 'has expired'],
    ] as const) {
      for (const answer of [await there.view(link.path), await there.post(link.path, fields)]) {
        expect([answer.status, (await answer.text()).includes(chinese)]).toEqual([410, true]);
      }
      expect(await there.page(`/en/link/${link.no}`)).toContain(english);
    }
    expect(await own.rows.count('payments')).toBe(0);
    await own.stop();
  });
});

describe('too many payments', () => {
  /** The same program with limits that a test can reach. */
  function serve(left: Partial<Record<LimitName, number>>) {
    const changed = Object.entries(left).map(([name, perMinute]) => [
      name,
      { ...LIMITS[name as LimitName], perMinute },
    ]);
    const table = { ...LIMITS, ...Object.fromEntries(changed) } as LimitTable;
    let address = '203.0.113.1';
    const opened = app.createTwin({ limits: table, peerOf: () => address }).open();
    return {
      move: (to: string) => {
        address = to;
      },
      send: async (path: string) => (await opened).handle(new Request(`${app.url}${path}`, { method: 'POST' })),
    };
  }

  test('from one address have to wait, and are told so on a page', async () => {
    const { path } = await hand.make({ amount: 980 });
    const { send, move } = serve({ link: 2 });
    const answers = [await send(path), await send(path), await send(path)];
    expect(answers.map((one) => one.status)).toEqual([303, 303, 429]);
    const refused = present(answers[2]);
    expect([refused.headers.get('retry-after'), (await refused.text()).includes('請等 30 秒後再試')]).toEqual([
      '30',
      true,
    ]);
    expect((await hand.view(path)).status).toBe(200);
    move('203.0.113.2');
    expect((await send(path)).status).toBe(303);
  });

  test('through one link have to wait wherever they come from, and other links do not', async () => {
    const [one, two] = [await hand.make({ amount: 980 }), await hand.make({ amount: 980 })];
    const { send, move } = serve({ linkUses: 1 });
    const before = await app.rows.count('payments');
    expect((await send(one.path)).status).toBe(303);
    move('203.0.113.2');
    expect((await send(one.path)).status).toBe(429);
    expect((await send(two.path)).status).toBe(303);
    expect(await app.rows.count('payments')).toBe(before + 2);
  });
});
