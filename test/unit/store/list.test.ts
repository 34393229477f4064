import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type PaymentFilter, STATUSES } from '../../../src/core/listing.ts';
import type { Flag, KeyKind, PaymentStatus } from '../../../src/core/payment.ts';
import { type Effort, type ListInput, listPayments, type PaymentPage } from '../../../src/store/queries/list.ts';
import type { Position } from '../../../src/store/queries/list-statements.ts';
import type { PaymentWithAttempt } from '../../../src/store/queries/payments.ts';
import { type BulkPayment, bulkPayment, prepareBulk } from '../../support/bulk.ts';
import { addProject, type TestProject } from '../../support/payments.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

const T0 = Date.UTC(2026, 5, 22, 7, 30);

interface Shown {
  readonly key: Pick<BulkPayment, 'projectId' | 'keyKind'>;
  readonly limit?: number;
  readonly effort?: Effort;
}

const list = async (t: TestStore, input: ListInput, effort?: Effort): Promise<PaymentPage> =>
  listPayments(t.engine.reader, input, effort);

/** Follows the pages to the last one; a list that does not come to an end fails. */
async function readAll(t: TestStore, filter: PaymentFilter, { key, limit = 3, effort }: Shown) {
  const pages: PaymentPage[] = [];
  let before: Position | null = null;
  do {
    const page: PaymentPage = await list(t, { ...key, filter, before, limit }, effort);
    pages.push(page);
    before = page.next;
    if (pages.length > 2000) throw new Error('the list has no end');
  } while (before);
  return { pages, numbers: pages.flatMap((page) => page.payments.map(({ payment }) => payment.paymentNo)) };
}

/** What the list must be, in the plainest words. */
function readNaively(rows: readonly BulkPayment[], filter: PaymentFilter, key: Shown['key']): string[] {
  const { status, gateway, method, flag, number, from, to } = filter;
  return rows
    .map((row, index) => ({ ...row, id: index + 1 }))
    .filter((row) => row.projectId === key.projectId && row.keyKind === key.keyKind)
    .filter((row) => status === undefined || row.status === status)
    .filter((row) => gateway === undefined || row.gateway === gateway)
    .filter((row) => method === undefined || row.method === method)
    .filter((row) => flag === undefined || row.flags.includes(flag))
    .filter(({ orderNo, paymentNo }) => {
      const isPaymentNo = number !== undefined && /^PAY\d/.test(number) && paymentNo.startsWith(number);
      return number === undefined || orderNo.startsWith(number) || isPaymentNo;
    })
    .filter((row) => (from === undefined || row.createdAt >= from) && (to === undefined || row.createdAt < to))
    .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id)
    .map((row) => row.paymentNo);
}

let made = 0;

/** Payments of one project's test key, a second apart unless they say otherwise. */
async function fill(t: TestStore, rows: readonly Partial<BulkPayment>[], project?: TestProject) {
  const { projectId, credentialId } = project ?? (await addProject(t));
  const bulk = prepareBulk(t.engine, await t.rows.count('payments'));
  const written = rows.map((row, index): BulkPayment => {
    made += 1;
    const numbers = { paymentNo: `PAY20260622${String(made).padStart(4, '0')}ABCDEFGH`, orderNo: `O-${made}` };
    return bulkPayment({ projectId, credentialId, ...numbers, createdAt: T0 + index * 1000, ...row });
  });
  for (const row of written) bulk.payment(row);
  await bulk.write();
  return { projectId, keyKind: 'test' as const, credentialId, written };
}

