import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { makeId } from '../../../src/core/ids.ts';
import type { EndReason } from '../../../src/core/payment.ts';
import { DAY } from '../../../src/core/time.ts';
import { startOfPeriods } from '../../../src/core/zone.ts';
import type { MethodSelection } from '../../../src/store/commands/select-method.ts';
import { QUARTER, recountPayment } from '../../../src/store/counters.ts';
import { type BulkPayment, bulkPayment, prepareBulk } from '../../support/bulk.ts';
import { START, sameRuns } from '../../support/clock.ts';
import { PAID_ROW, sumNaively } from '../../support/paid-rows.ts';
import { present, rejection } from '../../support/parts.ts';
import {
  addProject,
  applyFacts,
  newAttempt,
  type Opened,
  openPayment,
  paid,
  type TestProject,
} from '../../support/payments.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

/** Figures are kept beside the payments; whatever happens, they must be what counting would give. */

/** How many payments there are of each kind, by counting them. */
async function countPayments(t: TestStore): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { projectId, keyKind, livemode, status } of await t.rows.payments()) {
    const kind = JSON.stringify([projectId, keyKind, livemode, status]);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

async function readCounts(t: TestStore): Promise<Map<string, number>> {
  const rows = (await t.rows.counts()).filter(({ count }) => count !== 0);
  return new Map(
    rows.map(({ projectId, keyKind, livemode, status, count }) => [
      JSON.stringify([projectId, keyKind, livemode, status]),
      count,
    ]),
  );
}

/** Number and sum of the paid payments of each quarter of an hour, by adding them up. */
async function sumPayments(t: TestStore): Promise<Map<string, [count: number, amount: number]>> {
  const sums = new Map<string, [number, number]>();
  for (const row of await t.rows.payments({ status: 'paid' })) {
    const { projectId, keyKind, livemode, paidAt, currency, amount } = row;
    const kind = JSON.stringify([projectId, keyKind, livemode, Math.trunc((paidAt ?? 0) / QUARTER), currency]);
    const [count, sum] = sums.get(kind) ?? [0, 0];
    sums.set(kind, [count + 1, sum + amount]);
  }
  return sums;
}

async function readSums(t: TestStore): Promise<Map<string, [count: number, amount: number]>> {
  return new Map(
    (await t.rows.sums()).map(({ projectId, keyKind, livemode, quarter, currency, count, amount }) => [
      JSON.stringify([projectId, keyKind, livemode, quarter, currency]),
      [count, amount],
    ]),
  );
}

const rowArbitrary = fc.record({ ...PAID_ROW });

const momentArbitrary = fc.integer({ min: -6, max: 6 }).map((quarter) => START + quarter * QUARTER);

async function write(t: TestStore, projects: readonly TestProject[], rows: readonly { readonly other: boolean }[]) {
  const bulk = prepareBulk(t.engine);
  const all = rows.map(({ other, ...row }, index): BulkPayment => {
    const owner = projects[other ? 1 : 0] ?? { projectId: 0, credentialId: 0 };
    const written = bulkPayment({ ...owner, paymentNo: `P${index}`, orderNo: `O${index}`, createdAt: START, ...row });
    bulk.payment(written);
    return written;
  });
  await bulk.write();
  return all;
}

const stepArbitrary = fc.oneof(
  fc.record({
    do: fc.constant('open' as const),
    other: fc.boolean(),
    live: fc.boolean(),
    orderNo: fc.constantFrom('A', 'B', 'C'),
    amount: fc.constantFrom(100, 250),
    currency: fc.constantFrom('TWD', 'USD'),
    closes: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('tell' as const),
    which: fc.nat({ max: 5 }),
    tradeNo: fc.constantFrom('T1', 'T2'),
    fact: fc.constantFrom('paid', 'paid', 'wrong amount', 'EXPIRED', 'GONE', 'CANCELLED', 'GATEWAY_REFUSED'),
    quarter: fc.integer({ min: -3, max: 3 }),
    mayChooseAgain: fc.boolean(),
  }),
  fc.record({ do: fc.constantFrom('cancel' as const, 'try again' as const), which: fc.nat({ max: 5 }) }),
  fc.record({ do: fc.constantFrom('close' as const, 'fail' as const) }),
);
type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

async function take(
  t: TestStore,
  projects: readonly [TestProject, TestProject],
  opened: Opened[],
  step: Step,
): Promise<void> {
  const now = t.clock.now();
  const makeWebhookId = () => makeId('msg', t.random);
  if (step.do === 'open') {
    const { live, orderNo, amount, currency, closes } = step;
    const kind = live ? ({ keyKind: 'live', livemode: true } as const) : {};
    const order = { merchantOrderNo: orderNo, amount, currency, closeAt: closes ? now + 1 : null };
    opened.push(await openPayment(t, projects[step.other ? 1 : 0], { ...kind, ...order }));
    return;
  }
  if (!('which' in step)) {
    if (step.do === 'close') await t.store.closePayments(now + DAY, 10, makeWebhookId);
    else await failToCount(t, present(opened[0] ?? (await openPayment(t, projects[0]))));
    return;
  }
  const { payment, attempt } = opened[step.which % opened.length] ?? {};
  if (!payment || !attempt) return;
  if (step.do === 'cancel') {
    const by = { type: 'api_key', id: 1 } as const;
    await t.store.cancelPayment({ paymentId: payment.id, by, now, makeWebhookId });
  } else if (step.do === 'try again') {
    await t.store.openAttempt(
      payment.id,
      newAttempt(t, { projectId: payment.projectId, credentialId: attempt.credentialId }),
      now,
    );
  } else if ('fact' in step) {
    const { fact, quarter, mayChooseAgain, tradeNo } = step;
    const { currency } = payment;
    const paidAt = new Date(START + quarter * QUARTER).toISOString();
    const money = paid({ tradeNo, amount: fact === 'paid' ? payment.amount : 1, currency, paidAt });
    const ended = { type: 'ended', reason: fact as EndReason } as const;
    await applyFacts(t, attempt.id, [/paid|wrong/.test(fact) ? money : ended], { mayChooseAgain });
  }
}

/** A command that fails after the figures have been told leaves them as they were. */
async function failToCount(t: TestStore, { payment }: Opened): Promise<void> {
  const broken = t.engine.write(async (tx) => {
    recountPayment(tx, { ...payment, status: 'failed' }, 'pending');
    throw new Error('rolled back');
  });
  await broken.catch(() => undefined);
}

const SELECTION_HAS_NO_STATUS: 'status' extends keyof MethodSelection ? false : true = true;

function readCommands(): readonly { readonly name: string; readonly text: string }[] {
  const folder = 'src/store/commands';
  const names = readdirSync(folder, { recursive: true }).map(String).sort();
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') }));
}

/** What is written to payments, by the helpers for rows or by a statement: each from its opening bracket to the closing one. */
function listWrites(text: string): readonly string[] {
  const helpers = /\b(?:patchRows?|insertRows?|tryInsertRow|addRow)\(\s*tx,\s*'payments'/g;
  const statements = /\.(?:update|insert)\((?:[\w.]+\.)?payments\)\s*\.(?:set|values)\(/g;
  return [...text.matchAll(helpers), ...text.matchAll(statements)].map((found) =>
    readBrackets(text.slice(found.index + found[0].lastIndexOf('('))),
  );
}

/** `text` begins with a bracket. */
function readBrackets(text: string): string {
  let open = 0;
  for (const [at, letter] of [...text].entries()) {
    if (letter === '(') open += 1;
    if (letter === ')') open -= 1;
    if (open === 0) return text.slice(0, at + 1);
  }
  return text;
}

/** A status is named, or there is something in it that was put together elsewhere. */
function mayHoldStatus(write: string): boolean {
  return /\bstatus\b|\.\.\.|\bdifferenceOf\(|,\s*\w+,?\s*\)$/.test(write);
}

describe('sums of paid money', () => {
  test('are those of a plain loop, for any whole quarters, project and kind of key', async () => {
    await using t = await openTestStore();
    await t.tamper.hurryCommits();
    const projects = [await addProject(t, 'mine'), await addProject(t, 'other')];
    const [mine] = projects;
    await fc.assert(
      fc.asyncProperty(
        fc.array(rowArbitrary, { maxLength: 25 }),
        fc.array(fc.tuple(momentArbitrary, momentArbitrary), { minLength: 6, maxLength: 6 }),
        async (rows, ranges) => {
          await t.tamper.forgetPayments();
          const written = await write(t, projects, rows);
          expect(await readCounts(t)).toEqual(await countPayments(t));
          for (const [from, to] of ranges) {
            for (const keyKind of ['test', 'live'] as const) {
              const inScope = written.filter((row) => row.keyKind === keyKind && row.livemode === (keyKind === 'live'));
              const own = inScope.filter((row) => row.projectId === mine?.projectId);
              const range = [from, Math.max(from, to)] as const;
              const ask = (projectId: number | null) => t.store.sumPaid({ projectId, keyKind }, ...range);
              expect([...(await ask(mine?.projectId ?? 0))]).toEqual(sumNaively(own, ...range));
              expect([...(await ask(null))]).toEqual(sumNaively(inScope, ...range));
            }
          }
        },
      ),
      sameRuns(100),
    );
  });

  test('and counts follow whatever becomes of payments: paid, ended, late, cancelled, closed, refused', async () => {
    await using t = await openTestStore();
    await t.tamper.hurryCommits();
    const projects = [await addProject(t, 'mine'), await addProject(t, 'other')] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(stepArbitrary, { minLength: 1, maxLength: 25 }), async (steps) => {
        await t.tamper.forgetPayments();
        const opened: Opened[] = [];
        for (const step of steps) await take(t, projects, opened, step);
        expect(await readCounts(t)).toEqual(await countPayments(t));
        expect(await readSums(t)).toEqual(await sumPayments(t));
      }),
      sameRuns(80),
    );
  });

  test('are told of every change of a status: no other file writes one', () => {
    const texts = readCommands();
    const writers = texts.filter(({ text }) => listWrites(text).some(mayHoldStatus)).map(({ name }) => name);
    expect(writers).toEqual(['apply-facts.ts', 'close-payments.ts', 'open-payment.ts', 'select-method.ts']);
    const counting = texts.filter(({ text }) => /\b(?:re)?countPayment\(tx,/.test(text)).map(({ name }) => name);
    // What a payer selects has no status, as `SELECTION_HAS_NO_STATUS` says.
    expect(SELECTION_HAS_NO_STATUS).toBe(true);
    expect(counting).toEqual(writers.filter((name) => name !== 'select-method.ts'));
  });

  test('are asked for by whole quarters of an hour only: no other bounds could be answered', async () => {
    await using t = await openTestStore();
    const scope = { projectId: null, keyKind: 'test' } as const;
    expect(await rejection(t.store.sumPaid(scope, START, START + 1))).toBeInstanceOf(RangeError);
    expect(await rejection(t.store.sumPaid(scope, START - 1, START))).toBeInstanceOf(RangeError);
    expect(await t.store.sumPaid(scope, START, START + QUARTER)).toEqual([]);
  });

  test('by whole quarters are enough for the days of every zone', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    expect(zones.length).toBeGreaterThan(300);
    for (const now of [START, Date.UTC(2026, 0, 1), Date.UTC(2027, 2, 28, 12)]) {
      const odd = zones.filter((zone) => {
        const { day, month } = startOfPeriods(now, zone);
        return day % QUARTER !== 0 || month % QUARTER !== 0;
      });
      expect(odd).toEqual([]);
    }
  });

  test('grow in the very transaction that makes a payment paid, and by nothing that is refused', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const { payment, attempt } = await openPayment(t, project);
    const sums = () => t.store.sumPaid({ projectId: project.projectId, keyKind: 'test' }, 0, 2 ** 30 * QUARTER);
    await applyFacts(t, attempt.id, [paid({ amount: 1 })]);
    expect(await sums()).toEqual([]);
    const failing = t.engine.write(async (tx) => {
      recountPayment(tx, { ...payment, status: 'paid', paidAt: 5 }, 'pending');
      throw new Error('no');
    });
    await failing.catch(() => undefined);
    expect(await sums()).toEqual([]);
    await applyFacts(t, attempt.id, [paid()]);
    await applyFacts(t, attempt.id, [paid()]);
    expect(await sums()).toEqual([{ currency: 'TWD', amount: 98_000, count: 1 }]);
    expect(await t.store.countByStatus({ projectId: project.projectId, keyKind: 'test' })).toEqual({ paid: 1 });
  });
});
