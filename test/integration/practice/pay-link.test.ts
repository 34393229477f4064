import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startSimulator } from '../../../src/cli/simulator.ts';
import { buildPageModel } from '../../../src/payments/checkout/page.ts';
import { startPractice } from '../../../src/payments/projects/practice.ts';
import { LANGUAGE_OPEN } from '../../../src/payments/urls.ts';
import { findOriginVariables } from '../../../src/program.ts';
import { SIMULATED } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';
import { type Served, serveFor } from '../../support/served.ts';

/** "Pay in the simulator" on a payer's page: of payments that are simulated, and of no other. */

const STAGE = { merchant_id: '3002607', hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs' };
const EXTRAS: Readonly<Record<string, object>> = { 'stripe/credit': { amount: 98_000 } };
const NUMBERED = [
  'ecpay/atm',
  'ecpay/cvs',
  'ecpay/barcode',
  'smilepay/cvs',
  'paypal/checkout',
  'stripe/credit',
  'plus/atm',
];

let orders = 0;
async function sell(served: Served, route: string, extra: object = {}, key?: string) {
  orders += 1;
  const order = { merchant_order_no: `LINK-${orders}`, amount: 980, item_name: 'beans', ...EXTRAS[route], ...extra };
  const { body } = await served.call(`pay/${route}`, order, key);
  const { data } = body as { readonly data: { readonly payment_no: string; readonly payment_url: string } };
  return present(data, `a payment by ${route}`);
}
const read = async (url: string) => (await fetch(url)).text();
const linkOn = (html: string) => /<a class="practice" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? null;

/** What a browser posts that presses the first button of a page. */
async function pressFirst(page: string): Promise<Response> {
  const action = /<form method="post" action="([^"]+)"/.exec(await read(page))?.[1]?.replaceAll('&amp;', '&') ?? '';
  const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' };
  return fetch(new URL(action, page), { method: 'POST', headers, body: '', redirect: 'manual' });
}

/** The address of the page in a language that is settled. */
const chosen = (url: string) => url.replace(`&${LANGUAGE_OPEN}`, '');

describe('on the page of a payment in practice', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serveFor();
    await startPractice(served.server.deps, served.projectId);
  });
  afterAll(() => served.stop());

  test.each(NUMBERED)('by %s the link leads to its order, where a press pays it and leads back', async (route) => {
    const { payment_no, payment_url } = await sell(served, route);
    const link = present(linkOn(await read(payment_url)), 'a link');
    expect(new URL(link).origin).toBe(present(served.server.deps.practice.origin(), 'a simulator'));
    const page = await read(link);
    expect(page).toContain('980');
    expect(page).toContain('data-back');
    const pressed = await pressFirst(link);
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, chosen(payment_url)]);
    expect((await served.server.deps.store.findPayment(payment_no))?.payment.status).toBe('paid');
    expect(linkOn(await read(payment_url))).toBeNull();
  });

  test('there is none before the payer has chosen, nor before his browser has carried the order there', async () => {
    const { payment_url } = await sell(served, 'ecpay/aio');
    expect(linkOn(await read(payment_url))).toBeNull();
  });

  test('the simulator leads back to PayCore alone', async () => {
    const { payment_url } = await sell(served, 'ecpay/cvs');
    const link = new URL(present(linkOn(await read(payment_url)), 'a link'));
    link.searchParams.set('back', 'https://evil.example/');
    expect(await read(String(link))).not.toContain('evil.example');
    const pressed = await pressFirst(String(link));
    expect(pressed.headers.get('location')).toStartWith('/simulator/orders/');
  });

  test('a live payment has none, and neither has one at a gateway’s own sandbox', async () => {
    const given = { gateway_credentials: { ...STAGE, environment: 'stage' } };
    const stage = await sell(served, 'ecpay/aio/credit', given);
    const live = await sell(
      served,
      'ecpay/aio/credit',
      { gateway_credentials: { ...STAGE, environment: 'production' } },
      served.keys.live,
    );
    for (const { payment_url } of [stage, live]) {
      const html = await read(payment_url);
      expect(html).toContain('data-payment-no');
      expect(linkOn(html)).toBeNull();
    }
  });
});

describe('where a simulator stands in the gateways’ places', () => {
  const simulator = startSimulator({ host: '127.0.0.1', port: 0 });
  const env = Object.fromEntries(findOriginVariables().map((name) => [name, simulator.url]));
  afterAll(() => simulator.stop());

  test.each([
    ['the program was told of it', simulator.url, true],
    ['the program was told of another', 'http://127.0.0.1:1', false],
    ['the program was told of none', undefined, false],
  ] as const)('the link is there when %s', async (_, standIn, isThere) => {
    const served = await serveFor(env, standIn === undefined ? {} : { standIn });
    const test = await sell(served, 'ecpay/cvs', { gateway_credentials: STAGE });
    const link = linkOn(await read(test.payment_url));
    expect(link?.startsWith(`${simulator.url}/simulator/orders/`) ?? false).toBe(isThere);
    const production = { gateway_credentials: { ...STAGE, environment: 'production' } };
    const live = await sell(served, 'ecpay/cvs', production, served.keys.live);
    expect(linkOn(await read(live.payment_url))).toBeNull();
    await served.stop();
  });

  test('a gateway whose address has been taken back since leads nowhere, and the page stands all the same', async () => {
    const served = await serveFor(env, { standIn: simulator.url });
    const { payment_no } = await sell(served, 'plus/atm', { gateway_credentials: SIMULATED.plus });
    const { deps } = served.server;
    const found = present(await deps.store.findPayment(payment_no));
    const { practiceUrl } = await buildPageModel(deps, found, 'en');
    expect(practiceUrl).toStartWith(simulator.url);
    const unset = { ...deps, config: { ...deps.config, origins: {} } };
    expect(await buildPageModel(unset, found, 'en')).toMatchObject({ screen: 'instructions', practiceUrl: null });
    await served.stop();
  });
});
