import type { Database, Statement } from 'bun:sqlite';
import type { Flag, KeyKind, PaymentStatus } from '../../src/core/payment.ts';
import { countPayment } from '../../src/store/figures.ts';

/** Rows as they would have come to be, written straight into the tables: for tests of many payments. */

export interface BulkPayment {
  readonly projectId: number;
  readonly credentialId: number;
  readonly keyKind: KeyKind;
  readonly livemode: boolean;
  readonly paymentNo: string;
  readonly orderNo: string;
  readonly gateway: string;
  readonly method: string;
  readonly mode: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly status: PaymentStatus;
  readonly flags: readonly Flag[];
  readonly order: string;
  readonly paidAt: number | null;
  readonly createdAt: number;
}

const NO_FIELDS = { amount: 98_000, currency: 'TWD', flags: [], order: '{}', paidAt: null } as const;

/** A pending test payment of NT$980 by ECPay ATM, unless told otherwise. */
export function bulkPayment(
  row: Pick<BulkPayment, 'projectId' | 'credentialId' | 'paymentNo' | 'orderNo' | 'createdAt'> & Partial<BulkPayment>,
): BulkPayment {
  const kind = { keyKind: 'test', livemode: false, status: 'pending' } as const;
  return { ...NO_FIELDS, ...kind, gateway: 'ecpay', method: 'atm', mode: 'background', ...row };
}

/** Each function writes one row and gives its id. Ids go on from those there are. */
export function prepareBulk(db: Database) {
  const nextId = (table: string) => db.query<{ id: number }, []>(`SELECT max(id) AS id FROM ${table}`).get()?.id ?? 0;
  const ids = { payments: nextId('payments'), attempts: nextId('attempts') };
  const payment = db.prepare(`INSERT INTO payments (id, payment_no, project_id, livemode, key_kind, merchant_order_no,
    gateway, method, mode, environment, amount, currency, unit, status, flags, holds_order, order_json, credential_id,
    paid_at, created_at, updated_at, attempt_id)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'major', ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?19, ?20)`);
  const attempt = db.prepare(`INSERT INTO attempts (id, payment_id, gateway, gateway_order_no, credential_id, status,
    deadline, check_at, created_at, updated_at, method, mode) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11)`);
  const event = db.prepare('INSERT INTO events (payment_id, attempt_id, type, data, at) VALUES (?, ?, ?, ?, ?)');
  const notification =
    db.prepare(`INSERT INTO outbox (webhook_id, payment_id, project_id, event, url, target, body, state,
    due_at, created_at, updated_at) VALUES (?1, ?2, ?3, 'payment.paid', ?4, ?5, '{}', ?6, ?7, ?7, ?7)`);

  return {
    /** With an attempt if it is given a number at the gateway and a deadline. */
    payment(row: BulkPayment, opened?: { readonly orderNo: string; readonly deadline: number }): number {
      ids.payments += 1;
      const attemptId = opened ? ids.attempts + 1 : null;
      writePayment(payment, row, ids.payments, attemptId);
      countPayment(db, row);
      if (!opened || attemptId === null) return ids.payments;
      ids.attempts = attemptId;
      const status = ATTEMPT_STATUS[row.status];
      const checkAt = status === 'open' ? opened.deadline : null;
      const { gateway, method, mode, credentialId, createdAt } = row;
      const times = [opened.deadline, checkAt, createdAt];
      attempt.run(attemptId, ids.payments, gateway, opened.orderNo, credentialId, status, ...times, method, mode);
      return ids.payments;
    },
    event: (paymentId: number, attemptId: number | null, type: string, data: object, at: number) =>
      event.run(paymentId, attemptId, type, JSON.stringify(data), at),
    notification: (webhookId: string, paymentId: number, projectId: number, host: string, state: string, at: number) =>
      notification.run(webhookId, paymentId, projectId, `https://${host}/payok`, host, state, at),
  };
}

const ATTEMPT_STATUS = { pending: 'open', paid: 'paid', failed: 'ended', expired: 'ended' } as const;

function writePayment(statement: Statement, row: BulkPayment, id: number, attemptId: number | null): void {
  const over = row.status === 'failed' || row.status === 'expired';
  statement.run(
    id,
    row.paymentNo,
    row.projectId,
    row.livemode ? 1 : 0,
    row.keyKind,
    row.orderNo,
    row.gateway,
    row.method,
    row.mode,
    row.livemode ? 'production' : 'stage',
    row.amount,
    row.currency,
    row.status,
    row.flags.join(','),
    over ? null : 1,
    row.order,
    row.credentialId,
    row.paidAt,
    row.createdAt,
    attemptId,
  );
}

export type Bulk = ReturnType<typeof prepareBulk>;
