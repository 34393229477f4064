import { describe, expect, test } from 'bun:test';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { START } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { openCheckout } from '../../support/choice.ts';

/** The machine's clock is set while payments wait; the gateways' clocks go on as before. */

const app = useApp({ gatewayTimeoutMs: 300, env: { PAYCORE_RATE_LIMIT: 'off' } });

function setClock(ms: number): void {
  app.gateway.now = () => START + app.clock.elapsed();
  app.clock.jump(ms);
}

/** Time goes by, and the scheduler does what is due. */
async function pass(ms: number): Promise<void> {
  app.clock.advance(ms);
  await app.work();
  await app.program.settled();
}

const asked = () => app.gateway.received.filter(({ path }) => path.includes('Query')).length;
const told = () => app.shop.received.length;

async function open(route = 'ecpay/atm', body: object = {}): Promise<{ no: string; orderNo: string }> {
  const { json } = await app.create(route, { expire_days: 1, ...body });
  return { no: String(json.data.payment_no), orderNo: String(json.data.gateway_order_no) };
}

describe('a clock that is put forward by forty days', () => {
  test('expires no payment: the gateway is asked, and its Date shows who is wrong', async () => {
    const { no } = await open();
    setClock(40 * DAY);
    await pass(0);
    expect([(await app.find(no)).status, asked()]).toEqual(['pending', 1]);
    await pass(HOUR);
    expect([(await app.find(no)).status, (await app.find(no)).flags]).toEqual(['pending', []]);
    const { clock } = ((await (await app.request('/readyz')).json()) as { checks: { clock: { detail: string } } })
      .checks;
    expect(clock.detail).toContain(`${(40 * DAY) / SECOND} s ahead`);
  });

  test('and put right again has lost nothing: the payment expires at its time, or is found paid', async () => {
    const [unpaid, paid] = [await open(), await open('ecpay/cvs')];
    setClock(40 * DAY);
    await pass(0);
    await pass(MINUTE);
    app.clock.jump(-40 * DAY);
    await pass(SECOND);
    await app.simulate(paid.orderNo, 'pay', { callback: false });
    await pass(2 * HOUR);
    expect((await app.find(paid.no)).status).toBe('paid');
    // To the end of the day after tomorrow at the latest, with a day of grace.
    for (let hours = 0; hours < 48; hours += 12) await pass(12 * HOUR);
    expect((await app.find(unpaid.no)).status).toBe('pending');
    for (let hours = 0; hours < 48; hours += 12) await pass(12 * HOUR);
    expect((await app.find(unpaid.no)).status).toBe('expired');
  });

  test('closes no checkout whose payer has still to choose, once a gateway has told the time', async () => {
    const { no } = await openCheckout(app);
    await open();
    setClock(40 * DAY);
    await pass(0);
    expect((await app.find(no)).status).toBe('pending');
    app.clock.jump(-40 * DAY);
    await pass(DAY - MINUTE);
    expect((await app.find(no)).status).toBe('pending');
    await pass(MINUTE);
    expect((await app.find(no)).status).toBe('expired');
  });

  test('and drops nothing for its age', async () => {
    await open();
    await app.callback('MerchantTradeNo=nobody', 'application/x-www-form-urlencoded');
    setClock(40 * DAY);
    await pass(HOUR);
    expect(await app.rows.unmatchedCallbacks()).toHaveLength(1);
  });
});

