import type { Flag } from '../../src/core/payment.ts';
import { countPayment } from '../../src/store/counters.ts';
import type { NewRow, Row } from '../../src/store/schema/rows.ts';
import { insertRow } from '../../src/store/table.ts';
import { START } from '../support/clock.ts';
import { present } from '../support/parts.ts';
import type { TestEngine } from './open.ts';

/** Rows that a desk works with, written through the engine that is tried. */

export const bytes = (...values: readonly number[]): Uint8Array => new Uint8Array(values);

export interface Shop {
  readonly projectId: number;
  readonly credentialId: number;
}

let made = 0;

/** A project with one set of credentials. */
export function addShop(t: TestEngine, name = 'shop'): Promise<Shop> {
  return t.write(async (tx) => {
    made += 1;
    const { id: projectId } = await insertRow(tx, 'projects', {
      name,
      notificationSecret: bytes(1),
      limits: {},
      settings: {},
      events: ['payment.paid'],
      createdAt: START,
    });
    const set = { gateway: 'ecpay', merchantId: '3002607', environment: 'stage', sealed: bytes(1) } as const;
    const fingerprint = new TextEncoder().encode(`set ${made}`);
    const { id } = await insertRow(tx, 'credentials', { projectId, ...set, fingerprint, createdAt: START });
    return { projectId, credentialId: id };
  });
}

export type NewPayment = Partial<NewRow<'payments'>> & { readonly flags?: readonly Flag[] };

/** Pending test payments of NT$980 by ECPay ATM, a second apart, unless told otherwise. */
export function addPayments(
  t: TestEngine,
  shop: Shop,
  rows: readonly NewPayment[],
): Promise<readonly Row<'payments'>[]> {
  return t.write(async (tx) => {
    const written: Row<'payments'>[] = [];
    for (const [index, row] of rows.entries()) {
      made += 1;
      const createdAt = row.createdAt ?? START + index * 1000;
      const payment = await insertRow(tx, 'payments', {
        ...{ ...shop, paymentNo: `PAY20260622${String(made).padStart(5, '0')}ABCDEFG`, merchantOrderNo: `O-${made}` },
        ...{ livemode: false, keyKind: 'test', gateway: 'ecpay', method: 'atm', mode: 'background' },
        ...{ environment: 'stage', amount: 98_000, currency: 'TWD', unit: 'major', status: 'pending', flags: [] },
        ...{ order: {}, updatedAt: createdAt, holdsOrder: row.status !== 'failed' && row.status !== 'expired' },
        ...row,
        createdAt,
      });
      countPayment(tx, payment);
      written.push(payment);
    }
    return written;
  });
}

/** An attempt of a payment, which becomes its current one. */
export function addAttempt(
  t: TestEngine,
  payment: Row<'payments'>,
  change: Partial<NewRow<'attempts'>> = {},
): Promise<Row<'attempts'>> {
  return t.write(async (tx) => {
    made += 1;
    const { gateway, method, mode, credentialId } = payment;
    return insertRow(tx, 'attempts', {
      ...{ paymentId: payment.id, gateway, method, mode, gatewayOrderNo: `PC${made}` },
      credentialId: present(credentialId),
      ...{ status: 'open', deadline: START + 1000, createdAt: START, updatedAt: START },
      ...change,
    });
  });
}
