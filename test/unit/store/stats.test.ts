import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { STATUSES } from '../../../src/core/listing.ts';
import type { KeyKind } from '../../../src/core/payment.ts';
import { startOfPeriods } from '../../../src/core/zone.ts';
import { openDatabase } from '../../../src/store/db.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { type CurrencySum, QUARTER, sumPaid } from '../../../src/store/stats.ts';
import { type BulkPayment, bulkPayment, prepareBulk } from '../../support/bulk.ts';
import { addProject, applyFacts, openPayment, paid, type TestProject } from '../../support/payments.ts';
import { MIGRATIONS, makeFolder, openTestStore, type TestStore } from '../../support/store.ts';

/** Figures are kept beside the payments; whatever happens, they must be what counting would give. */

const T0 = Date.UTC(2026, 5, 22, 7, 30);

function count(t: TestStore): unknown {
  return t.rows(`SELECT project_id, key_kind, livemode, status, count(*) AS count FROM payments
    GROUP BY project_id, key_kind, livemode, status ORDER BY 1, 2, 3, 4`);
}

const kept = (t: TestStore): unknown =>
  t.rows(
    `SELECT project_id, key_kind, livemode, status, count FROM payment_counts WHERE count <> 0 ORDER BY 1, 2, 3, 4`,
  );

function sumNaively(rows: readonly BulkPayment[], from: number, to: number): CurrencySum[] {
  const hits = rows.filter(
    ({ paidAt, status }) => status === 'paid' && paidAt !== null && paidAt >= from && paidAt < to,
  );
  return [...new Set(hits.map(({ currency }) => currency))].sort().map((currency) => {
    const own = hits.filter((row) => row.currency === currency);
    return { currency, amount: own.reduce((sum, { amount }) => sum + amount, 0), count: own.length };
  });
}

const rowArbitrary = fc.record({
  other: fc.boolean(),
  keyKind: fc.constantFrom<KeyKind>('test', 'live'),
  livemode: fc.boolean(),
  status: fc.constantFrom('paid' as const, ...STATUSES),
  amount: fc.integer({ min: 1, max: 1000 }),
  currency: fc.constantFrom('TWD', 'USD'),
  // About the borders of quarters, and away from them.
  paidAt: fc
    .integer({ min: -4, max: 4 })
    .chain((quarter) => fc.constantFrom(-1, 0, 1, 400_000).map((off) => T0 + quarter * QUARTER + off)),
});

const momentArbitrary = fc
  .tuple(fc.integer({ min: -5, max: 5 }), fc.constantFrom(-1, 0, 1, 400_000))
  .map(([quarter, off]) => T0 + quarter * QUARTER + off);

function write(t: TestStore, projects: readonly TestProject[], rows: readonly { readonly other: boolean }[]) {
  const bulk = prepareBulk(t.database);
  return rows.map(({ other, ...row }, index): BulkPayment => {
    const owner = projects[other ? 1 : 0] ?? { projectId: 0, credentialId: 0 };
    const written = bulkPayment({ ...owner, paymentNo: `P${index}`, orderNo: `O${index}`, createdAt: T0, ...row });
    bulk.payment(written);
    return written;
  });
}

