import { FLAGS, STATUSES } from '../../src/core/payment-query.ts';
import { DAY, formatTaipei } from '../../src/core/time.ts';
import { makeCursor } from '../../src/payments/reports/cursor.ts';
import type { TestApp } from '../support/app.ts';
import { seedNumbers } from '../support/clock.ts';
import { present } from '../support/parts.ts';
import type { Case } from './cases.ts';
import { accountOf, emailOf, nameOf, type Volume } from './fill.ts';

/** What the merchant looks at and searches for, over all of his projects. */
export function describeDeskCases(app: TestApp, volume: Volume): readonly Case[] {
  const draw = seedNumbers(13);
  const choose = <T>(values: readonly T[]): T => present(values[Math.floor(draw() * values.length)]);
  const index = () => Math.floor(draw() * volume.count);
  const dayOf = (at: number) => formatTaipei(at).slice(0, 10);
  const someDay = () => dayOf(app.clock.now() - Math.floor(draw() * 390) * DAY);
  const cursor = async (list: string) => {
    const { payment } = present(await app.deps.store.findPayment(choose(volume.paymentNos)));
    return makeCursor(app.deps, `desk ${list} null live`, [payment.createdAt, payment.id]);
  };
  const payments: Readonly<Record<string, () => string | Promise<string>>> = {
    'no filter': () => '',
    'deep in the list': async () => `cursor=${await cursor('payments')}`,
    status: () => `status=${choose(STATUSES)}`,
    gateway: () => `gateway=${choose(['ecpay', 'stripe', 'plus', 'smilepay', 'paypal'])}`,
    'rare flag and status': () => `flag=${choose(FLAGS)}&status=${choose(STATUSES)}`,
    'rare, deep': async () => `flag=${choose(FLAGS)}&status=pending&cursor=${await cursor('payments')}`,
    'one day': () => {
      const day = someDay();
      return `from=${day}&to=${day}`;
    },
    'search: order number': () => `q=${choose(volume.orderNos)}`,
    'search: its start': () => `q=${choose(volume.orderNos).slice(0, 12)}`,
    'search: in small letters': () => `q=${choose(volume.orderNos).toLowerCase()}`,
    'search: all order numbers': () => 'q=order',
    'search: payment number': () => `q=${choose(volume.paymentNos)}`,
    'search: account': () => `q=${accountOf(index())}`,
    'search: start of accounts': () => 'q=9103',
    'search: name': () => `q=${encodeURIComponent(nameOf(index()))}`,
    'search: family name': () => `q=${encodeURIComponent(nameOf(index())[0] ?? '')}`,
    'search: e-mail': () => `q=${encodeURIComponent(emailOf(index()))}`,
    'search: one who bought everything': () => 'q=uid811118a&status=failed',
    'search: nobody': () => `q=nobody-${draw()}`,
  };
  const refunds: typeof payments = {
    'no filter': () => '',
    status: () => `status=${choose(['failed', 'unknown', 'succeeded'])}`,
    'rare source, deep': async () => `source=gateway&cursor=${await cursor('refunds')}`,
  };
  const list = (path: string, cases: typeof payments): readonly Case[] =>
    Object.entries(cases).map(([name, query]) => ({
      name: `${path.slice(1)}: ${name}`,
      isDesk: true,
      path: async () => `${path}?${await query()}`,
    }));
  return [...list('/admin/payments', payments), ...list('/admin/refunds', refunds)];
}
