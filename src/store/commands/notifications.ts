import type { NewAlert } from '../../core/alert.ts';
import { type Trouble, troubleOfReview } from '../../core/attention.ts';
import type { Effect } from '../../core/lifecycle/effects.ts';
import { buildNotification, type TellingAttempt } from '../../core/notification.ts';
import type { NotificationEvent, Payment } from '../../core/payment.ts';
import { alertOfReview } from '../../core/payment-alerts.ts';
import { addRow, findRow, lockRow, patchRow } from '../table.ts';
import type { Tx } from '../tx.ts';
import { raiseAlert } from './alerts/raise.ts';
import { raiseTroubles } from './troubles.ts';

/**
 * The one place that makes notifications. A row is written once, in the transaction of the change that it tells of; doubles
 * are refused on insert, never on send.
 */
export interface Telling {
  readonly now: number;
  readonly makeWebhookId: () => string;
}

/** True when something waits to be sent. A shop without an address is told nothing, nor what it did not ask for. */
export async function notifyShop(
  tx: Tx,
  payment: Payment,
  attempt: TellingAttempt | null,
  effects: readonly Effect[],
  telling: Telling,
): Promise<boolean> {
  const url = payment.order.payokUrl;
  if (effects.length === 0 || url === undefined) return false;
  let written = false;
  for (const { event, about = '', more } of effects) {
    if (!(await wantsEvent(tx, payment.projectId, event))) continue;
    const isNew = await addRow(tx, 'outbox', {
      webhookId: telling.makeWebhookId(),
      paymentId: payment.id,
      projectId: payment.projectId,
      event,
      about,
      url,
      target: readTarget(payment.projectId, url),
      body: buildNotification(event, payment, attempt, more),
      state: 'pending',
      dueAt: telling.now,
      createdAt: telling.now,
      updatedAt: telling.now,
    });
    written ||= isNew;
  }
  return written;
}

/** `payment.paid` is told to everybody, the rest to who asked for it. */
async function wantsEvent(tx: Tx, projectId: number, event: NotificationEvent): Promise<boolean> {
  if (event === 'payment.paid') return true;
  return (await findRow(tx, 'projects', { id: projectId }))?.events.includes(event) ?? false;
}

/** Whom a notification goes to: shops of several projects may share an origin, and shops of several origins a host. */
function readTarget(projectId: number, url: string): string {
  return `${projectId} ${URL.canParse(url) ? new URL(url).origin : ''}`;
}

/** What a flag is about, where that is not the payment and its current attempt alone. */
export interface Concern {
  readonly attemptId?: number;
  /** What the notification tells besides the payment. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** What a person is shown, when that is not what `about` says. */
  readonly trouble?: Trouble;
  /** What the merchant is told, where that is about more than the payment. */
  readonly alert?: NewAlert;
}

/** Puts a payment before a person's eyes, and tells the shop that wants to know. `about`: what is wrong, in a word. */
export async function flagForReview(
  tx: Tx,
  paymentId: number,
  about: string,
  telling: Telling,
  { attemptId, more = {}, trouble, alert }: Concern = {},
): Promise<boolean> {
  const payment = await lockRow(tx, 'payments', { id: paymentId });
  if (!payment) return false;
  const flags = payment.flags.includes('attention') ? payment.flags : [...payment.flags, 'attention' as const];
  if (flags !== payment.flags) {
    await patchRow(tx, 'payments', payment.id, { flags, revision: payment.revision + 1, updatedAt: telling.now });
  }
  await raiseTroubles(tx, payment, [trouble ?? troubleOfReview(about)], telling.now);
  await raiseAlert(tx, alert ?? alertOfReview(payment, about), telling.now);
  const meant = attemptId ?? payment.attemptId;
  const attempt = meant === null ? null : await findRow(tx, 'attempts', { id: meant });
  const effect: Effect = { event: 'payment.attention', about, more };
  return notifyShop(tx, { ...payment, flags }, attempt, [effect], telling);
}
