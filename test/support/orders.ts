import type { TestApp } from './app.ts';

/** Accounts that the simulator takes, one for each gateway besides ECPay. */
export const SIMULATED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  smilepay: { dcvc: '2109', rvg2c: '1', verify_key: '0123456789ABCDEF0123456789ABCDEF' },
  paypal: {
    client_id: 'PAYPAL_CLIENT_ID',
    client_secret: 'PAYPAL_CLIENT_SECRET',
    webhook_id: 'SIMULATORWEBHOOK1',
    environment: 'sandbox',
  },
  stripe: { secret_key: 'sk_test_shop', publishable_key: 'pk_test_shop', webhook_secret: 'whsec_shop' },
  plus: { appid: 'PLUS_APPID', secret_key: 'PLUS_SECRET_KEY' },
};

/** What a method needs besides order number and amount; Stripe counts in minor units. */
export const EXTRAS: Readonly<Record<string, object>> = {
  'ecpay/ecpg': { buyer_email: 'buyer@example.com' },
  'stripe/credit': { amount: 98_000 },
  'stripe/alipay': { amount: 9800, currency: 'HKD' },
  'stripe/wechat-pay': { amount: 9800, currency: 'HKD' },
  'stripe/grabpay': { amount: 9800, currency: 'SGD' },
  'stripe/paynow': { amount: 9800, currency: 'SGD' },
  'stripe/promptpay': { amount: 98_000, currency: 'THB', buyer_email: 'buyer@example.com' },
  'stripe/fpx': { amount: 9800, currency: 'MYR' },
};

/** Body that makes a payment by this route, over the standard example order. */
export function bodyFor(route: string, credentials?: Readonly<Record<string, string>>): Record<string, unknown> {
  const own = credentials ?? SIMULATED[route.split('/')[0] ?? ''];
  return { ...EXTRAS[route], ...(own ? { gateway_credentials: own } : {}) };
}

/** A call to the simulator's own JSON API. */
export async function tellSimulator(app: TestApp, path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${app.gateway.url}/simulator/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json() as Promise<Record<string, unknown>>;
}

/** Tells the simulated Stripe what its dashboard would know: the secret and address of an account's webhook. */
export function registerStripe(app: TestApp, account: Readonly<Record<string, string>> | undefined = SIMULATED.stripe) {
  const { secret_key, publishable_key, webhook_secret } = account ?? {};
  return tellSimulator(app, 'stripe/accounts', {
    secret_key,
    publishable_key,
    webhook_secret,
    webhook_url: `${app.url}/api/paycore/webhooks/stripe`,
  });
}
