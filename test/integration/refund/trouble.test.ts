import { describe, expect, test } from 'bun:test';
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { createRefundJob } from '../../../src/jobs/refunds.ts';
import { registerStripe, SIMULATED, tellSimulator } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';
import { keyed, never, type Selling, useRefunds } from './bench.ts';

const { app, bench } = useRefunds();
const { pass, statuses } = bench;

/** What a gateway may do instead of answering, and whether it has paid back by then. */
const FAULTS = [
  { kind: 'lost', paidBack: true, error: [502, 'PAYMENT_GATEWAY_ERROR'] },
  { kind: 'half', paidBack: true, error: [502, 'PAYMENT_GATEWAY_ERROR'] },
  { kind: 'slow', paidBack: true, error: [504, 'PAYMENT_GATEWAY_TIMEOUT'] },
  { kind: 'hang', paidBack: false, error: [504, 'PAYMENT_GATEWAY_TIMEOUT'] },
  { kind: 'html', paidBack: false, error: [502, 'PAYMENT_GATEWAY_ERROR'] },
  { kind: 'unavailable', paidBack: false, error: [502, 'PAYMENT_GATEWAY_ERROR'] },
] as const;

describe('an answer that is lost', () => {
  for (const gateway of ['stripe', 'paypal'] as const) {
    for (const { kind, paidBack, error } of FAULTS) {
      test(`(${kind}) is settled by what ${gateway} lists, and nothing is asked for twice`, async () => {
        const sold = await bench.sellBy(gateway);
        const amount = bench.amountOf(gateway, 300);
        await bench.break(gateway, kind, { seconds: 30 });
        const lost = await bench.refund(sold.no, { amount });
        expect([lost.status, lost.json.error.error_code]).toEqual([...error]);
        const [refund] = await bench.list(sold.no);
        expect(refund).toMatchObject({ status: 'unknown', amount });
        expect(lost.json.error).toMatchObject({ payment_no: sold.no, refund_no: String(refund?.refund_no) });
        // It may have happened, so it counts.
        expect(await bench.outcome(sold.no, { amount: bench.amountOf(gateway, 681) })).toEqual([
          422,
          'REFUND_EXCEEDS_AMOUNT',
        ]);

        await pass(9 * SECOND);
        if (paidBack) expect(await statuses(sold.no)).toEqual(['succeeded']);
        await pass(MINUTE);
        await pass(5 * MINUTE);
        expect(await statuses(sold.no)).toEqual([paidBack ? 'succeeded' : 'failed']);
        expect(await bench.calls(gateway)).toBe(1);
        expect(await bench.paidBack(gateway, sold)).toBe(paidBack ? 300 : 0);
        const { refunded_amount, flags } = await app.find(sold.no);
        expect([refunded_amount, flags]).toEqual(paidBack ? [amount, []] : [0, ['attention']]);
        expect((await bench.told(sold.no)).map(({ event }) => event)).toEqual([
          paidBack ? 'payment.refunded' : 'payment.attention',
        ]);
      });
    }
  }

  for (const { kind } of FAULTS) {
    test(`(${kind}) at ECPay, which cannot be asked, stays unknown: a person is told, and nothing is repeated`, async () => {
      const sold = await bench.sellBy('ecpay');
      await bench.collect(sold);
      await bench.break('ecpay', kind, { seconds: 30 });
      expect((await bench.refund(sold.no, { amount: 300 })).json.error.refund_no).toMatch(/^RF/);
      await pass(9 * SECOND);
      expect((await app.find(sold.no)).flags).toEqual([]);
      await pass(41 * SECOND);
      expect((await app.find(sold.no)).flags).toEqual(['attention']);
      await pass(24 * HOUR);
      expect(await statuses(sold.no)).toEqual(['unknown']);
      expect(await bench.calls('ecpay')).toBe(1);
      expect((await bench.told(sold.no)).map(({ event, refund }) => [event, refund])).toEqual([
        ['payment.attention', expect.objectContaining({ status: 'unknown', amount: 300 })],
      ]);
      expect(await bench.outcome(sold.no, { amount: 681 })).toEqual([422, 'REFUND_EXCEEDS_AMOUNT']);
    });
  }

  test('of a gateway that then cannot be asked waits, and after six hours a person is told', async () => {
    const sold = await bench.sellBy('stripe');
    await bench.break('stripe', 'lost');
    await bench.refund(sold.no);
    // The questions begin anew when it does.
    await bench.heard(sold.no);
    app.gateway.answer = () => new Response('down', { status: 503 });
    for (let n = 0; n < 12; n += 1) await pass(HOUR);
    expect((await app.find(sold.no)).flags).toEqual(['attention']);
    expect(await statuses(sold.no)).toEqual(['unknown']);
    app.gateway.answer = null;
    await pass(24 * HOUR);
    expect(await statuses(sold.no)).toEqual(['succeeded']);
  });

  test('in a process that is gone is found by the next one', async () => {
    for (const gateway of ['stripe', 'paypal'] as const) {
      const sold = await bench.sellBy(gateway);
      bench.interrupt(gateway, never);
      void bench.refund(sold.no).catch(() => {});
      while ((await bench.paidBack(gateway, sold)) === 0) await Bun.sleep(5);
      await app.restart();
      await registerStripe(app);
      expect(await statuses(sold.no)).toEqual(['unknown']);
      await pass(50 * SECOND);
      expect(await statuses(sold.no)).toEqual(['succeeded']);
      expect(await app.find(sold.no)).toMatchObject({ refunded_amount: bench.amountOf(gateway, 980) });
    }
  });

  test('of our own disk: the gateway has paid back, and that is found out later', async () => {
    const sold = await bench.sellBy('stripe');
    bench.interrupt('stripe', async () => {
      await app.tamper.refuseWrites();
      return undefined;
    });
    const answer = await bench.refund(sold.no);
    await app.tamper.allowWrites();
    expect([answer.status, answer.json.error.error_code]).toEqual([503, 'STORAGE_UNAVAILABLE']);
    expect(answer.json.error.refund_no).toMatch(/^RF/);
    await pass(50 * SECOND);
    expect(await statuses(sold.no)).toEqual(['succeeded']);
    expect(await bench.calls('stripe')).toBe(1);
  });
});

