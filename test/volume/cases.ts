import { FLAGS, STATUSES } from '../../src/core/payment-query.ts';
import { DAY, formatTaipei } from '../../src/core/time.ts';
import { makeCursor } from '../../src/payments/reports/cursor.ts';
import type { TestApp } from '../support/app.ts';
import { seedNumbers } from '../support/clock.ts';
import { present } from '../support/parts.ts';
import type { Volume } from './fill.ts';

/** One kind of request; `path` makes another one each time. */
export interface Case {
  readonly name: string;
  path(): string | Promise<string>;
  /** Asked by somebody who is signed in at the desk; the others by a program with a key. */
  readonly isDesk?: true;
}

const LIST = '/api/paycore/payments';
const ZONES = ['Asia/Taipei', 'America/New_York', 'Asia/Kathmandu', 'Europe/London', 'Pacific/Chatham'];
const METHODS = ['atm', 'cvs', 'credit', 'all', 'barcode', 'paynow', 'checkout'];

/** What a shop asks for: each filter alone at the top of the list and deep in it, searches, timelines, figures. */
export function describeCases(app: TestApp, volume: Volume): readonly Case[] {
  const draw = seedNumbers(11);
  const choose = <T>(values: readonly T[]): T => present(values[Math.floor(draw() * values.length)]);
  const dayOf = (at: number) => formatTaipei(at).slice(0, 10);
  const someDay = () => app.clock.now() - Math.floor(draw() * 390) * DAY;

  const filters: Readonly<Record<string, () => string>> = {
    'no filter': () => '',
    'no filter, 100 a page': () => 'limit=100',
    status: () => `status=${choose(STATUSES)}`,
    gateway: () => `gateway=${choose(['ecpay', 'stripe', 'plus', 'smilepay', 'paypal'])}`,
    'gateway, 100 a page': () => `gateway=${choose(['ecpay', 'stripe'])}&limit=100`,
    method: () => `method=${choose(METHODS)}`,
    flag: () => `flag=${choose(FLAGS)}`,
    'one day': () => {
      const day = dayOf(someDay());
      return `from=${day}&to=${day}`;
    },
    from: () => `from=${dayOf(someDay())}`,
    to: () => `to=${dayOf(someDay())}`,
    'rare status and method': () => `status=pending&method=${choose(METHODS)}`,
    'flag, status and gateway': () => `flag=${choose(FLAGS)}&status=${choose(STATUSES)}&gateway=stripe`,
  };
  const searches: Readonly<Record<string, () => string>> = {
    'number: one order': () => `number=${choose(volume.orderNos)}`,
    'number: its start': () => `number=${choose(volume.orderNos).slice(0, 17)}`,
    'number: a day': () => `number=${choose(volume.orderNos).slice(0, 13)}`,
    'number: a month': () => `number=${choose(volume.orderNos).slice(0, 11)}`,
    'number: a month, with a status': () => `number=${choose(volume.orderNos).slice(0, 11)}&status=failed`,
    'number: all there are': () => 'number=ORDER',
    'number: all, and a rare status': () => 'number=ORDER&status=pending&flag=under_review',
    'number: one payment': () => `number=${choose(volume.paymentNos)}`,
    'number: payments of a day': () => `number=${choose(volume.paymentNos).slice(0, 11)}`,
    'number: nobody’s': () => `number=NONE-${draw()}`,
  };
  return [
    ...Object.entries(filters).map(([name, query]) => ({ name: `list: ${name}`, path: () => `${LIST}?${query()}` })),
    ...Object.entries(filters).map(([name, query]) => ({
      name: `list, deep: ${name}`,
      path: async () => `${LIST}?${query()}&cursor=${await cursorAt(app, volume, choose(volume.paymentNos))}`,
    })),
    ...Object.entries(searches).map(([name, query]) => ({ name: `list: ${name}`, path: () => `${LIST}?${query()}` })),
    { name: 'payment', path: () => `${LIST}/${choose(volume.paymentNos)}` },
    { name: 'events', path: () => `${LIST}/${choose(volume.paymentNos)}/events` },
    { name: 'events, longest timeline', path: () => `${LIST}/${volume.longest}/events?limit=100` },
    {
      name: 'overview, not from its cache',
      path: () => {
        // Figures are kept for ten seconds.
        app.clock.advance(11_000);
        return `/api/paycore/home/overview?timezone=${choose(ZONES)}`;
      },
    },
  ];
}

/** The cursor of a page that ended with this payment. */
async function cursorAt(app: TestApp, { projectId }: Volume, paymentNo: string): Promise<string> {
  const { payment } = present(await app.deps.store.findPayment(paymentNo));
  return makeCursor(app.deps, `payments ${projectId} live`, [payment.createdAt, payment.id]);
}