describe('sums of paid money', () => {
  test('are those of a plain loop, for any bounds, project and kind of key', async () => {
    using t = openTestStore();
    const projects = [await addProject(t, 'mine'), await addProject(t, 'other')];
    const [mine] = projects;
    fc.assert(
      fc.property(
        fc.array(rowArbitrary, { maxLength: 25 }),
        fc.array(fc.tuple(momentArbitrary, momentArbitrary), { minLength: 6, maxLength: 6 }),
        (rows, ranges) => {
          t.database.run('DELETE FROM payments');
          expect(t.value('SELECT coalesce(sum(count), 0) FROM paid_sums')).toBe(0);
          const written = write(t, projects, rows);
          expect(kept(t)).toEqual(count(t));
          for (const [from, to] of ranges) {
            for (const keyKind of ['test', 'live'] as const) {
              const inScope = written.filter((row) => row.keyKind === keyKind && row.livemode === (keyKind === 'live'));
              const own = inScope.filter((row) => row.projectId === mine?.projectId);
              const range = [from, Math.max(from, to)] as const;
              const ask = (projectId: number | null) => sumPaid(t.database, { projectId, keyKind }, ...range);
              expect([...ask(mine?.projectId ?? 0)]).toEqual(sumNaively(own, ...range));
              expect([...ask(null)]).toEqual(sumNaively(inScope, ...range));
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('follow every change of a payment, and its removal', async () => {
    using t = openTestStore();
    const projects = [await addProject(t, 'mine'), await addProject(t, 'other')];
    const changes = [
      "status = 'paid', paid_at = 1782113400000",
      "status = 'pending'",
      "status = 'expired'",
      'paid_at = paid_at + 900000',
      'amount = amount + 5',
      "currency = 'JPY'",
      'livemode = 1 - livemode',
      'paid_at = NULL',
      "flags = 'late'",
    ];
    fc.assert(
      fc.property(
        fc.array(rowArbitrary, { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(fc.nat({ max: 7 }), fc.constantFrom(...changes, null)), { maxLength: 12 }),
        (rows, steps) => {
          t.database.run('DELETE FROM payments');
          write(t, projects, rows);
          for (const [which, change] of steps) {
            const where = `WHERE id = ${(which % rows.length) + 1}`;
            t.database.run(change ? `UPDATE payments SET ${change} ${where}` : `DELETE FROM payments ${where}`);
          }
          expect(kept(t)).toEqual(count(t));
          expect(t.rows('SELECT * FROM paid_sums WHERE count <> 0 OR amount <> 0 ORDER BY 1, 2, 3, 4, 5')).toEqual(
            t.rows(`SELECT project_id, key_kind, livemode, paid_at / 900000 AS quarter, currency, sum(amount) AS amount,
              count(*) AS count FROM payments WHERE status = 'paid' AND paid_at IS NOT NULL
              GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  test('by whole quarters are enough for the days of every zone', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    expect(zones.length).toBeGreaterThan(300);
    for (const now of [T0, Date.UTC(2026, 0, 1), Date.UTC(2027, 2, 28, 12)]) {
      const odd = zones.filter((zone) => {
        const { day, month } = startOfPeriods(now, zone);
        return day % QUARTER !== 0 || month % QUARTER !== 0;
      });
      expect(odd).toEqual([]);
    }
  });

  test('grow in the very transaction that makes a payment paid, and by nothing that is refused', async () => {
    using t = openTestStore();
    const project = await addProject(t);
    const { payment, attempt } = await openPayment(t, project);
    const sums = () => t.store.sumPaid({ projectId: project.projectId, keyKind: 'test' }, 0, 2 ** 50);
    await applyFacts(t, attempt.id, [paid({ amount: 1 })]);
    expect(sums()).toEqual([]);
    const failing = t.db.write((db) => {
      db.query("UPDATE payments SET status = 'paid', paid_at = 5 WHERE id = ?").run(payment.id);
      throw new Error('no');
    });
    await failing.catch(() => undefined);
    expect(sums()).toEqual([]);
    await applyFacts(t, attempt.id, [paid()]);
    await applyFacts(t, attempt.id, [paid()]);
    expect(sums()).toEqual([{ currency: 'TWD', amount: 98_000, count: 1 }]);
    expect(t.store.countByStatus({ projectId: project.projectId, keyKind: 'test' })).toEqual({ paid: 1 });
  });
});

describe('the migration', () => {
  test('counts what is there already', () => {
    using folder = makeFolder();
    const database = openDatabase(folder.file('paycore.db'));
    const step = MIGRATIONS.findIndex(({ name }) => name.includes('figures'));
    migrate(database, MIGRATIONS.slice(0, step), null);
    database.run("INSERT INTO projects (id, name, notification_secret, created_at) VALUES (1, 'old', x'00', 0)");
    database.run(`INSERT INTO credentials (id, project_id, gateway, merchant_id, environment, fingerprint, sealed, created_at)
      VALUES (1, 1, 'ecpay', '1', 'stage', x'00', x'00', 0)`);
    const bulk = prepareBulk(database);
    const of = { projectId: 1, credentialId: 1, createdAt: T0 };
    for (const [index, status] of (['paid', 'paid', 'pending'] as const).entries()) {
      const paidAt = status === 'paid' ? T0 : null;
      bulk.payment(bulkPayment({ ...of, paymentNo: `P${index}`, orderNo: `O${index}`, status, paidAt }));
    }
    migrate(database, MIGRATIONS, null);
    expect(sumPaid(database, { projectId: 1, keyKind: 'test' }, 0, 2 ** 50)).toEqual([
      { currency: 'TWD', amount: 196_000, count: 2 },
    ]);
    expect(database.query('SELECT status, count FROM payment_counts ORDER BY status').all()).toEqual([
      { status: 'paid', count: 2 },
      { status: 'pending', count: 1 },
    ]);
    database.close();
  });
});
