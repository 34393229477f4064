import { describe, expect, test } from 'bun:test';
import { changeAlerts } from '../../../src/alerts/settings.ts';
import { ALERT_KINDS, type AlertKind } from '../../../src/core/alert.ts';
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts';
import { setCredentials } from '../../../src/payments/projects/credential-change.ts';
import { START } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { createBrowser, OWNER, signInOwner } from '../../support/desk.ts';
import { requireGateway } from '../../support/gateways.ts';
import { bodyFor, registerStripe, SIMULATED } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';
import { createRefundBench } from '../refund/bench.ts';
import { PASSWORD, postsOf, switchOn, useReceivers } from './bench.ts';

/** Each kind of trouble, made as it comes in life, reaches a person once. */

const app = useApp({ gatewayTimeoutMs: 300, env: { PAYCORE_RATE_LIMIT: 'off' } });
const receivers = useReceivers();
const bench = createRefundBench(app);

interface Payment {
  readonly no: string;
  readonly orderNo: string;
}

async function open(body: object = {}): Promise<Payment> {
  const { json } = await app.create('ecpay/atm', body);
  return { no: String(json.data.payment_no), orderNo: String(json.data.gateway_order_no) };
}

/** Stripe takes no key while this is tried twice. */
async function refuseKeys(attempt: () => Promise<unknown>): Promise<void> {
  await registerStripe(app);
  app.gateway.answer = ({ path }) =>
    path.startsWith('/v1/')
      ? Response.json({ error: { type: 'invalid_request_error', message: 'Invalid API Key' } }, { status: 401 })
      : null;
  for (let n = 0; n < 2; n += 1) await attempt();
  app.gateway.answer = null;
}

/** What is done twice is told once. */
type Trouble = () => Promise<string | null>;

const TROUBLES: Readonly<Partial<Record<AlertKind, Trouble>>> = {
  async mismatch() {
    const { no, orderNo } = await open();
    await app.simulate(orderNo, 'forge', { kind: 'amount' });
    await app.simulate(orderNo, 'forge', { kind: 'amount' });
    return no;
  },
  async duplicate() {
    const { json } = await app.create('ecpay/aio/credit');
    const { action, fields } = json.data.redirect_form as { action: string; fields: Record<string, string> };
    await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
    const number = String(fields.MerchantTradeNo);
    await app.simulate(number, 'pay');
    const [attempt] = await app.rows.attemptsOf(String(json.data.payment_no));
    const paid = { type: 'paid', amount: 98_000, currency: 'TWD', tradeNo: 'SECOND', simulated: false } as const;
    for (let n = 0; n < 2; n += 1) {
      await app.deps.store.applyFacts({
        ...{ attemptId: attempt?.id ?? 0, facts: [paid], now: app.clock.now(), source: 'callback.accepted' },
        ...{ mayChooseAgain: false, makeWebhookId: () => `msg_${n}` },
      });
    }
    return String(json.data.payment_no);
  },
  async late() {
    const { no, orderNo } = await open({ expire_days: 1 });
    await app.call(`/api/paycore/payments/${no}/cancel`, {});
    await app.simulate(orderNo, 'pay');
    return no;
  },
  async unsettled() {
    const { no } = await open();
    const { id } = await app.rows.payment(no);
    const telling = { now: app.clock.now(), makeWebhookId: () => 'msg_x' };
    for (let n = 0; n < 2; n += 1) await app.deps.store.flagForReview(id, 'unanswered', telling);
    return no;
  },
  async refund_unknown() {
    const { no } = await bench.sellBy('ecpay');
    await bench.break('ecpay', 'hang');
    await bench.refund(no, { amount: 300 });
    for (let n = 0; n < 3; n += 1) await bench.pass(HOUR);
    return no;
  },
  async notification_dead() {
    const { no, orderNo } = await open({ payok_url: 'http://127.0.0.1:1/payok' });
    await app.simulate(orderNo, 'pay');
    for (let n = 0; n < 12; n += 1) {
      await app.deliver();
      app.clock.advance(30 * HOUR);
    }
    return no;
  },
  async credentials_refused() {
    const { id } = present(await app.deps.store.findProjectByName('shop'));
    await setCredentials(app.deps, id, requireGateway('stripe'), present(SIMULATED.stripe));
    await refuseKeys(() => app.create('stripe/credit', { amount: 98_000, gateway_credentials: undefined }));
    return null;
  },
  async gateway_resting() {
    const { no } = await open();
    app.gateway.answer = () => new Response('Forbidden', { status: 403 });
    await app.call(`/api/paycore/payments/${no}/sync`, {});
    app.clock.advance(31 * MINUTE);
    await app.call(`/api/paycore/payments/${no}/sync`, {});
    app.gateway.answer = null;
    return null;
  },
  async clock_skew() {
    app.gateway.now = () => START + app.clock.elapsed();
    app.clock.jump(5 * MINUTE);
    for (let n = 0; n < 2; n += 1) {
      const { no } = await open();
      await app.call(`/api/paycore/payments/${no}/sync`, {});
    }
    return null;
  },
  async login_lockout() {
    await signInOwner(app);
    const browser = createBrowser(app);
    const guess = { email: OWNER.email, password: 'a wrong guess' };
    const statuses = [];
    for (let n = 0; n < 12; n += 1) statuses.push((await browser.post('/admin/login', guess, '/admin/login')).status);
    expect(statuses.slice(-3)).toEqual([422, 429, 429]);
    return null;
  },
  async backup_failed() {
    const alert = { kind: 'backup_failed', about: '2026-06-22', data: { reason: 'the disk is full' } } as const;
    for (let n = 0; n < 2; n += 1) await app.deps.store.raiseAlert(alert, app.clock.now());
    return null;
  },
};

