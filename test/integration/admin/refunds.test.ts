import { expect, test } from 'bun:test';
import { parse } from 'csv-parse/sync';
import { useApp } from '../../support/apps.ts';
import { readText, signInOwner } from '../../support/desk.ts';
import { createRefundBench } from '../refund/bench.ts';

const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } });
const bench = createRefundBench(app);

test('refunds are listed newest first, narrowed by what became of them, lead to their payment, and come as a file', async () => {
  const owner = await signInOwner(app);
  await owner.get('/admin?kind=test&locale=en');
  expect((await owner.get('/admin/refunds')).text).toContain('No refunds yet.');
  const [first, second] = [await bench.sellBy('paypal'), await bench.sellBy('stripe')];
  await bench.refund(first.no, { amount: 300, reason: '=退貨' });
  app.clock.advance(1000);
  await bench.break('stripe', 'lost');
  await bench.refund(second.no, { amount: 50_000 });

  const { text } = await owner.get('/admin/refunds');
  expect(text).toContain('data-page="refunds"');
  expect([...text.matchAll(/<tr data-payment-no="(\w+)"/g)].map(([, no]) => no)).toEqual([second.no, first.no]);
  expect(text).toContain(`href="/admin/payments/${first.no}"`);
  expect(readText(text)).toMatch(/Refunded =退貨 .*?NT\$300 /);
  const narrowed = await owner.get('/admin/refunds?status=succeeded&source=api');
  expect([first.no, second.no].map((no) => narrowed.text.includes(no))).toEqual([true, false]);
  expect((await owner.get('/admin/refunds?source=gateway')).text).toContain('No refunds match.');
  await owner.get('/admin?kind=live');
  expect((await owner.get('/admin/refunds')).text.includes(first.no)).toBe(false);
  await owner.get('/admin?kind=test');

  const file = await owner.get('/admin/refunds.csv?status=succeeded&names=en');
  const rows: Record<string, string>[] = parse(file.text, { bom: true, columns: true });
  expect(rows).toEqual([
    expect.objectContaining({
      payment_no: first.no,
      amount: '-300.00',
      currency: 'TWD',
      reason: "'=退貨",
      source: 'api',
    }),
  ]);
  // The search box of the payments leads from a refund to its payment.
  const found = await owner.get(`/admin/payments?q=${rows[0]?.refund_no}`);
  expect(found.location).toBe(`/admin/payments/${first.no}`);
});