describe('a list of payments', () => {
  test('is newest first, in pages of at most the limit, and the last page says that it is the last', async () => {
    await using t = await openTestStore();
    const key = await fill(
      t,
      Array.from({ length: 7 }, () => ({})),
    );
    const { pages, numbers } = await readAll(t, {}, { key });
    expect(pages.map(({ payments, next }) => [payments.length, next !== null])).toEqual([
      [3, true],
      [3, true],
      [1, false],
    ]);
    expect(numbers).toEqual(key.written.map(({ paymentNo }) => paymentNo).reverse());
  });

  test('that fills its page exactly has no further page', async () => {
    await using t = await openTestStore();
    const key = await fill(t, [{}, {}, {}]);
    expect((await readAll(t, {}, { key })).pages.map(({ next }) => next)).toEqual([null]);
    expect((await readAll(t, { status: 'paid' }, { key })).pages).toEqual([{ payments: [], next: null }]);
  });

  test('follows the time of making, and where that is the same, the order of making', async () => {
    await using t = await openTestStore();
    // The third was made while the clock was wrong.
    const key = await fill(
      t,
      [5, 5, 1, 9, 5].map((seconds) => ({ createdAt: T0 + seconds * 1000 })),
    );
    const order = (await readAll(t, {}, { key, limit: 1 })).numbers.map((number) =>
      key.written.findIndex(({ paymentNo }) => paymentNo === number),
    );
    expect(order).toEqual([3, 4, 1, 0, 2]);
  });

  test('shows nobody else’s payments: neither another project’s nor those of the other kind of key', async () => {
    await using t = await openTestStore();
    const mine = await fill(t, [{}, { keyKind: 'live' }, {}]);
    const other = await fill(t, [{}], await addProject(t, 'other'));
    const [first, live, second] = mine.written;
    expect((await readAll(t, {}, { key: mine })).numbers).toEqual([second?.paymentNo ?? '', first?.paymentNo ?? '']);
    for (const number of ['O-', 'PAY2', live?.paymentNo, other.written[0]?.paymentNo, other.written[0]?.orderNo]) {
      const { numbers } = await readAll(t, { number: number ?? '' }, { key: mine });
      expect(numbers.filter((one) => one === live?.paymentNo || one === other.written[0]?.paymentNo)).toEqual([]);
    }
  });

  test('is not disturbed by payments that are made while it is read', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const key = await fill(t, [{}, {}, {}], project);
    const first = await list(t, { ...key, filter: {}, before: null, limit: 2 });
    await fill(t, [{ createdAt: T0 + 60_000 }], project);
    const second = await list(t, { ...key, filter: {}, before: first.next, limit: 2 });
    const numbers = [first, second].flatMap((page) => page.payments.map(({ payment }) => payment.paymentNo));
    expect(numbers).toEqual(key.written.map(({ paymentNo }) => paymentNo).reverse());
  });

  test('brings each payment with its current attempt', async () => {
    await using t = await openTestStore();
    const { projectId, credentialId } = await addProject(t);
    const row = bulkPayment({ projectId, credentialId, paymentNo: 'P', orderNo: 'O', createdAt: T0 });
    const bulk = prepareBulk(t.engine);
    bulk.payment(row, { orderNo: 'PC1', deadline: T0 + 1000 });
    await bulk.write();
    const page = await list(t, { projectId, keyKind: 'test', filter: {}, before: null, limit: 1 });
    const found = (await t.store.findPayment('P')) ?? expect.unreachable();
    expect<PaymentWithAttempt | undefined>(page.payments[0]).toEqual(found);
    expect(page.payments[0]?.attempt?.gatewayOrderNo).toBe('PC1');
  });
});

describe('a search by number', () => {
  const find = async (t: TestStore, key: Shown['key'], number: string) =>
    (await readAll(t, { number }, { key })).pages.flatMap(({ payments }) =>
      payments.map((one) => one.payment.merchantOrderNo),
    );

  test('takes the start of an order number letter by letter, also in other scripts and with signs of patterns', async () => {
    await using t = await openTestStore();
    const key = await fill(
      t,
      ['AB-1', 'AB-2', 'ab-3', 'A%', 'A_B', '訂單1', '訂單2', 'Z\u{10ffff}\u{10ffff}z'].map((orderNo) => ({ orderNo })),
    );
    expect(await find(t, key, 'AB-')).toEqual(['AB-2', 'AB-1']);
    expect(await find(t, key, 'ab')).toEqual(['ab-3']);
    expect(await find(t, key, 'A%')).toEqual(['A%']);
    expect(await find(t, key, 'A_')).toEqual(['A_B']);
    expect(await find(t, key, '訂單')).toEqual(['訂單2', '訂單1']);
    expect(await find(t, key, 'Z\u{10ffff}')).toEqual(['Z\u{10ffff}\u{10ffff}z']);
    expect(await find(t, key, '單')).toEqual([]);
    expect(await find(t, key, "' OR 1=1 --")).toEqual([]);
  });

  test('takes a payment number as well, whole or its start, beside order numbers that look like one', async () => {
    await using t = await openTestStore();
    const key = await fill(t, [
      { paymentNo: 'PAY202606220001AAAAAAAA', orderNo: 'first' },
      { paymentNo: 'PAY202606220002AAAAAAAA', orderNo: 'second' },
      { paymentNo: 'PAY202606230001AAAAAAAA', orderNo: 'PAY2026062299' },
    ]);
    expect(await find(t, key, 'PAY202606220002AAAAAAAA')).toEqual(['second']);
    expect(await find(t, key, 'PAY20260622')).toEqual(['PAY2026062299', 'second', 'first']);
    expect(await find(t, key, 'PAY2026062300')).toEqual(['PAY2026062299']);
  });
});

