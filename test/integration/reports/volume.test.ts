import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import { FLAGS, STATUSES } from '../../../src/core/payment-query.ts';
import { DAY } from '../../../src/core/time.ts';
import { QUARTER } from '../../../src/store/counters.ts';
import type { Engine } from '../../../src/store/engines/engine.ts';
import type { Reader, Tx } from '../../../src/store/tx.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { signInOwner } from '../../support/desk.ts';
import { present } from '../../support/parts.ts';
import { newAttempt, newPayment, paid } from '../../support/payments.ts';
import { describeCases } from '../../volume/cases.ts';
import { askDesk as askFigures } from '../../volume/desk.ts';
import { describeDeskCases } from '../../volume/desk-cases.ts';
import { askNodes, fillVolume, type Volume } from '../../volume/fill.ts';

/** The short form of `npm run volume`: no times are taken, since the plans say what will become slow. About SQLite. */

const PAYMENTS = 20_000;
const FILES = [
  'queries/list',
  'queries/counters',
  'queries/payments',
  'queries/subject',
  'queries/deliveries',
  'queries/delivery-list',
  'queries/delivery-statements',
  'queries/timeline',
  'queries/figures',
  'queries/troubles',
  'commands/troubles',
  'queries/desk/payments',
  'queries/desk/terms',
  'queries/desk/exact',
  'queries/desk/refunds',
  'queries/desk/paid',
  'commands/search-terms',
  'commands/events',
  'commands/open-payment',
  'commands/select-method',
  'commands/sync-schedule',
  'commands/cooldowns',
  'commands/cancel-payment',
  'commands/close-payments',
  ...readdirSync('src/store/commands/deliveries').map((name) => `commands/deliveries/${name.replace('.ts', '')}`),
];
/**
 * What may be gone through: tables that do not grow with payments, what is under way or waits, up to a limit, and rows that
 * an index has found.
 */
const SMALL =
  /^SCAN (projects|nodes|claims|alert_channels|alerts USING INDEX alerts_leased|people USING COVERING INDEX people_email|json_each|steps|walk|waiting|some|outbox USING INDEX outbox_(leased|due)|troubles USING INDEX troubles_open|\(subquery-\d+\)|(\d+ )?CONSTANT|\d+-ROW VALUES CLAUSE)/;

let app: TestApp;
let volume: Volume;
/** Every text that SQLite was asked. */
const asked = new Set<string>();
/** Places in the store that asked something, and those at which statements were put together. */
const seen = new Set<string>();
const built = new Set<string>();

const prepare = Database.prototype.prepare;
const BUILDING = ['select', 'insert', 'update', 'delete'] as const;
const { select, insert, update, delete: remove } = BaseSQLiteDatabase.prototype;

beforeAll(async () => {
  Database.prototype.prepare = function (this: Database, text: string, ...values: []) {
    asked.add(text);
    return prepare.call(this, text, ...values);
  } as typeof prepare;
  for (const name of BUILDING) listenToBuilder(name);
  app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  volume = await fillVolume(app, PAYMENTS);
  listen(app.engine);
}, 120_000);
afterAll(async () => {
  Database.prototype.prepare = prepare;
  Object.assign(BaseSQLiteDatabase.prototype, { select, insert, update, delete: remove });
  await app.stop();
});

function notePlaces(places: Set<string>): void {
  for (const [, file, line] of (new Error().stack ?? '').matchAll(/src\/store\/([\w/-]+)\.ts:(\d+)/g)) {
    places.add(`${file}:${line}`);
  }
}

function listenToBuilder(name: (typeof BUILDING)[number]): void {
  const build = BaseSQLiteDatabase.prototype[name] as (...given: unknown[]) => unknown;
  const listening = function (this: unknown, ...given: unknown[]): unknown {
    notePlaces(built);
    return Reflect.apply(build, this, given);
  };
  Object.assign(BaseSQLiteDatabase.prototype, { [name]: listening });
}

