import { afterEach, beforeAll, describe, expect, test } from 'bun:test';
import type { Environment } from '../../../src/core/payment.ts';
import type { Secrets } from '../../../src/gateways/gateway.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { type CredentialTestSubject, createCredentialTest } from '../../../src/payments/projects/credential-test.ts';
import { STAGE } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { example } from '../../support/example-gateway/index.ts';
import { requireGateway } from '../../support/gateways.ts';
import { registerStripe, SIMULATED } from '../../support/orders.ts';

const app = useApp({}, 'file');
beforeAll(async () => {
  await registerStripe(app);
  // The first key that the simulated SmilePay sees for a merchant is the right one.
  await app.create('smilepay/cvs', { gateway_credentials: SIMULATED.smilepay });
  await probe('paypal', 'sandbox', SIMULATED.paypal);
});
afterEach(async () => {
  app.gateway.answer = null;
  await app.tamper.forgetCooldowns();
});

function subjectOf(id: string, environment: Environment, secrets: Secrets = {}): CredentialTestSubject {
  return { gateway: requireGateway(id), environment, secrets };
}

function probe(id: string, environment: Environment, secrets: Secrets = {}, deps = app.deps) {
  return createCredentialTest(deps)(subjectOf(id, environment, secrets));
}

const { environment: _, ...PAYPAL } = SIMULATED.paypal ?? {};

const RIGHT: readonly [string, Environment, Secrets][] = [
  ['ecpay', 'stage', STAGE],
  ['smilepay', 'production', SIMULATED.smilepay ?? {}],
  ['paypal', 'sandbox', PAYPAL],
  ['stripe', 'sandbox', SIMULATED.stripe ?? {}],
  ['plus', 'production', SIMULATED.plus ?? {}],
];

const WRONG: readonly [string, Environment, Secrets, RegExp][] = [
  ['ecpay', 'stage', { ...STAGE, hash_key: 'XXXXXXXXXXXXXXXX' }, /CheckMacValue.*do not fit together/],
  ['ecpay', 'stage', { ...STAGE, hash_iv: 'XXXXXXXXXXXXXXXX' }, /CheckMacValue/],
  ['ecpay', 'stage', { ...STAGE, merchant_id: '3999999' }, /CheckMacValue/],
  ['smilepay', 'production', { ...SIMULATED.smilepay, verify_key: 'F'.repeat(32) }, /refused.*-2002/],
  ['paypal', 'sandbox', { ...PAYPAL, client_secret: 'WRONG_SECRET_OF_PAYPAL' }, /refused.*invalid_client/],
  ['stripe', 'sandbox', { ...SIMULATED.stripe, secret_key: 'sk_test_bad_key' }, /refused.*Invalid API Key/],
  ['plus', 'production', { ...SIMULATED.plus, secret_key: 'WRONG_SECRET_OF_PLUS' }, /refused.*sign is wrong/],
  ['plus', 'production', { ...SIMULATED.plus, appid: 'NOBODY' }, /refused.*appid is unknown/],
];

describe('testing credentials', () => {
  test('every gateway has a test of its own', () => {
    expect(GATEWAYS.filter((one) => !one.testCredentials).map(({ id }) => id)).toEqual([]);
  });

  test.each(RIGHT)('%s (%s): right ones are right', async (id, environment, secrets) => {
    const { ok, outcome, message } = await probe(id, environment, secrets);
    expect([ok, outcome, message.length > 20]).toEqual([true, 'accepted', true]);
  });

  test.each(WRONG)('%s (%s): wrong ones are wrong %#', async (id, environment, secrets, reason) => {
    const { ok, outcome, message } = await probe(id, environment, secrets);
    expect([ok, outcome, message]).toEqual([false, 'refused', expect.stringMatching(reason)]);
    for (const [name, value] of Object.entries(secrets)) {
      const isShown = name === requireGateway(id).credentials.merchantField || value.length < 6;
      if (!isShown) expect([name, message.includes(value)]).toEqual([name, false]);
    }
  });

  test('says what it cannot prove', async () => {
    expect((await probe('smilepay', 'production', SIMULATED.smilepay)).message).toContain('first payment proves');
    expect((await probe('stripe', 'sandbox', SIMULATED.stripe)).message).toContain('webhook_secret cannot be tested');
    expect((await probe('paypal', 'sandbox', PAYPAL)).message).toContain('webhook_id was not tested');
  });

  test('makes nothing at the gateway, and no payment here', async () => {
    const before = await app.rows.count('payments');
    const orders = await (await fetch(`${app.gateway.url}/simulator/orders`)).text();
    for (const [id, environment, secrets] of RIGHT) await probe(id, environment, secrets);
    expect(await (await fetch(`${app.gateway.url}/simulator/orders`)).text()).toBe(orders);
    expect(await app.rows.count('payments')).toBe(before);
  });

  test('asks PayPal anew although a token is held from before', async () => {
    await probe('paypal', 'sandbox', PAYPAL);
    app.gateway.received.length = 0;
    await probe('paypal', 'sandbox', PAYPAL);
    expect(app.gateway.received.map(({ path }) => path)).toEqual(['/v1/oauth2/token']);
  });
});

