import type { Instructions } from '../../src/core/attempt.ts';
import type { Flag, KeyKind, PaymentStatus } from '../../src/core/payment.ts';
import { addAttemptTerms, addOrderTerms } from '../../src/store/commands/search-terms.ts';
import { countPayment } from '../../src/store/counters.ts';
import type { Command, Engine } from '../../src/store/engines/engine.ts';
import type { NewRow } from '../../src/store/schema/rows.ts';
import type { EventType, OutboxState } from '../../src/store/schema/values.ts';
import { insertRows } from '../../src/store/table.ts';
import type { Tx } from '../../src/store/tx.ts';

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

/** The one attempt of a payment. */
export interface BulkAttempt {
  readonly orderNo: string;
  readonly deadline: number;
  readonly tradeNo?: string;
  readonly instructions?: Instructions;
}

const NO_FIELDS = { amount: 98_000, currency: 'TWD', flags: [], order: '{}', paidAt: null } as const;

/** A pending test payment of NT$980 by ECPay ATM, unless told otherwise. */
export function bulkPayment(
  row: Pick<BulkPayment, 'projectId' | 'credentialId' | 'paymentNo' | 'orderNo' | 'createdAt'> & Partial<BulkPayment>,
): BulkPayment {
  const kind = { keyKind: 'test', livemode: false, status: 'pending' } as const;
  return { ...NO_FIELDS, ...kind, gateway: 'ecpay', method: 'atm', mode: 'background', ...row };
}

/**
 * Each function makes one row; everything is written by `write`, in transactions of some thousands. `before`: so many
 * payments are there already.
 */
export function prepareBulk(engine: Engine, before = 0) {
  const waiting: Command<unknown>[] = [];
  let wrote = before;

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const some = waiting.splice(0, AT_ONCE);
      await engine.write(async (tx) => {
        for (const command of some) await command(tx);
      });
    }
  };

  return {
    write,
    /** Gives its id. With an attempt, of the same id, if it is given a number at the gateway and a deadline. */
    payment(row: BulkPayment, opened?: BulkAttempt): number {
      const id = ++wrote;
      waiting.push((tx) => addPayment(tx, id, row, opened));
      return id;
    },
    refund: (row: Omit<NewRow<'refunds'>, 'updatedAt'>) =>
      waiting.push((tx) => insertRows(tx, 'refunds', [{ ...row, updatedAt: row.createdAt }])),
    event: (paymentId: number, attemptId: number | null, type: EventType, data: object, at: number) =>
      waiting.push((tx) => insertRows(tx, 'events', [{ paymentId, attemptId, type, data: { ...data }, at }])),
    notification: (
      webhookId: string,
      paymentId: number,
      projectId: number,
      host: string,
      state: OutboxState,
      at: number,
    ) =>
      waiting.push((tx) =>
        insertRows(tx, 'outbox', [
          {
            ...{
              webhookId,
              paymentId,
              projectId,
              state,
              target: `${projectId} https://${host}`,
              url: `https://${host}/payok`,
            },
            ...{ event: 'payment.paid', body: '{}', dueAt: at, createdAt: at, updatedAt: at },
          },
        ]),
      ),
  };
}

const AT_ONCE = 5000;
const ATTEMPT_STATUS = { pending: 'open', paid: 'paid', failed: 'ended', expired: 'ended' } as const;

async function addPayment(
  tx: Tx,
  id: number,
  { orderNo, order, ...row }: BulkPayment,
  opened?: BulkAttempt,
): Promise<void> {
  const { createdAt, status, gateway, method, mode, credentialId } = row;
  const attemptId = opened ? id : null;
  const given = JSON.parse(order);
  await insertRows(tx, 'payments', [
    {
      ...row,
      id,
      merchantOrderNo: orderNo,
      environment: row.livemode ? 'production' : 'stage',
      unit: 'major',
      order: given,
      holdsOrder: status !== 'failed' && status !== 'expired',
      attemptId,
      updatedAt: createdAt,
    },
  ]);
  countPayment(tx, row);
  await addOrderTerms(tx, { id, ...row }, given);
  if (!opened || attemptId === null) return;
  const attemptStatus = ATTEMPT_STATUS[status];
  await insertRows(tx, 'attempts', [
    {
      ...{ id: attemptId, paymentId: id, gateway, method, mode, credentialId, status: attemptStatus, createdAt },
      gatewayOrderNo: opened.orderNo,
      gatewayTradeNo: opened.tradeNo ?? null,
      instructions: opened.instructions ?? null,
      deadline: opened.deadline,
      checkAt: attemptStatus === 'open' ? opened.deadline : null,
      updatedAt: createdAt,
    },
  ]);
  const told = { gatewayTradeNo: opened.tradeNo ?? null, instructions: opened.instructions ?? null };
  await addAttemptTerms(tx, { id, ...row }, { gatewayTradeNo: null, instructions: null }, told);
}

export type Bulk = ReturnType<typeof prepareBulk>;