/** Writes down from where the store's queries and commands ask from now on. */
function listen(engine: Engine): void {
  const { reader, write } = engine;
  const noteCallers = <On extends Reader | Tx>(on: On): On =>
    new Proxy(on, {
      get(target, name, receiver) {
        const part: unknown = Reflect.get(target, name, receiver);
        if (typeof part !== 'function') return part;
        return (...given: unknown[]) => {
          notePlaces(seen);
          return Reflect.apply(part, target, given);
        };
      },
    });
  const listening: Pick<Engine, 'reader' | 'write'> = {
    reader: noteCallers(reader),
    write: (command) => write((tx) => command(noteCallers(tx))),
  };
  Object.assign(engine, listening);
}

function explain(sql: string): readonly string[] {
  // Another connection: this one takes a text whose values are missing.
  const plain = new Database(join(app.folder, 'paycore.db'), { readonly: true });
  try {
    return plain
      .query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => detail);
  } finally {
    plain.close();
  }
}

const ASKING =
  /\b(?:on|tx)\.(?:all|get|run)\(|\b(?:findRows?|lockRow|(?:try)?[iI]nsertRows?|addRow|patchRows?)\(\s*(?:on|tx)\b/;

/**
 * Lines of a file that ask the database something. One that hands the question on with `return` leaves no trace: what it
 * asks is one of the statements that `listUnbuilt` looks at, or a row by its id.
 */
function listPlaces(file: string): readonly string[] {
  const lines = readFileSync(`src/store/${file}.ts`, 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    ASKING.test(line) && !/^\s*return \w+/.test(line) ? [`${file}:${index + 1}`] : [],
  );
}

/** Statements of a file that were never put together: from its own line on to the next one there is no place that built. */
function listUnbuilt(file: string): readonly string[] {
  const lines = readFileSync(`src/store/${file}.ts`, 'utf8').split('\n');
  const starts = lines.flatMap((line, index) => (/\bstatement\(/.test(line) ? [index + 1] : []));
  const places = [...built].filter((place) => place.startsWith(`${file}:`)).map((place) => Number(place.split(':')[1]));
  return starts
    .filter((start, index) => !places.some((at) => at >= start && at < (starts[index + 1] ?? Number.POSITIVE_INFINITY)))
    .map((start) => `${file}:${start}`);
}

async function askLists(): Promise<void> {
  const key = { projectId: volume.projectId, keyKind: 'live', before: null, limit: 20 } as const;
  for (const status of [undefined, ...STATUSES]) {
    for (const flag of [undefined, ...FLAGS]) {
      for (const gateway of [undefined, 'ecpay']) {
        for (const number of [undefined, 'ORDER', 'ORDER2026', 'PAY2026', volume.paymentNos[0]]) {
          const all = { status, flag, gateway, number, from: app.clock.now() - 90 * DAY };
          const given = Object.entries(all).filter(([, value]) => value !== undefined);
          await app.deps.store.listPayments({ ...key, filter: Object.fromEntries(given) });
        }
      }
    }
  }
  const headers = { 'x-api-key': app.keys.live.api_key };
  for (const { path } of describeCases(app, volume)) {
    expect((await app.request(await path(), { headers })).status).toBe(200);
  }
}

async function askDesk(): Promise<void> {
  const { store } = app.deps;
  const owner = await signInOwner(app);
  await owner.get('/admin?kind=live&locale=en');
  for (const { path } of describeDeskCases(app, volume))
    expect([200, 303]).toContain((await owner.get(await path())).status);
  const scope = { projectId: null, keyKind: 'live', limit: 20 } as const;
  await store.listPaid({ ...scope, from: 0, to: app.clock.now(), after: null });
  await store.listDeskRefunds({ ...scope, filter: { status: 'failed', source: 'api' }, before: null });
}

/** Everything that can be asked of the files by the store's commands. */
async function askStore(): Promise<void> {
  const { store } = app.deps;
  const now = app.clock.now();
  const shop = present(await store.findPayment(present(volume.paymentNos[0]))).payment;
  for (const projectId of [volume.projectId, null]) {
    const scope = { projectId, keyKind: 'live' } as const;
    await store.sumPaid(scope, now - (now % QUARTER) - 40 * DAY, now - (now % QUARTER) + QUARTER);
    await store.countByStatus(scope);
    await store.listRecent(scope, 10);
  }
  const test = { clock: app.clock, random: app.deps.random } as Parameters<typeof newPayment>[0];
  const owner = { projectId: shop.projectId, credentialId: present(shop.credentialId) };
  const { payment, attempt } = await store.openPayment(
    newPayment(test, owner, { isCheckout: true }),
    newAttempt(test, owner),
  );
  const first = present(attempt);
  const set = { gateway: 'ecpay', merchantId: '3002607', environment: 'stage' } as const;
  const other = { fingerprint: new Uint8Array([1]), sealed: new Uint8Array([1]) };
  const credentialId = await store.ensureCredential({ ...set, ...other, projectId: owner.projectId, now });
  const another = { ...owner, credentialId };
  await store.openPayment(newPayment(test, owner), newAttempt(test, owner));
  const further = present(
    await store.openAttempt(payment.id, newAttempt(test, another, { preferredOrderNo: 'MINE' }), now),
  );
  await store.findPaymentById(payment.id);
  await store.findAttempt(first.id);
  await store.findByGatewayOrderNo('ecpay', first.gatewayOrderNo);
  await store.findByMerchantOrderNo('ecpay', '3002607', payment.merchantOrderNo);
  await store.listEvents(payment.id);
  await store.listTimeline(payment.id, 0, 20);
  await store.listDeskTimeline(payment.id, { before: null, limit: 51, maxBody: 16_384 });
  await store.listLatestEvents(payment.id, 100);
  await store.findCallbackBody(payment.id, 1);
  await store.listNotifications(payment.id, 50);
  await store.findKeyHint(1);
  await store.recordEvent({ paymentId: payment.id, attemptId: null, type: 'sync', data: {}, at: now });

  const way = { gateway: 'ecpay', method: 'cvs', mode: 'background', credentialId: owner.credentialId };
  await store.selectMethod(payment.id, { ...way, attemptId: further.id }, now);
  await store.beginCharge(further.id, { usesNumber: true }, now);
  await store.planSync({ attemptId: first.id, checkAt: now, syncTries: 1, notFoundCount: 0 }, now);
  await store.claimSyncs(now + 1000, 10, 1000, 'one');
  await store.planLastSync(first.id, null);
  await store.findNextSync();
  await store.listAttempts(payment.id, 50);
  await store.findMoving(payment.id);
  const rest = { gateway: 'ecpay', environment: 'stage', merchantId: '3002607' } as const;
  await store.startCooldown(rest, now + 1000, now);
  await store.findCooldown(rest, now);
}

async function askNotifications(): Promise<void> {
  const { store } = app.deps;
  const now = app.clock.now();
  let messages = 0;
  const makeWebhookId = () => `msg_new_${++messages}`;
  const shop = present(await store.findPayment(present(volume.paymentNos[0]))).payment;
  const test = { clock: app.clock, random: app.deps.random } as Parameters<typeof newPayment>[0];
  const owner = { projectId: shop.projectId, credentialId: present(shop.credentialId) };
  const open = (merchantOrderNo: string) =>
    store.openPayment(newPayment(test, owner, { merchantOrderNo }), newAttempt(test, owner));
  const sold = await open('SOLD');
  const attemptId = present(sold.attempt).id;
  const facts = [paid()];
  await store.applyFacts({ attemptId, facts, now, source: 'sync', mayChooseAgain: false, makeWebhookId });
  await store.findNextNotification();
  const claim = { now, limit: 10, owner: 'this', leaseMs: 1000 };
  const claimed = await store.claimDueNotifications(claim);
  const [item] = await store.renewNotificationLeases(claimed, claim);
  await store.finishDelivery(present(item), { outcome: 'delivered', status: 204 }, now, claim.owner);
  await askNodes(app);
  const paypal = { gateway: 'paypal', merchantOrderNo: 'NUMBERED' } as const;
  const numbered = await store.openPayment(
    newPayment(test, owner, paypal),
    newAttempt(test, owner, { gateway: 'paypal' }),
  );
  const told = { attemptId: present(numbered.attempt).id, facts: [paid({ tradeNo: '5O190127TN364715T' })] };
  await store.applyFacts({ ...told, now, source: 'sync', mayChooseAgain: false, makeWebhookId });
  expect(await store.findByGatewayTradeNo('paypal', '5O190127TN364715T')).not.toBeNull();
  await askDeliveries(owner.projectId, sold.payment.id);
  const by = { type: 'api_key', id: 1 } as const;
  await store.resendNotification(sold.payment.id, { by }, now);
  const { payment } = await open('UNWANTED');
  await store.cancelPayment({ paymentId: payment.id, by, now, makeWebhookId });
  const { attempt: again } = await open('UNWANTED');
  const known = present(await store.findByGatewayOrderNo('ecpay', present(again).gatewayOrderNo));
  const telling = { now, source: 'callback.accepted', mayChooseAgain: false, makeWebhookId } as const;
  await store.applyFacts({ attemptId: known.attempt.id, facts, known, ...telling });
  await app.tamper.setNotifyEvents('payment.paid,payment.expired');
  const order = { merchant_order_no: 'LEFT-OPEN', amount: 100, payok_url: `${app.shop.url}/payok` };
  await app.call('/api/paycore/checkout', order);
  await store.closePayments(now + 90 * DAY, 10, makeWebhookId);
  await store.findNextClosing();
}

async function askDeliveries(projectId: number, paymentId: number): Promise<void> {
  const { store } = app.deps;
  const query = { projectIds: [projectId], keyKinds: ['live'], since: 0, before: null, limit: 20 } as const;
  for (const state of [undefined, 'pending', 'delivered', 'dead'] as const) {
    for (const event of [undefined, 'payment.paid', 'payment.refunded'] as const) {
      await store.listDeliveries({ ...query, ...(state ? { state } : {}), ...(event ? { event } : {}) });
    }
  }
  const { deliveries } = await store.listDeliveries(query);
  const { webhookId } = present(await store.findDelivery(present(deliveries[0]).webhookId));
  await store.listTries(paymentId, 20);
  await store.countDeadDeliveries(query, 1000);
  await store.resendDelivery(webhookId, { type: 'operator' }, app.clock.now());
  const batch = { projectId, keyKind: 'live', since: 0, after: { at: 0, id: 0 } } as const;
  await store.resendDeadDeliveries({ ...batch, now: app.clock.now(), limit: 10 });
}

describe('with many payments', () => {
  beforeAll(async () => {
    await askLists();
    await askDesk();
    await askStore();
    await askNotifications();
    await askFigures(app, volume);
  }, 120_000);

  test('every question of these files has been asked here', () => {
    // A call that is broken into lines may count from its first one or from a later one.
    const isSeen = (place: string) => {
      const [file, line] = place.split(':');
      return [-1, 0, 1].some((off) => seen.has(`${file}:${Number(line) + off}`));
    };
    const places = FILES.flatMap(listPlaces);
    expect(places.length).toBeGreaterThan(50);
    expect(places.filter((place) => !isSeen(place))).toEqual([]);
    expect(FILES.flatMap(listUnbuilt)).toEqual([]);
    expect(asked.size).toBeGreaterThan(100);
  });

  test('none goes through a whole table: each is answered by an index', () => {
    const scans = [...asked]
      .filter((sql) => /^\s*(SELECT|UPDATE|DELETE|INSERT|WITH)\b/i.test(sql))
      .flatMap((sql) =>
        explain(sql)
          .filter((detail) => detail.startsWith('SCAN ') && !SMALL.test(detail))
          .map((detail) => `${detail}: ${sql}`),
      );
    expect(scans).toEqual([]);
  });

  test('the figures that are kept are those that counting gives', () => {
    const rows = (sql: string) => app.database.query<Record<string, unknown>, []>(sql).all();
    const order = 'ORDER BY 1, 2, 3, 4, 5';
    expect(
      rows(`SELECT project_id, key_kind, livemode, status, count FROM payment_counts WHERE count <> 0 ${order}`),
    ).toEqual(
      rows(
        `SELECT project_id, key_kind, livemode, status, count(*) AS count FROM payments GROUP BY 1, 2, 3, 4 ${order}`,
      ),
    );
    expect(rows(`SELECT * FROM paid_sums WHERE count <> 0 ${order}`)).toEqual(
      rows(`SELECT project_id, key_kind, livemode, paid_at / 900000 AS quarter, currency, sum(amount) AS amount,
        count(*) AS count FROM payments WHERE status = 'paid' GROUP BY 1, 2, 3, 4, 5 ${order}`),
    );
  });
});