describe('a clock that is put back by two hours', () => {
  const BACK = -2 * HOUR;

  /** A paid payment whose first notification the shop would not take. */
  async function failOnce(): Promise<void> {
    const { orderNo } = await open();
    app.shop.answer = () => new Response('not now', { status: 500 });
    await app.simulate(orderNo, 'pay');
    await pass(0);
    expect(told()).toBe(1);
    app.shop.answer = null;
  }

  test('lets a notification wait no longer than it had to: seconds', async () => {
    await failOnce();
    setClock(BACK);
    await pass(SECOND);
    expect(told()).toBe(1);
    await pass(5 * SECOND);
    expect(told()).toBe(2);
    expect(await app.rows.outbox()).toMatchObject([{ state: 'delivered', tries: 2 }]);
  });

  test('also when that was done while PayCore did not run', async () => {
    await failOnce();
    setClock(BACK);
    await app.restart();
    await pass(SECOND);
    expect(told()).toBe(1);
    await pass(5 * SECOND);
    expect(told()).toBe(2);
  });

  test('and has one written down that was sent while the database could not be written', async () => {
    const { orderNo } = await open();
    app.shop.answer = async () => {
      await app.tamper.refuseWrites();
      return null;
    };
    await app.simulate(orderNo, 'pay');
    await pass(0);
    app.shop.answer = null;
    await app.tamper.allowWrites();
    setClock(BACK);
    await pass(SECOND);
    expect([told(), await app.rows.outbox()]).toMatchObject([1, [{ state: 'delivered', tries: 1 }]]);
  });

  const loseAnswer = async (): Promise<string> => {
    app.gateway.answer = (request) =>
      request.path.endsWith('GenPaymentCode') ? new Response('x', { status: 500 }) : null;
    const lost = await app.create('ecpay/cvs');
    expect(lost.status).toBe(502);
    return lost.json.error.payment_no ?? '';
  };

  for (const [when, stop] of [
    ['at once', async () => {}],
    ['after a restart', () => app.restart()],
  ] as const) {
    test(`has an unknown outcome asked about within seconds ${when}, and settled`, async () => {
      const no = await loseAnswer();
      setClock(BACK);
      await stop();
      await pass(SECOND);
      await pass(9 * SECOND);
      expect(asked()).toBe(1);
      await pass(MINUTE);
      expect([(await app.find(no)).status, asked()]).toEqual(['failed', 2]);
    });
  }

  test('leaves no account alone for longer than it asked for', async () => {
    const { no } = await open();
    const sync = () => app.call(`/api/paycore/payments/${no}/sync`, {});
    app.gateway.answer = () => new Response('Forbidden', { status: 403 });
    expect((await sync()).status).toBe(503);
    app.gateway.answer = null;
    setClock(BACK);
    await pass(0);
    app.clock.advance(29 * MINUTE);
    expect((await sync()).status).toBe(503);
    app.clock.advance(MINUTE);
    expect((await sync()).status).toBe(200);
  });

  test('gives no in-site form for longer than it serves, and another to who says that it does not', async () => {
    const { json } = await app.create('ecpay/ecpg', { buyer_email: 'buyer@example.com' });
    const { pathname, search } = new URL(String(json.data.payment_url));
    const askForm = async (more = '') => {
      const answer = await app.request(`${pathname}/form${search}${more}`, { method: 'POST' });
      return ((await answer.json()) as { data: { token: string; expires_in_ms: number } }).data;
    };
    const first = await askForm();
    setClock(BACK);
    app.clock.advance(8 * MINUTE);
    expect(await askForm()).toEqual({ ...first, expires_in_ms: first.expires_in_ms - 8 * MINUTE });
    app.clock.advance(MINUTE);
    const second = await askForm();
    expect(second.token).not.toBe(first.token);
    app.clock.jump(BACK);
    app.clock.advance(9 * SECOND);
    expect((await askForm('&renew=1')).token).toBe(second.token);
    app.clock.advance(SECOND);
    expect((await askForm('&renew=1')).token).not.toBe(second.token);
  });

  test('does not keep an opened page from asking, nor an old figure or a revoked key alive', async () => {
    const { json } = await app.create('ecpay/cvs');
    const { pathname, search } = new URL(String(json.data.payment_url));
    const overview = async () => (await app.call('/api/paycore/home/overview')).json.data.today_count;
    const other = () => app.call('/api/paycore/payments', undefined, { 'x-api-key': app.keys.other.api_key });
    app.clock.advance(MINUTE);
    await app.request(pathname + search);
    expect([await overview(), (await other()).status]).toEqual([0, 200]);
    while (asked() < 1) await Bun.sleep(2);
    setClock(BACK);
    app.clock.advance(11 * SECOND);
    await app.simulate(String(json.data.gateway_order_no), 'pay', { callback: false });
    const [key] = (await app.deps.store.listKeys()).filter(({ projectName }) => projectName === 'other shop');
    await app.deps.store.revokeKey(key?.id ?? 0, app.clock.now());
    await app.request(pathname + search);
    while ((await app.find(String(json.data.payment_no))).status !== 'paid') await Bun.sleep(2);
    expect([await overview(), (await other()).status]).toEqual([1, 401]);
  });
});