describe('a gateway that does not tell', () => {
  test.each(RIGHT)('%s (%s): cannot be reached', async (id, environment, secrets) => {
    const origins = Object.fromEntries(
      Object.keys(app.deps.config.origins).map((name) => [name, 'http://127.0.0.1:1']),
    );
    const deps = { ...app.deps, config: { ...app.deps.config, origins } };
    const { ok, outcome, message } = await probe(id, environment, secrets, deps);
    expect([ok, outcome]).toEqual([false, 'unreachable']);
    expect(message).toContain('could not be reached');
    expect(message).toContain('says nothing about the credentials');
  });

  test.each(RIGHT)('%s (%s): answers garbage', async (id, environment, secrets) => {
    app.gateway.answer = () => new Response('<html>maintenance</html>');
    const { outcome, message } = await probe(id, environment, secrets);
    expect([outcome, message]).toEqual(['untested', expect.stringContaining('says nothing about the credentials')]);
  });

  test.each(RIGHT)('%s (%s): answers 500', async (id, environment, secrets) => {
    app.gateway.answer = () => new Response('{}', { status: 500 });
    const { ok, message } = await probe(id, environment, secrets);
    expect([ok, message]).toEqual([false, expect.stringContaining('says nothing about the credentials')]);
  });

  test('ECPay of another mind than its CheckMacValue is not called wrong keys', async () => {
    app.gateway.answer = () => new Response('10200001|Parameter Error. TimeStamp');
    const { outcome, message } = await probe('ecpay', 'stage', STAGE);
    expect([outcome, message]).toEqual(['untested', expect.stringContaining('says nothing about the credentials')]);
    expect(message).not.toContain('do not fit');
  });

  test('ECPay that signs its answer with other keys has other keys', async () => {
    app.gateway.answer = () => new Response(`MerchantID=3002607&TradeStatus=10200047&CheckMacValue=${'A'.repeat(64)}`);
    const { ok, message } = await probe('ecpay', 'stage', STAGE);
    expect([ok, message]).toEqual([false, expect.stringContaining('do not fit')]);
  });

  test('PLUS that names no balance proves nothing', async () => {
    app.gateway.answer = () => Response.json({ code: 0, data: {} });
    expect(await probe('plus', 'production', SIMULATED.plus)).toMatchObject({ ok: false, outcome: 'untested' });
  });

  test('Stripe whose answer is of the other mode is not believed', async () => {
    app.gateway.answer = () => Response.json({ object: 'balance', livemode: true });
    expect((await probe('stripe', 'sandbox', SIMULATED.stripe)).ok).toBe(false);
  });

  test('SmilePay that quotes the key does not get it onto the screen', async () => {
    const { verify_key: key = '' } = SIMULATED.smilepay ?? {};
    app.gateway.answer = () => new Response(`<SmilePay><Status>-2002</Status><Desc>bad ${key}</Desc></SmilePay>`);
    const { ok, message } = await probe('smilepay', 'production', SIMULATED.smilepay);
    expect([ok, message.includes(key)]).toEqual([false, false]);
  });

  test('asked for a pause: it gets one, and other questions to the account wait as well', async () => {
    app.gateway.answer = () => new Response('', { status: 403 });
    expect((await probe('ecpay', 'stage', STAGE)).message).toContain('pause');
    app.gateway.answer = null;
    app.gateway.received.length = 0;
    expect((await probe('ecpay', 'stage', STAGE)).message).toContain('pause');
    expect(app.gateway.received).toEqual([]);
    const account = { gateway: 'ecpay', environment: 'stage', merchantId: STAGE.merchant_id } as const;
    expect(await app.deps.store.findCooldown(account, app.clock.now())).toBe(app.clock.now() + 30 * 60_000);
  });

  test('whose address the operator has to name first says so', async () => {
    const deps = { ...app.deps, config: { ...app.deps.config, origins: {} } };
    expect((await probe('plus', 'production', SIMULATED.plus, deps)).message).toContain('PAYCORE_PLUS_URL');
  });

  test('that has no such call says so', async () => {
    const { testCredentials: _test, ...mute } = example;
    const subject = { gateway: mute, environment: 'production', secrets: {} } as const;
    const { outcome, message } = await createCredentialTest(app.deps)(subject);
    expect([outcome, message]).toEqual(['untested', expect.stringContaining('no call that tests credentials')]);
  });
});

test('the same question asked twice at once is put once', async () => {
  const ask = createCredentialTest(app.deps);
  app.gateway.received.length = 0;
  const answers = await Promise.all([1, 2, 3].map(() => ask(subjectOf('ecpay', 'stage', STAGE))));
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(app.gateway.received.length).toBe(1);
});
