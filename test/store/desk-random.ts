import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Flag, KeyKind, PaymentStatus } from '../../src/core/payment.ts';
import { type PaymentFilter, STATUSES } from '../../src/core/payment-query.ts';
import type { Effort } from '../../src/store/queries/list.ts';
import type { Row } from '../../src/store/schema/rows.ts';
import { START, sameRuns } from '../support/clock.ts';
import { numbersOf, readAll } from './desk-pages.ts';
import { addPayments, addShop, type NewPayment, type Shop } from './desk-support.ts';
import type { OpenEngine } from './open.ts';

type Payment = Row<'payments'>;

/** What the list must be, in the plainest words. */
function readNaively(rows: readonly Payment[], filter: PaymentFilter, { projectId }: Shop): string[] {
  const { status, gateway, method, flag, number, from, to } = filter;
  return numbersOf(
    rows
      .filter((row) => row.projectId === projectId && row.keyKind === 'test')
      .filter((row) => status === undefined || row.status === status)
      .filter((row) => gateway === undefined || row.gateway === gateway)
      .filter((row) => method === undefined || row.method === method)
      .filter((row) => flag === undefined || row.flags.includes(flag))
      .filter(({ merchantOrderNo, paymentNo }) => {
        const isPaymentNo = number !== undefined && /^PAY\d/.test(number) && paymentNo.startsWith(number);
        return number === undefined || merchantOrderNo.startsWith(number) || isPaymentNo;
      })
      .filter((row) => (from === undefined || row.createdAt >= from) && (to === undefined || row.createdAt < to))
      .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id),
  );
}

const EFFORTS: readonly Effort[] = [
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
  gateway: fc.constantFrom('ecpay', 'stripe'),
  method: fc.constantFrom('atm', 'cvs'),
  flags: fc.uniqueArray(fc.constantFrom<Flag>('late', 'simulated', 'attention'), { maxLength: 3 }),
  // Few instants, so that many payments share one, and in no order: clocks are put right now and then.
  second: fc.integer({ min: 0, max: 12 }),
  prefix: fc.constantFrom('A', 'AB', 'PAY2', '訂'),
});

const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const moment = fc.integer({ min: -1, max: 13 }).map((second) => START + second * 1000);

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

export function describeRandom(open: OpenEngine): void {
  test('every filter gives what a plain loop over random payments gives, in the same order, each once', async () => {
    await using t = await open();
    let run = 0;
    const tryRows = async (rows: readonly (typeof rowArbitrary extends fc.Arbitrary<infer T> ? T : never)[]) => {
      run += 1;
      const [of, others] = [await addShop(t, `mine ${run}`), await addShop(t, `others ${run}`)];
      const given = rows.map(({ other, second, prefix, ...row }, index): NewPayment => {
        const merchantOrderNo = `${prefix}${String(index).padStart(4, '0')}`;
        return { ...row, ...(other ? others : of), merchantOrderNo, createdAt: START + second * 1000 };
      });
      return { of, written: await addPayments(t, of, given) };
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(rowArbitrary, { maxLength: 50, size: 'max' }),
        fc.array(filterArbitrary, { minLength: 8, maxLength: 8 }),
        fc.integer({ min: 1, max: 7 }),
        async (rows, filters, limit) => {
          const { of, written } = await tryRows(rows);
          for (const filter of filters) {
            for (const effort of EFFORTS) {
              const { pages, numbers } = await readAll(t, filter, { of, limit, effort });
              expect(numbers).toEqual(readNaively(written, filter, of));
              for (const { payments } of pages) expect(payments.length).toBeLessThanOrEqual(limit);
            }
          }
        },
      ),
      sameRuns(t.name === 'sqlite' ? 120 : 10),
    );
  });
}