describe('of very many payments', () => {
  /** Forty by ATM, then forty by store code, and one rare payment at the very beginning. */
  const fillTwoMethods = (t: TestStore) =>
    fill(
      t,
      Array.from({ length: 80 }, (_, index) => ({
        method: index < 40 ? 'atm' : 'cvs',
        status: index === 0 ? ('failed' as const) : ('pending' as const),
      })),
    );
  const few: Effort = { probed: 1, scanned: 20, sorted: 5 };

  test('a page goes through so many and no more: it may be empty, and says where to go on', async () => {
    await using t = await openTestStore();
    const key = await fillTwoMethods(t);
    const filter = { gateway: 'ecpay', status: 'failed', from: T0 } as const;
    const { payments, next } = await list(t, { ...key, filter, before: null, limit: 5 }, few);
    expect(payments).toEqual([]);
    // Half of them for each of two methods; the newest ten are all of the second.
    expect(next).toMatchObject({ at: T0 + 70_000 });
    const { pages, numbers } = await readAll(t, filter, { key, effort: few });
    expect(numbers).toEqual([key.written[0]?.paymentNo ?? '']);
    expect(pages.length).toBeGreaterThan(2);
  });

  test('a number that very many begin with is looked for among the newest', async () => {
    await using t = await openTestStore();
    const key = await fillTwoMethods(t);
    const input = { ...key, filter: { number: 'O-' }, before: null, limit: 40 };
    const { payments, next } = await list(t, input, few);
    expect(payments.length).toBeLessThanOrEqual(few.scanned);
    expect(next).not.toBeNull();
    expect((await readAll(t, { number: 'O-' }, { key, limit: 40, effort: few })).numbers.length).toBe(80);
  });
});

const GATEWAYS = ['ecpay', 'stripe'];
const METHODS = ['atm', 'cvs'];
const EFFORTS: Effort[] = [
  { probed: 1, scanned: 1, sorted: 1 },
  { probed: 3, scanned: 5, sorted: 8 },
  { probed: 1, scanned: 40, sorted: 3 },
  { probed: 1000, scanned: 10_000, sorted: 10_000 },
];

/** Now and then: most rows are what most filters ask for, or there would be little to find. */
const seldom = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) });

const rowArbitrary = fc.record({
  other: seldom(false, true),
  keyKind: seldom<KeyKind>('test', 'live'),
  livemode: seldom(false, true),
  status: seldom<PaymentStatus>('paid', ...STATUSES),
  gateway: fc.constantFrom(...GATEWAYS),
  method: fc.constantFrom(...METHODS),
  flags: fc.uniqueArray(fc.constantFrom<Flag>('late', 'simulated', 'attention'), { maxLength: 3 }),
  // Few instants, so that many payments share one, and in no order: clocks are put right now and then.
  second: fc.integer({ min: 0, max: 12 }),
  prefix: fc.constantFrom('A', 'AB', 'PAY2', '訂'),
});

const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const moment = fc.integer({ min: -1, max: 13 }).map((second) => T0 + second * 1000);

const filterArbitrary = fc
  .record({
    status: maybe(seldom<PaymentStatus>('paid', ...STATUSES)),
    gateway: maybe(seldom('ecpay', 'stripe', 'none')),
    method: maybe(seldom('atm', 'cvs', 'none')),
    flag: maybe(fc.constantFrom<Flag>('late', 'simulated', 'attention', 'duplicate')),
    number: maybe(fc.constantFrom('A', 'AB', 'PAY', 'PAY2', 'PAY2026', 'PAY202606220', '訂', 'none')),
    from: maybe(moment),
    to: maybe(moment),
  })
  .map(
    (filter): PaymentFilter => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)),
  );

describe('over random payments', () => {
  test('every filter gives what a plain loop over all payments gives, in the same order, each once', async () => {
    await using t = await openTestStore();
    await t.tamper.hurryCommits();
    const [mine, others] = [await addProject(t, 'mine'), await addProject(t, 'others')];
    await fc.assert(
      fc.asyncProperty(
        fc.array(rowArbitrary, { maxLength: 50, size: 'max' }),
        fc.array(filterArbitrary, { minLength: 8, maxLength: 8 }),
        fc.integer({ min: 1, max: 7 }),
        async (rows, filters, limit) => {
          await t.tamper.forgetPayments();
          const bulk = prepareBulk(t.engine);
          const written = rows.map(({ other, second, prefix, ...row }, index): BulkPayment => {
            const number = String(index).padStart(4, '0');
            const numbers = { paymentNo: `PAY20260622${number}ABCDEFGH`, orderNo: `${prefix}${number}` };
            return bulkPayment({ ...(other ? others : mine), ...numbers, ...row, createdAt: T0 + second * 1000 });
          });
          for (const row of written) bulk.payment(row);
          await bulk.write();
          const key = { projectId: mine.projectId, keyKind: 'test' } as const;
          for (const filter of filters) {
            for (const effort of EFFORTS) {
              const { pages, numbers } = await readAll(t, filter, { key, limit, effort });
              expect(numbers).toEqual(readNaively(written, filter, key));
              for (const { payments } of pages) expect(payments.length).toBeLessThanOrEqual(limit);
            }
          }
        },
      ),
      { numRuns: 120 },
    );
  });
});
