import { afterEach, beforeEach, describe, expect, setSystemTime, test } from 'bun:test';
import { Webhook } from 'standardwebhooks';
import { DAY } from '../../../src/core/time.ts';
import { rotateSecret } from '../../../src/payments/projects/projects.ts';
import { type Received, startApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startApp();
});
afterEach(async () => {
  setSystemTime();
  await app.stop();
});

const projectId = async () => (await app.deps.store.findProjectByName('shop'))?.id ?? 0;
const rotate = async () => rotateSecret(app.deps, await projectId());

async function notify(): Promise<Received> {
  const { json } = await app.create('ecpay/atm');
  await app.simulate(String(json.data.gateway_order_no), 'pay');
  await app.deliver();
  const last = app.shop.received.at(-1);
  if (!last) throw new Error('nothing came');
  return last;
}

const signaturesOf = ({ headers }: Received) => (headers['webhook-signature'] ?? '').split(' ');

/** Whether a shop that holds this secret would take it. */
function isTaken(secret: string, { body, headers }: Received): boolean {
  setSystemTime(app.clock.now());
  try {
    new Webhook(secret).verify(body, { ...headers });
    return true;
  } catch {
    return false;
  } finally {
    setSystemTime();
  }
}

describe('a notification secret that was rotated', () => {
  test('signs alone before, and along with the new one for 24 hours, the new one first', async () => {
    const old = app.keys.test.notification_secret;
    const before = await notify();
    expect([signaturesOf(before).length, isTaken(old, before)]).toEqual([1, true]);

    const { secret, previousUntil } = await rotate();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    expect([secret === old, previousUntil - app.clock.now()]).toEqual([false, DAY]);
    const during = await notify();
    expect([isTaken(secret, during), isTaken(old, during)]).toEqual([true, true]);
    const [first = '', second = '', ...more] = signaturesOf(during);
    expect(more).toEqual([]);
    const alone = (signature: string): Received => ({
      ...during,
      headers: { ...during.headers, 'webhook-signature': signature },
    });
    expect([isTaken(secret, alone(first)), isTaken(old, alone(second))]).toEqual([true, true]);
    expect([isTaken(old, alone(first)), isTaken(secret, alone(second))]).toEqual([false, false]);
  });

  test('counts no more the moment the day is over', async () => {
    const { secret, previousUntil } = await rotate();
    app.clock.advance(previousUntil - app.clock.now() - 1);
    expect(signaturesOf(await notify())).toHaveLength(2);
    app.clock.advance(1);
    const after = await notify();
    expect(signaturesOf(after)).toHaveLength(1);
    expect([isTaken(secret, after), isTaken(app.keys.test.notification_secret, after)]).toEqual([true, false]);
  });

  test('rotated twice within the day: the last two count', async () => {
    const first = await rotate();
    const second = await rotate();
    const sent = await notify();
    const taken = [second.secret, first.secret, app.keys.test.notification_secret].map((one) => isTaken(one, sent));
    expect(taken).toEqual([true, true, false]);
  });

  test('a notification that waited from before is signed with what counts when it goes out', async () => {
    app.shop.answer = () => new Response(null, { status: 500 });
    const waiting = await notify();
    const { secret } = await rotate();
    app.shop.answer = null;
    app.clock.advance(2 * DAY);
    await app.deliver();
    const again = app.shop.received.at(-1);
    if (!again) throw new Error('nothing came');
    expect([again.body, again.headers['webhook-id']]).toEqual([waiting.body, waiting.headers['webhook-id'] ?? '']);
    expect([isTaken(secret, again), isTaken(app.keys.test.notification_secret, again)]).toEqual([true, false]);
  });

  test('leaves other projects alone, and neither secret stands in the database', async () => {
    const { secret } = await rotate();
    const projects = await app.rows.projects();
    expect(JSON.stringify(projects)).not.toContain(secret);
    for (const { notificationSecret, previousSecret } of projects) {
      const sealed = Buffer.concat([notificationSecret, previousSecret ?? new Uint8Array()]);
      expect(sealed.includes('whsec_')).toBe(false);
    }
    expect(projects.map(({ previousSecret }) => previousSecret !== null)).toEqual([true, false]);
  });
});
