import { beforeEach, describe, expect, test } from 'bun:test';
import { DAY } from '../../../src/core/time.ts';
import { useApp } from '../../support/apps.ts';
import { type DeskClient, readText, signIn, signInOwner } from '../../support/desk.ts';
import { bodyFor, registerStripe, SIMULATED } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';

/** The first page of the desk: what came in, and what needs a person. */

const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
let owner: DeskClient;
beforeEach(async () => {
  owner = await signInOwner(app);
  await owner.get('/admin?kind=test&locale=en');
});

/** Whoever was away for a day signs in anew. */
async function passDays(days: number): Promise<void> {
  app.clock.advance(days * DAY);
  owner = await signIn(app, owner.person);
  await owner.get('/admin?kind=test&locale=en');
}

async function pay(route = 'ecpay/atm', body: object = {}, headers: Record<string, string> = {}): Promise<string> {
  const { json } = await app.create(route, { ...bodyFor(route), ...body }, headers);
  await app.simulate(String(json.data.gateway_order_no), 'pay');
  return String(json.data.payment_no);
}

/** Figures are kept for ten seconds. */
async function look(address = '/admin') {
  app.clock.advance(11_000);
  const { status, text } = await owner.get(address);
  expect(status).toBe(200);
  const numbers = [...text.matchAll(/<dt>([^<]+)<\/dt><dd><strong>([^<]+)<\/strong><span>([^<]+)<\/span>/g)];
  return { text, numbers: Object.fromEntries(numbers.map(([, name, figure, more]) => [name, [figure, more]])) };
}

describe('the overview', () => {
  test('says what to do while there is nothing', async () => {
    const { text } = await look();
    expect(text).toContain('data-page="overview"');
    expect(readText(text)).toContain('No test payments yet');
    expect(text).toContain('href="/admin/projects"');
    expect(text).not.toContain('<svg viewBox="0 0 720');
  });

  test('shows today, the month, the success rate and what waits, and yesterday’s money in the month alone', async () => {
    await pay('ecpay/atm', { amount: 300 });
    await passDays(1);
    await pay('ecpay/atm', { amount: 700 });
    await app.create('ecpay/atm');
    const failed = await app.create('ecpay/atm');
    await app.call(`/api/paycore/payments/${failed.json.data.payment_no}/cancel`, {});
    expect((await look()).numbers).toEqual({
      Today: ['NT$700', '1 payment'],
      'This month': ['NT$1,000', '2 payments'],
      'Success rate': ['66.7%', 'Made in the last 30 days and over: 2 paid, 1 failed, 0 expired'],
      Waiting: ['1', 'Not paid yet, and not expired'],
    });
  });

  test('keeps real money apart from tests, and one project from another', async () => {
    await pay('ecpay/atm', { amount: 300 });
    await pay('ecpay/atm', { amount: 55 }, { 'x-api-key': app.keys.other.api_key });
    expect((await look()).numbers.Today).toEqual(['NT$355', '2 payments']);
    const { id } = present(await app.deps.store.findProjectByName('shop'));
    await owner.get(`/admin?project=${id}`);
    expect((await look()).numbers.Today).toEqual(['NT$300', '1 payment']);
    await owner.get('/admin?kind=live');
    expect(readText((await look()).text)).toContain('No real payments yet');
  });

  test('draws thirty days that can be read as a table too, without anything inline', async () => {
    await pay('ecpay/atm', { amount: 300 });
    await passDays(2);
    await pay('ecpay/cvs', { amount: 500 });
    const { text } = await look();
    const chart = present(/<figure class="chart">.*?<\/figure>/s.exec(text))[0];
    expect(chart).toContain('role="img" aria-labelledby="days-title days-desc"');
    expect(chart).toContain('Most came in on 6/24: NT$500.');
    const rows = [...chart.matchAll(/<tr><th scope="row">([^<]+)<\/th><td>(\d+)<\/td><td>([^<]+)<\/td><\/tr>/g)];
    expect(rows).toHaveLength(30);
    expect(rows.slice(0, 3).map(([, day, count, amount]) => [day, count, amount])).toEqual([
      ['6/24', '1', 'NT$500'],
      ['6/23', '0', 'NT$0'],
      ['6/22', '1', 'NT$300'],
    ]);
    expect(text).not.toMatch(/ style="|<style|on(click|load)=/);
  });

  test('shows by which methods it came, the most first, and the newest payments as links', async () => {
    await pay('ecpay/atm', { amount: 100 });
    const no = await pay('ecpay/cvs', { amount: 300 });
    const { text } = await look();
    const shares = present(/<figure class="shares">.*?<\/figure>/s.exec(text))[0];
    expect(readText(shares)).toMatch(/Store code 75% 1 payment NT\$300 .*ATM transfer 25% 1 payment NT\$100/);
    expect(text).toContain(`data-payment-no="${no}"`);
    expect(text).toContain(`href="/admin/payments/${no}"`);
  });

  test('shows one currency at a time', async () => {
    await registerStripe(app);
    await pay('ecpay/atm', { amount: 300 });
    const { json } = await app.create('stripe/credit', {
      ...{ amount: 1099, currency: 'USD', gateway_credentials: SIMULATED.stripe },
    });
    await app.simulate(String(json.data.gateway_trade_no), 'pay');
    expect((await look()).numbers.Today).toEqual(['NT$300', '1 payment']);
    expect((await look('/admin?currency=USD')).numbers.Today).toEqual(['US$10.99', '1 payment']);
    expect((await look('/admin?currency=XXX')).numbers.Today).toEqual(['NT$300', '1 payment']);
  });

  test('says first what needs a person, and nothing when nobody is needed', async () => {
    const { json } = await app.create('ecpay/atm');
    expect((await look()).text).not.toContain('id="needed"');
    await app.simulate(String(json.data.gateway_order_no), 'forge', { kind: 'amount' });
    const { text } = await look();
    expect(text).toContain('data-trouble="mismatch"');
    expect(text.indexOf('id="needed"')).toBeLessThan(text.indexOf('class="numbers"'));
    expect(text).toContain('href="/admin/attention#trouble-');
  });
});
