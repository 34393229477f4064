import { makeTimedId, type Random } from '../../src/core/ids.ts';
import { DAY } from '../../src/core/time.ts';
import type { Telling } from '../../src/store/commands/notifications.ts';
import type { Engine } from '../../src/store/engines/engine.ts';
import type { Row } from '../../src/store/kit.ts';
import type { NewRow } from '../../src/store/schema/rows.ts';
import { insertRow } from '../../src/store/table.ts';
import { createClock, seedRandom, type TestClock } from '../support/clock.ts';

export const SHOP_URL = 'https://shop.example/payok';

/** What every contract of the store begins with: a shop with credentials, and rows as they lie about in its database. */
export interface World {
  readonly engine: Engine;
  readonly clock: TestClock;
  readonly random: Random;
  readonly project: Row<'projects'>;
  readonly credential: Row<'credentials'>;
  readonly telling: () => Telling;
  readonly addPayment: (change?: Partial<NewRow<'payments'>>) => Promise<Row<'payments'>>;
  readonly addAttempt: (
    payment: Pick<Row<'payments'>, 'id'>,
    change?: Partial<NewRow<'attempts'>>,
  ) => Promise<Row<'attempts'>>;
}

/** A project with one set of credentials. */
async function addShop(engine: Engine, name: string, events: Row<'projects'>['events'], createdAt: number) {
  const none = new Uint8Array([1]);
  const project = await engine.write((tx) =>
    insertRow(tx, 'projects', { name, notificationSecret: none, limits: {}, settings: {}, events, createdAt }),
  );
  const credential = await engine.write((tx) =>
    insertRow(tx, 'credentials', {
      projectId: project.id,
      gateway: 'stripe',
      merchantId: '1',
      environment: 'sandbox',
      fingerprint: none,
      sealed: none,
      createdAt,
    }),
  );
  return { project, credential };
}

const ALL_EVENTS = ['payment.paid', 'payment.refunded', 'payment.failed', 'payment.attention'] as const;

export async function makeWorld(
  engine: Engine,
  events: Row<'projects'>['events'] = ALL_EVENTS,
  name = 'shop',
): Promise<World> {
  const clock = createClock();
  const random = seedRandom(`world ${name}`);
  const { project, credential } = await addShop(engine, name, events, clock.now());
  const route = { gateway: 'stripe', method: 'card', mode: 'redirect', credentialId: credential.id };
  let made = 0;
  return {
    engine,
    clock,
    random,
    project,
    credential,
    telling: () => ({ now: clock.now(), makeWebhookId: () => makeTimedId('msg', clock.now(), random) }),
    addPayment: (change = {}) => {
      const no = ++made;
      return engine.write((tx) =>
        insertRow(tx, 'payments', {
          paymentNo: `PAY${project.id}-${no}`,
          projectId: project.id,
          livemode: false,
          keyKind: 'test',
          merchantOrderNo: `ORDER-${no}`,
          ...route,
          environment: 'sandbox',
          amount: 98_000,
          currency: 'TWD',
          unit: 'major',
          status: 'pending',
          flags: [],
          order: { payokUrl: SHOP_URL },
          createdAt: clock.now(),
          updatedAt: clock.now(),
          ...change,
        }),
      );
    },
    addAttempt: ({ id: paymentId }, change = {}) => {
      const no = ++made;
      return engine.write((tx) =>
        insertRow(tx, 'attempts', {
          paymentId,
          ...route,
          gatewayOrderNo: `PC${project.id}-${no}`,
          status: 'open',
          deadline: clock.now() + DAY,
          createdAt: clock.now(),
          updatedAt: clock.now(),
          ...change,
        }),
      );
    },
  };
}