describe('credentials', () => {
  test('those in use come first, and refused ones pay nothing back', async () => {
    const old = { ...SIMULATED.stripe, secret_key: 'sk_test_old' };
    await registerStripe(app, old);
    const sold = await bench.sell('stripe/credit', { gateway_credentials: old });
    // The project's own, for the same account: renewed, and then found to be wrong.
    const { id: projectId } = present(await app.deps.store.findProjectByName('shop'));
    const credential = await storeStripe(projectId, { ...old, secret_key: 'sk_test_renewed' });
    const asked: string[] = [];
    app.gateway.answer = ({ path, headers, body }) => {
      if (path !== '/v1/refunds' || body === '') return null;
      asked.push(headers.authorization ?? '');
      if (!headers.authorization?.endsWith('renewed')) return null;
      const error = { type: 'invalid_request_error', message: 'Invalid API Key provided: sk_test_***' };
      return Response.json({ error }, { status: 401 });
    };
    expect(await bench.outcome(sold.no, { amount: 100 })).toEqual([201, 100, 'succeeded']);
    expect(asked).toEqual(['Bearer sk_test_renewed', 'Bearer sk_test_old']);
    const [row] = await app.rows.refunds();
    expect(row?.credentialId).not.toBe(credential);
  });

  async function storeStripe(projectId: number, secrets: Readonly<Record<string, string>>): Promise<number> {
    const { store, vault, clock } = app.deps;
    const id = await store.ensureCredential({
      projectId,
      gateway: 'stripe',
      merchantId: secrets.publishable_key ?? '',
      environment: 'sandbox',
      fingerprint: vault.fingerprint(JSON.stringify(secrets)),
      sealed: vault.seal('credentials stripe', JSON.stringify(secrets)),
      now: clock.now(),
    });
    await store.makeCurrentCredential(id);
    return id;
  }
});

