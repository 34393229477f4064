import { expect, test } from 'bun:test';
import { resendDelivery } from '../../src/payments/deliveries/resend.ts';
import { createStore } from '../../src/store/index.ts';
import { useApp } from '../support/apps.ts';
import { seedRandom } from '../support/clock.ts';
import { openDatabaseAt, USUAL_ENGINE } from '../support/engines.ts';

/** Two programs on one database: what one makes due, the other may do. */
const app = useApp();

test.skipIf(USUAL_ENGINE !== 'postgres')('work that one node makes due wakes another out of its sleep', async () => {
  const { json } = await app.create('ecpay/atm');
  await app.simulate(String(json.data.gateway_order_no), 'pay');
  await app.deliver();
  const [sent] = await app.rows.outbox();

  const { engine } = await openDatabaseAt(app.place);
  const other = app.createTwin({ store: createStore(engine, seedRandom('other')), processId: 'proc_other' });
  await other.open();
  other.scheduler.start();
  const begun = performance.now();
  // Without a signal each of them waits for the end of a sleep of five seconds.
  for (let times = 2; times <= 5; times += 1) {
    await resendDelivery(app.deps, String(sent?.webhookId), { type: 'operator' });
    while (app.shop.received.length < times) await Bun.sleep(10);
    await other.settled();
  }
  expect(performance.now() - begun).toBeLessThan(12_000);
  other.scheduler.stop();
  await engine.close();
});
