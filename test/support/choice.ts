import { GATEWAYS } from '../../src/gateways/index.ts';
import { readCredentials, storeCredential } from '../../src/payments/projects/credentials.ts';
import { type AppOptions, STAGE, startApp, type TestApp } from './app.ts';
import { registerStripe, SIMULATED } from './orders.ts';
import { pagePathOf } from './page-path.ts';

/** Every gateway with credentials of its own, so that the payer has a choice. */
export async function startChoice(apps: TestApp[], options: AppOptions = {}): Promise<TestApp> {
  const app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off' }, ...options });
  apps.push(app);
  await registerStripe(app);
  const project = await app.deps.store.findProjectByName('shop');
  for (const gateway of GATEWAYS) {
    const given = gateway.id === 'ecpay' ? STAGE : SIMULATED[gateway.id];
    const { secrets, environment } = readCredentials(app.deps, gateway, 'test', given);
    const id = await storeCredential(app.deps, project?.id ?? 0, gateway, secrets, environment);
    await app.deps.store.makeCurrentCredential(id);
  }
  return app;
}

/** The same with a checkout that nobody has chosen a way for. */
export async function startCheckout(apps: TestApp[], options: AppOptions = {}) {
  const app = await startChoice(apps, options);
  return { app, ...(await openCheckout(app)) };
}

export async function openCheckout(app: TestApp): Promise<{ readonly no: string; readonly path: string }> {
  const { json } = await app.call('/api/paycore/checkout', {
    merchant_order_no: 'CHANGE-OF-MIND',
    amount: 980,
    payok_url: `${app.shop.url}/payok`,
  });
  return { no: String(json.data.payment_no), path: pagePathOf(app, json.data.payment_url) };
}

/** What the browser sends when the payer presses a way to pay. */
export function chooseWay(app: TestApp, path: string, route: string): Promise<Response> {
  return app.request(path.replace('?', '/choose?'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ route }).toString(),
  });
}
