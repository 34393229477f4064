import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS, STATUSES } from '../../src/core/listing.ts';
import { DAY } from '../../src/core/time.ts';
import { listPayments } from '../../src/store/list.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { present } from '../support/parts.ts';
import { newAttempt, newPayment, paid } from '../support/payments.ts';
import { describeCases } from '../volume/cases.ts';
import { fillVolume, type Volume } from '../volume/fill.ts';

/** The short form of `npm run volume`: no times are taken, since the plans say what will become slow. */

const PAYMENTS = 20_000;
const FILES = ['list', 'stats', 'events', 'payments', 'outbox', 'checks', 'timeline', 'cancel', 'resend', 'closing'];
/** What may be gone through: tables that do not grow with payments, and rows that an index has found already. */
const SMALL = /^SCAN (projects|json_each|\(subquery-\d+\)|(\d+ )?CONSTANT|\d+-ROW VALUES CLAUSE)/;

let app: TestApp;
let volume: Volume;
/** Every text that was asked, with the places in the source that asked it. */
const asked = new Map<string, Set<string>>();

beforeAll(async () => {
  app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
  volume = await fillVolume(app, PAYMENTS);
  listen(app.database);
});
afterAll(() => app.stop());

/** Writes down what the store asks of its connection from now on. */
function listen(database: Database): void {
  const query = database.query.bind(database);
  database.query = ((sql: string) => {
    const place = /src\/store\/(\w+)\.ts:(\d+)/.exec(new Error().stack?.split('\n').slice(2).join('\n') ?? '');
    if (place) asked.set(sql, (asked.get(sql) ?? new Set()).add(`${place[1]}:${place[2]}`));
    return query(sql);
  }) as typeof database.query;
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

/** Lines of a file that ask the database something. */
function listPlaces(file: string): readonly string[] {
  const lines = readFileSync(`src/store/${file}.ts`, 'utf8').split('\n');
  return lines.flatMap((line, index) => (/\.query[<(]/.test(line) ? [`${file}:${index + 1}`] : []));
}

async function askLists(): Promise<void> {
  const key = { projectId: volume.projectId, keyKind: 'live', before: null, limit: 20 } as const;
  for (const status of [undefined, ...STATUSES]) {
    for (const flag of [undefined, ...FLAGS]) {
      for (const gateway of [undefined, 'ecpay']) {
        for (const number of [undefined, 'ORDER', 'ORDER2026', 'PAY2026', volume.paymentNos[0]]) {
          const all = { status, flag, gateway, number, from: app.clock.now() - 90 * DAY };
          const given = Object.entries(all).filter(([, value]) => value !== undefined);
          listPayments(app.database, { ...key, filter: Object.fromEntries(given) });
        }
      }
    }
  }
  const headers = { 'x-api-key': app.keys.live.api_key };
  for (const { path } of describeCases(app, volume)) {
    expect((await app.request(await path(), { headers })).status).toBe(200);
  }
}

/** Everything that can be asked of the files by the store's commands. */
async function askStore(): Promise<void> {
  const { store } = app.deps;
  const now = app.clock.now();
  const shop = present(await store.findPayment(present(volume.paymentNos[0]))).payment;
  for (const projectId of [volume.projectId, null]) {
    const scope = { projectId, keyKind: 'live' } as const;
    await store.sumPaid(scope, now - 40 * DAY + 1, now + 1);
    await store.countByStatus(scope);
    await store.listRecent(scope, 10);
  }
  const test = { clock: app.clock, random: app.deps.random } as Parameters<typeof newPayment>[0];
  const owner = { projectId: shop.projectId, credentialId: shop.credentialId };
  const { payment, attempt } = await store.openPayment(newPayment(test, owner), newAttempt(test, owner));
  const first = present(attempt);
  await store.openPayment(newPayment(test, owner), newAttempt(test, owner));
  const further = present(
    await store.openAttempt(payment.id, newAttempt(test, owner, { preferredOrderNo: 'MINE' }), now),
  );
  await store.findByGatewayOrderNo('ecpay', first.gatewayOrderNo);
  await store.findByMerchantOrderNo('ecpay', '3002607', payment.merchantOrderNo);
  await store.listEvents(payment.id);
  await store.listTimeline(payment.id, 0, 20);
  await store.findKeyHint(1);
  await store.addEvent({ paymentId: payment.id, attemptId: null, type: 'sync', data: {}, at: now });

  const way = { gateway: 'ecpay', method: 'cvs', mode: 'background', credentialId: owner.credentialId };
  await store.chooseWay(payment.id, { ...way, attemptId: further.id }, now);
  await store.beginCall(further.id, now, now + 1000);
  await store.planCheck({ attemptId: first.id, checkAt: now, checks: 1, missing: 0 }, now);
  const room = { total: 10, others: 5, perGateway: 5, underWay: new Map() };
  await store.claimChecks(now + 1000, room, 1000);
  await store.planLastCheck(first.id, null);
  await store.findNextCheck(room);
  await store.listAttempts(payment.id, 50);
  const rest = { gateway: 'ecpay', environment: 'stage', merchantId: '3002607' };
  await store.startRest(rest, now + 1000);
  await store.findRest(rest, now);
}

async function askNotifications(): Promise<void> {
  const { store } = app.deps;
  const now = app.clock.now();
  let messages = 0;
  const makeWebhookId = () => `msg_new_${++messages}`;
  const shop = present(await store.findPayment(present(volume.paymentNos[0]))).payment;
  const test = { clock: app.clock, random: app.deps.random } as Parameters<typeof newPayment>[0];
  const owner = { projectId: shop.projectId, credentialId: shop.credentialId };
  const open = (merchantOrderNo: string) =>
    store.openPayment(newPayment(test, owner, { merchantOrderNo }), newAttempt(test, owner));
  const sold = await open('SOLD');
  const attemptId = present(sold.attempt).id;
  const facts = [paid()];
  await store.applyFacts({ attemptId, facts, now, source: 'sync', mayChooseAgain: false, makeWebhookId });
  await store.findNextNotification(new Map(), 4);
  const claim = { now, limit: 10, underWay: new Map(), perTarget: 4, after: '' };
  const [item] = await store.claimDueNotifications(claim);
  await store.finishDelivery(present(item), { outcome: 'delivered', status: 204 }, now);
  await store.releaseLeases();
  await store.findByGatewayTradeNo('ecpay', 'T1');
  await store.resendNotification(sold.payment.id, now);
  const by = { type: 'api_key', id: 1 } as const;
  const { payment } = await open('UNWANTED');
  await store.cancelPayment({ paymentId: payment.id, by, now, makeWebhookId });
  await app.tamper.setNotifyEvents('payment.paid,payment.expired');
  const order = { merchant_order_no: 'LEFT-OPEN', amount: 100, payok_url: `${app.shop.url}/payok` };
  await app.call('/api/paycore/checkout', order);
  await store.closePayments(now + 90 * DAY, 10, makeWebhookId);
  await store.findNextClosing();
}

describe('with many payments', () => {
  beforeAll(async () => {
    await askLists();
    await askStore();
    await askNotifications();
  });

  test('every question of these files has been asked here', () => {
    const seen = new Set([...asked.values()].flatMap((places) => [...places]));
    // A chain of calls that is broken into lines counts from its first one.
    const isSeen = (place: string) => {
      const [file, line] = place.split(':');
      return [0, 1].some((before) => seen.has(`${file}:${Number(line) - before}`));
    };
    expect(FILES.flatMap(listPlaces).filter((place) => !isSeen(place))).toEqual([]);
    expect(asked.size).toBeGreaterThan(100);
  });

  test('none goes through a whole table: each is answered by an index', () => {
    const scans = [...asked.keys()]
      .filter((sql) => /^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(sql))
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