describe('trouble is told by mail and webhook, once each, with where to go', () => {
  test.each(Object.entries(TROUBLES))('%s', async (kind, make) => {
    await switchOn(app, receivers);
    const paymentNo = await make();
    await app.tell();
    app.clock.advance(HOUR);
    await app.tell();
    const posts = postsOf(receivers);
    expect(posts.map((post) => post.kind)).toEqual([kind]);
    const [post] = posts;
    expect(post).toMatchObject({ event: 'alert', kind, ...(paymentNo === null ? {} : { payment_no: paymentNo }) });
    expect(post?.admin_url).toStartWith(`${app.url}/admin`);
    if (paymentNo !== null) {
      expect(post).toMatchObject({ project: 'shop', livemode: false });
      expect(post?.title).toContain('【測試】');
    }
    const [mail, ...more] = receivers.mail.received;
    expect(more).toEqual([]);
    expect(mail?.subject).toBe(`PayCore: ${post?.title}`);
    for (const told of [post?.title, post?.text, post?.admin_url]) expect(mail?.text).toContain(told ?? '-');
    expect(`${post?.title} ${post?.text} ${mail?.text}`).not.toMatch(/\{\w+\}|alerts\.|undefined|null|NaN/);
  });

  test('of every kind there is, but for what is asked for', () => {
    // Their way here is the same; each is said apart in the test of their words.
    const others = [
      'refund_failed',
      'refund_foreign',
      'refund_unanswered',
      'disputed',
      'under_review',
      'simulated',
      'flagged',
    ];
    expect([...Object.keys(TROUBLES), ...others, 'daily_summary', 'test'].sort()).toEqual(
      Object.keys(ALERT_KINDS).sort(),
    );
  });
});

test('other wrong money for the same payment is other trouble: it stands in the list, and is told', async () => {
  await switchOn(app, receivers);
  const { no } = await open();
  const [attempt] = await app.rows.attemptsOf(no);
  for (const amount of [50_000, 70_000, 70_000]) {
    const paid = { type: 'paid', amount, currency: 'TWD', tradeNo: `T${amount}`, simulated: false } as const;
    await app.deps.store.applyFacts({
      ...{ attemptId: attempt?.id ?? 0, facts: [paid], now: app.clock.now(), source: 'callback.accepted' },
      ...{ mayChooseAgain: false, makeWebhookId: () => `msg_${app.clock.now()}` },
    });
  }
  await app.tell();
  expect(postsOf(receivers).map(({ kind }) => kind)).toEqual(['mismatch', 'mismatch']);
});

test('credentials that a request brings, and that never worked, are its caller’s matter: nobody is told', async () => {
  await switchOn(app, receivers);
  await refuseKeys(() => app.create('stripe/credit', bodyFor('stripe/credit')));
  await app.tell();
  expect(postsOf(receivers)).toEqual([]);
});

test('nothing is told, and nothing written, while alerts are off, as they are at first', async () => {
  await TROUBLES.mismatch?.();
  await app.tell();
  expect(await app.deps.store.listAlerts(10)).toEqual([]);
  await switchOn(app, receivers);
  await changeAlerts(app.deps, { email: { on: false }, webhook: { on: false } });
  await TROUBLES.mismatch?.();
  await app.tell();
  expect([receivers.hook.received, receivers.mail.received]).toEqual([[], []]);
});

test('no secret is in what goes out, in the log, or readable in the database', async () => {
  const secret = await switchOn(app, receivers);
  for (const make of [TROUBLES.mismatch, TROUBLES.credentials_refused, TROUBLES.notification_dead]) await make?.();
  await app.tell();
  app.clock.advance(DAY);
  await app.tell();
  const out = JSON.stringify([receivers.hook.received, receivers.mail.received.map(({ raw, text }) => [raw, text])]);
  const keys = [app.keys.test.api_key, app.keys.test.notification_secret, 'pwFHCqoQZGmho4w6', 'EkRm7iFT261dpevs'];
  for (const text of [...keys, PASSWORD, secret, 'sk_test_']) {
    expect([text, out.includes(text)]).toEqual([text, false]);
    expect([text, app.log.join('\n').includes(text)]).toEqual([text, false]);
  }
  const dump = await app.rows.dump();
  for (const text of [PASSWORD, secret]) expect(dump).not.toContain(text);
});