test('an account that ECPay has shut out is left alone for its half hour', async () => {
  const sold = await bench.sellBy('ecpay');
  await tellSimulator(app, 'faults', { route: 'aio-query-trade', kind: 'forbidden', times: 1 });
  const shut = await bench.refund(sold.no);
  expect([shut.status, shut.json.error.error_code, shut.headers.get('retry-after')]).toEqual([
    503,
    'GATEWAY_RESTING',
    '1800',
  ]);
  const calls = app.gateway.received.length;
  app.clock.advance(10 * MINUTE);
  const resting = await bench.refund(sold.no);
  expect([resting.status, resting.headers.get('retry-after')]).toEqual([503, '1200']);
  expect(app.gateway.received.length).toBe(calls);
  app.clock.advance(20 * MINUTE);
  expect(await bench.outcome(sold.no)).toEqual([201, 980, 'succeeded']);
  expect(await statuses(sold.no)).toEqual(['failed', 'succeeded']);
});

/** Hidden inputs of the page that goes on to the cashier. */
function readForm(page: string): Record<string, string> {
  const plain = (text = '') => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
  const inputs = [...page.matchAll(/name="(\w+)" value="([^"]*)"/g)];
  return Object.fromEntries(inputs.map(([, name = '', value]) => [name, plain(value)]));
}

test('an order that was paid twice is paid back twice, each out of its own', async () => {
  const { json } = await app.create('ecpay/aio/credit');
  const no = String(json.data.payment_no);
  const { pathname, search } = new URL(String(json.data.payment_url));
  const { action, fields } = json.data.redirect_form as { action: string; fields: Record<string, string> };
  const page = await (await app.request(`${pathname}/go${search}`, { method: 'POST' })).text();
  const forms = [fields, readForm(page)];
  for (const form of forms) await fetch(action, { method: 'POST', body: new URLSearchParams(form) });
  const numbers = forms.map(({ MerchantTradeNo = '' }) => MerchantTradeNo);
  expect(new Set(numbers).size).toBe(2);
  for (const number of numbers) {
    await app.simulate(number, 'pay');
    await app.simulate(number, 'card', { stage: 'closed' });
  }
  expect((await app.find(no)).flags).toContain('duplicate');
  const duplicate = (await bench.told(no)).find(({ event }) => event === 'payment.attention');
  const tradeNo = String(duplicate?.gateway_trade_no);
  expect(tradeNo).not.toBe(String((await app.find(no)).gateway_trade_no));

  expect(await bench.outcome(no, { gateway_trade_no: tradeNo })).toEqual([201, 980, 'succeeded']);
  expect(await bench.outcome(no, { gateway_trade_no: tradeNo, amount: 1 })).toEqual([422, 'REFUND_EXCEEDS_AMOUNT']);
  // The order is still paid for.
  expect((await app.find(no)).refunded_amount).toBe(0);
  expect(await bench.outcome(no)).toEqual([201, 980, 'succeeded']);
  expect((await app.find(no)).refunded_amount).toBe(980);
  expect((await bench.list(no)).map(({ gateway_trade_no }) => gateway_trade_no)).toEqual([
    tradeNo,
    String((await app.find(no)).gateway_trade_no),
  ]);
});

test('a gateway that hangs holds up nothing but its own looks', async () => {
  const sold = await Promise.all(Array.from({ length: 3 }, () => bench.sellBy('stripe')));
  for (const { number } of sold) await app.simulate(number, 'refund', { amount: 100 });
  const job = createRefundJob(app.deps, never);
  await job.run();
  expect(await app.deps.store.findNextRefundSync()).toBeGreaterThan(app.clock.now());
  // The looks that hang are made again when their time is over.
  await pass(2 * MINUTE);
  for (const { no } of sold) expect(await statuses(no)).toEqual(['succeeded']);
});

const OTHERS: readonly Selling[] = ['stripe', 'paypal', 'ecpay'];
test('no secret is in the log', async () => {
  for (const gateway of OTHERS) await bench.outcome((await bench.sellBy(gateway)).no, {}, keyed('quiet'));
  const log = app.log.join('\n');
  expect(log).not.toMatch(/[sr]k_(test|live)_\w|whsec_\w|PAYPAL_CLIENT_SECRET|pwFHCqoQZGmho4w6|EkRm7iFT261dpevs/);
});
