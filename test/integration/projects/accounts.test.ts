import { beforeAll, describe, expect, test } from 'bun:test';
import type { Answer } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { bodyFor, registerStripe, SIMULATED, tellSimulator } from '../../support/orders.ts';

/** Who shares what: projects an account, a project several accounts, old and new secrets, test and live one number. */

const app = useApp({}, 'file');
beforeAll(() => registerStripe(app));

const ROUTES = ['ecpay/cvs', 'smilepay/cvs', 'paypal/checkout', 'stripe/paynow', 'plus/atm'] as const;

interface Made {
  readonly paymentNo: string;
  readonly orderNo: string;
  readonly tradeNo: string;
}

function read({ status, text, json }: Answer): Made {
  expect({ status, text: status === 201 ? '' : text }).toEqual({ status: 201, text: '' });
  const { payment_no, gateway_order_no, gateway_trade_no } = json.data;
  return { paymentNo: String(payment_no), orderNo: String(gateway_order_no), tradeNo: String(gateway_trade_no) };
}

const statusOf = async ({ paymentNo }: Made): Promise<string> =>
  (await app.deps.store.findPayment(paymentNo))?.payment.status ?? 'missing';

/** Pays one, and makes sure that it is that one which is paid. */
async function payOnly(one: Made, others: readonly Made[]): Promise<void> {
  const number =
    (await app.deps.store.findPayment(one.paymentNo))?.payment.gateway === 'ecpay' ? one.orderNo : one.tradeNo;
  const before = await Promise.all(others.map(statusOf));
  await app.simulate(number, 'pay');
  expect(await Promise.all([one, ...others].map(statusOf))).toEqual(['paid', ...before]);
}

describe.each(ROUTES)('%s', (route) => {
  const other = () => ({ 'x-api-key': app.keys.other.api_key });

  test('two projects that share one account: each callback lands with the project whose payment it is', async () => {
    const merchant_order_no = `SHARED${route.replace(/\W/g, '')}`;
    const mine = read(await app.create(route, { ...bodyFor(route), merchant_order_no }));
    const theirs = read(await app.create(route, { ...bodyFor(route), merchant_order_no }, other()));
    expect(mine.orderNo).not.toBe(theirs.orderNo);
    await payOnly(theirs, [mine]);
    await payOnly(mine, [theirs]);
  });

  test('two accounts in one project: each callback is proved with the account it was made with', async () => {
    const first = read(await app.create(route, bodyFor(route)));
    const second = read(await app.create(route, bodyFor(route, await openSecondAccount(route))));
    await payOnly(first, [second]);
    await payOnly(second, [first]);
  });

  test('a test and a live payment with the same order number are two payments', async () => {
    const merchant_order_no = `BOTH${route.replace(/\W/g, '')}`;
    const play = read(await app.create(route, { ...bodyFor(route), merchant_order_no }));
    const live = { 'x-api-key': app.keys.live.api_key };
    const real = read(
      await app.create(route, { ...bodyFor(route, await openLiveAccount(route)), merchant_order_no }, live),
    );
    await payOnly(real, [play]);
    await payOnly(play, [real]);
    const found = await Promise.all([play, real].map((one) => app.deps.store.findPayment(one.paymentNo)));
    expect(found.map((one) => one?.payment.livemode)).toEqual([false, true]);
  });
});

/** Another account of the same gateway that the simulator knows. */
async function openSecondAccount(route: string): Promise<Record<string, string>> {
  const [gateway = ''] = route.split('/');
  switch (gateway) {
    case 'ecpay':
      return {
        merchant_id: '2000132',
        hash_key: '5294y06JbISpM5x9',
        hash_iv: 'v77hoKGq4kWxNNIS',
        environment: 'stage',
      };
    case 'smilepay':
      return { ...SIMULATED.smilepay, dcvc: '2999' };
    case 'paypal':
      return { ...SIMULATED.paypal, client_id: 'SECOND_CLIENT_ID' };
    case 'stripe': {
      const account = {
        secret_key: 'sk_test_second',
        publishable_key: 'pk_test_second',
        webhook_secret: 'whsec_second',
      };
      await registerStripe(app, account);
      return account;
    }
    default: {
      const account = { appid: 'SECONDAPPID', secret_key: 'SECOND_SECRET' };
      await tellSimulator(app, 'plus/accounts', account);
      return account;
    }
  }
}

/** The same for real money, as far as the simulator tells them apart. */
async function openLiveAccount(route: string): Promise<Record<string, string>> {
  const [gateway = ''] = route.split('/');
  if (gateway === 'ecpay') {
    return {
      merchant_id: '3002607',
      hash_key: 'pwFHCqoQZGmho4w6',
      hash_iv: 'EkRm7iFT261dpevs',
      environment: 'production',
    };
  }
  if (gateway === 'paypal') return { ...SIMULATED.paypal, environment: 'live' };
  if (gateway !== 'stripe') return { ...SIMULATED[gateway] };
  const account = { secret_key: 'sk_live_shop', publishable_key: 'pk_live_shop', webhook_secret: 'whsec_live' };
  await registerStripe(app, account);
  return account;
}

describe('a secret that was renewed', () => {
  test('at Stripe: payments made with the old one are paid by events signed with the new one', async () => {
    const old = { secret_key: 'sk_test_renew', publishable_key: 'pk_test_renew', webhook_secret: 'whsec_old' };
    await registerStripe(app, old);
    const before = read(await app.create('stripe/paynow', bodyFor('stripe/paynow', old)));
    const renewed = { ...old, webhook_secret: 'whsec_new' };
    await registerStripe(app, renewed);
    const after = read(await app.create('stripe/paynow', bodyFor('stripe/paynow', renewed)));
    await payOnly(before, [after]);
    await payOnly(after, [before]);
  });

  test('at PayPal: the same for a webhook that was made anew', async () => {
    const old = { ...SIMULATED.paypal, client_id: 'RENEWED_CLIENT', webhook_id: 'OLDWEBHOOK1' };
    const url = `${app.url}/api/paycore/webhooks/paypal`;
    await tellSimulator(app, 'paypal/webhooks', { client_id: 'RENEWED_CLIENT', webhook_id: 'OLDWEBHOOK1', url });
    const before = read(await app.create('paypal/checkout', bodyFor('paypal/checkout', old)));
    const renewed = { ...old, webhook_id: 'NEWWEBHOOK2' };
    await tellSimulator(app, 'paypal/webhooks', { client_id: 'RENEWED_CLIENT', webhook_id: 'NEWWEBHOOK2', url });
    const after = read(await app.create('paypal/checkout', bodyFor('paypal/checkout', renewed)));
    await payOnly(before, [after]);
    await payOnly(after, [before]);
  });
});
