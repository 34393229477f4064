import { expect, test } from 'bun:test';
import { DAY } from '../../../src/core/time.ts';
import { useApp } from '../../support/apps.ts';
import { linkHand } from '../../support/links.ts';

const app = useApp();

test('a payment that somebody began at a link and left alone is gone a week after it expired, its page too', async () => {
  const hand = linkHand(app);
  await hand.storeCredentials();
  const { path } = await hand.make({ amount: 100 });
  const begun = await app.request(path, { method: 'POST', body: new URLSearchParams() });
  const page = String(begun.headers.get('location'));
  expect((await app.request(page)).status).toBe(200);
  app.clock.advance(DAY + 1);
  await app.close();
  await app.deliver();
  app.clock.advance(6 * DAY);
  await app.program.jobs.prune.run();
  expect((await app.request(page)).status).toBe(200);
  app.clock.advance(DAY);
  await app.program.jobs.prune.run();
  expect([(await app.request(page)).status, await app.rows.count('payments')]).toEqual([404, 0]);
});
