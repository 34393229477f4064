import { describe, expect, test } from 'bun:test';
import type { SyncTrigger } from '../../../src/core/lifecycle/sync.ts';
import { SECOND } from '../../../src/core/time.ts';
import { createLimits, LIMITS } from '../../../src/http/limits.ts';
import { createReceiver } from '../../../src/payments/callback/receiver.ts';
import { createReturn } from '../../../src/payments/checkout/return.ts';
import { createSyncAttempt, type SyncAttempt } from '../../../src/payments/sync/attempt.ts';
import { createPacer } from '../../../src/payments/sync/pacer.ts';
import { createViewRefresh } from '../../../src/payments/sync/request.ts';
import { OURS } from '../../gateways/paypal-callbacks.ts';
import { createShop } from '../../gateways/paypal-shop.ts';
import { STAGE, startApp } from '../../support/app.ts';
import { present } from '../../support/parts.ts';
import { countAnswers, hasPostgres, sendMany, until, useTwoNodes } from '../../support/two-nodes.ts';

/** What protects a gateway protects it from all nodes together. */

describe.skipIf(!hasPostgres)('two nodes', () => {
  const nodes = useTwoNodes((options) => startApp({ ...options, databaseClock: 'server', env: {} }));
  const both = () => [nodes.app.program, nodes.program] as const;
  const createNumber = async () => String((await nodes.app.create('ecpay/atm')).json.data.payment_no);
  const findBy = async (no: string) => {
    const { payment, attempt } = present(await nodes.app.deps.store.findPayment(no));
    return [payment, present(attempt)] as const;
  };

  test('ask about a merchant’s payments no more often than one', async () => {
    const SPACING = 120;
    const { app } = nodes;
    const numbers = await sendMany(20, createNumber);
    const looks = both().map(({ deps }) => createSyncAttempt(deps, createPacer(deps, SPACING)));
    const times: number[] = [];
    app.gateway.answer = ({ path }) => {
      if (path.includes('Query')) times.push(performance.now());
      return null;
    };
    const triggers: readonly SyncTrigger[] = ['schedule', 'request', 'page'];
    const results = await Promise.all(
      numbers.map(async (no, n) => present(looks[n % 2])(...(await findBy(no)), present(triggers[n % 3]))),
    );
    // Nobody waits for what payers cause: it is put all the same.
    expect(results.filter(({ asked, result }) => !asked && result !== 'busy')).toEqual([]);
    await until(() => times.length >= 20);
    const spans = times.slice(10).map((time, n) => time - present(times[n]));
    // Each node may be late with one; unpaced by the other they would come in half the time.
    expect(Math.min(...spans)).toBeGreaterThan(7 * SPACING);
    expect(present(times[19]) - present(times[0])).toBeGreaterThan(16 * SPACING);
  });

  test('leave an account alone at once when the gateway has had enough of either', async () => {
    const { app, program } = nodes;
    const [one, two] = [await createNumber(), await createNumber()];
    const turn = Promise.withResolvers<null>();
    const pacer = createPacer(program.deps);
    const late = createSyncAttempt(program.deps, { ...pacer, askForTurn: () => turn.promise });
    const waiting = late(...(await findBy(two)), 'request');
    app.gateway.answer = ({ path }) => (path.includes('Query') ? new Response('', { status: 403 }) : null);
    const first = await app.program.services.syncAttempt(...(await findBy(one)), 'request');
    const asked = app.gateway.received.length;
    turn.resolve(null);
    expect([first.result, (await waiting).result]).toEqual(['cooldown', 'cooldown']);
    expect(app.gateway.received.length).toBe(asked);
  });

  test('give an address so many orders, numbers and forms together', async () => {
    const table = { ...LIMITS, draws: { ...LIMITS.draws, perMinute: 3 } };
    const [one, two] = both().map(({ deps }) => createLimits(deps, () => '203.0.113.9', table));
    const request = new Request('http://pay.example/');
    const waits = await sendMany(4, async () => [await one?.waitForDraw(request), await two?.waitForDraw(request)]);
    expect(waits.flat().filter((wait) => wait === null)).toHaveLength(3);
  });

  test('let callbacks that prove nothing cause twenty calls together', async () => {
    const shop = createShop(nodes.app);
    const { no } = await shop.sell({ gateway_credentials: { ...OURS, environment: 'sandbox' } });
    const gateway = present(nodes.app.deps.gateways.find('paypal'));
    const raw = (n: number) => ({
      contentType: 'application/json',
      body: new TextEncoder().encode(JSON.stringify({ event_type: 'X', resource: { custom_id: no }, n })),
      headers: new Headers(),
      query: new URLSearchParams(),
    });
    const { look, count } = countLooks(nodes.app.program.services.syncAttempt);
    const receivers = both().map(({ deps }) => createReceiver(deps, look));
    for (let n = 0; n < 12; n += 1) for (const receive of receivers) await receive(gateway, raw(n), '203.0.113.9');
    expect(count()).toBe(20);
  });

  test('ask once in ten seconds for all that see a page, or come back without its token', async () => {
    const { app } = nodes;
    const { no } = await createShop(app).sell();
    app.clock.advance(10 * SECOND);
    const found = present(await app.deps.store.findPayment(no));
    const answers = both().map(({ deps }) => countAnswers(deps.store, 'takeAllowance'));
    const { look, count } = countLooks(app.program.services.syncAttempt);
    for (const { deps } of both()) createViewRefresh(deps, look)(found);
    await until(() => answers.every((answered) => answered() === 1));
    await until(() => count() === 1);
    for (const { deps } of both()) await createReturn(deps, look)('paypal', no, new URLSearchParams());
    expect(count()).toBe(2);
  });

  test('count nothing in the database for a proved callback, a page, a poll or a call of the API', async () => {
    const { app } = nodes;
    const answers = countAnswers(app.deps.store, 'takeAllowance');
    const turns = countAnswers(app.deps.store, 'takeQueryTurn');
    const { json } = await app.create('ecpay/aio', { gateway_credentials: { ...STAGE, environment: 'stage' } });
    const { action, fields } = json.data.redirect_form as { action: string; fields: Record<string, string> };
    await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
    await app.simulate(String(fields.MerchantTradeNo), 'pay');
    const page = new URL(String(json.data.payment_url));
    await app.request(page.pathname + page.search);
    await app.request(`${page.pathname}/status${page.search}`);
    expect((await app.find(String(json.data.payment_no))).status).toBe('paid');
    expect([answers(), turns()]).toEqual([0, 0]);
  });
});

/** Looks that are asked for and not made. */
function countLooks(like: SyncAttempt) {
  let count = 0;
  const look = async () => {
    count += 1;
    return { asked: false, result: 'busy' } as const;
  };
  return { look: Object.assign(look, { ...like }), count: () => count };
}
