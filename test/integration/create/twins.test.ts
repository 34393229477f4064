import { expect, test } from 'bun:test';
import { CALL_LIMIT } from '../../../src/core/lifecycle/schedule.ts';
import { exampleOrder } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { holdCalls, openTwin } from '../../support/held.ts';
import { bodyFor } from '../../support/orders.ts';

const app = useApp();

/** A number that nobody can ask for again: the next try gets another one, but not while the first is being waited for. */
test.each(['smilepay/cvs', 'plus/atm'])(
  'the same create of %s in two processes calls the gateway once',
  async (route) => {
    const body = JSON.stringify({ ...exampleOrder(app.shop.url), ...bodyFor(route) });
    const init = {
      method: 'POST',
      headers: { 'x-api-key': app.keys.test.api_key, 'content-type': 'application/json' },
      body,
    };
    const twin = await openTwin(app);
    const held = holdCalls(app, () => true);
    const first = app.request(`/api/paycore/pay/${route}`, init);
    await held.arrived;
    app.clock.advance(CALL_LIMIT - 1);
    const second = await twin(`/api/paycore/pay/${route}`, init);
    const { error } = (await second.json()) as { error: { error_code: string; payment_no: string } };
    expect([second.status, error.error_code]).toEqual([504, 'PAYMENT_GATEWAY_TIMEOUT']);
    held.release();
    const made = (await (await first).json()) as { data: Record<string, unknown> };
    expect([made.data.payment_no, held.count()]).toEqual([error.payment_no, 1]);
    const again = await twin(`/api/paycore/pay/${route}`, init);
    expect([again.status, held.count()]).toEqual([200, 1]);
  },
);
