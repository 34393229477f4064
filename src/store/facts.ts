import type { Database } from 'bun:sqlite';
import type { Actor } from '../core/actor.ts';
import type { Attempt, Fact } from '../core/attempt.ts';
import { buildNotification } from '../core/notification.ts';
import type { Flag, Payment } from '../core/payment.ts';
import { HOUR, MINUTE } from '../core/time.ts';
import { type Effect, isAlive, type PaymentState, type Transition, transition } from '../core/transition.ts';
import { recordFact } from './chronicle.ts';
import { addEvent, type EventType } from './events.ts';
import { recountPayment } from './figures.ts';
import { type CallbackRecord, countAgain, keepCallback } from './inbox.ts';
import { addNotification } from './outbox.ts';
import { wantsEvent } from './projects.ts';
import { requestRefundLook } from './refund-looks.ts';
import { ATTEMPT_COLUMNS, type AttemptRow, PAYMENT_COLUMNS, type PaymentRow, toAttempt, toPayment } from './rows.ts';

/** Made once: a text built anew on every call would have to be hashed anew to find its prepared statement. */
const PAYMENT_BY_ID = `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE id = ?`;
// Without the hint SQLite would go through all paid payments of the project.
const PAID_ELSEWHERE = `SELECT EXISTS (SELECT 1 FROM payments INDEXED BY payments_by_order WHERE project_id = ? AND merchant_order_no = ? AND key_kind = ?
               AND livemode = ? AND status = 'paid' AND id <> ?) AS found`;
const OTHERS_ALIVE = `SELECT EXISTS (SELECT 1 FROM attempts WHERE payment_id = ? AND id <> ?
               AND status IN ('open', 'unknown', 'under_review')) AS found`;
const ATTEMPT_BY_ID = `SELECT ${ATTEMPT_COLUMNS} FROM attempts WHERE id = ?`;
const CURRENT_ATTEMPT = `SELECT ${ATTEMPT_COLUMNS} FROM attempts WHERE id = (SELECT attempt_id FROM payments WHERE id = ?)`;
const UPDATE_PAYMENT = `UPDATE payments SET status = :status, flags = :flags, paid_at = coalesce(paid_at, :paidAt),
         reason = CASE WHEN :becamePaid = 1 THEN NULL ELSE coalesce(:reason, reason) END,
         attempt_id = coalesce(:attemptId, attempt_id),
         gateway = coalesce(:gateway, gateway), method = coalesce(:method, method), mode = coalesce(:mode, mode),
         credential_id = coalesce(:credentialId, credential_id),
         environment = coalesce((SELECT environment FROM credentials WHERE id = :credentialId), environment),
         close_at = CASE WHEN :status = 'pending' THEN close_at END,
         holds_order = CASE WHEN :status IN ('failed', 'expired') THEN NULL ELSE holds_order END,
         revision = revision + 1, updated_at = :now WHERE id = :id RETURNING ${PAYMENT_COLUMNS}`;
const UPDATE_ATTEMPT = `UPDATE attempts SET status = :status, end_reason = coalesce(:endReason, end_reason),
         gateway_trade_no = coalesce(:tradeNo, gateway_trade_no),
         instructions_json = coalesce(:instructions, instructions_json), deadline = coalesce(:deadline, deadline),
         check_at = :checkAt, checks = 0, missing = 0, updated_at = :now WHERE id = :id RETURNING ${ATTEMPT_COLUMNS}`;
const COUNT_DECLINE = 'UPDATE attempts SET declines = declines + 1 WHERE id = ?';

/**
 * Applies what a gateway told us: the callback as it came, the changed rows, the timeline and the notifications that
 * follow, all in the caller's one transaction.
 */
export interface FactsInput {
  readonly attemptId: number;
  readonly facts: readonly Fact[];
  readonly now: number;
  /** How we came to know; null: nobody told us, somebody decided it, as `by` says. */
  readonly source: Extract<EventType, 'gateway.request' | 'callback.accepted' | 'sync'> | null;
  readonly by?: Actor;
  /** The payer can open a new attempt on the page. */
  readonly mayChooseAgain: boolean;
  /** Raw bytes of the callback the facts came from. */
  readonly callback?: CallbackRecord;
  readonly makeWebhookId: () => string;
}

export interface FactsOutcome {
  readonly verdict: Transition['verdict'];
  readonly reason?: Transition['reason'];
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly notified: boolean;
}

export function applyFacts(db: Database, input: FactsInput): FactsOutcome {
  let { payment, attempt } = load(db, input.attemptId);
  let outcome: FactsOutcome = { verdict: 'ignored', payment, attempt, notified: false };
  const before = input.callback ? countAgain(db, attempt, input.callback) : null;
  if (before !== null && before !== 'rejected') return outcome;
  for (const fact of input.facts) {
    const result = transition(readState(db, payment, attempt, input), attemptState(attempt), fact);
    // Rejected again: the timeline has it already.
    if (before !== result.verdict) recordFact(db, { payment, attempt, fact, result, input });
    if (fact.type === 'declined' && isAlive(attempt)) {
      db.query(COUNT_DECLINE).run(attempt.id);
      attempt = { ...attempt, declines: attempt.declines + 1 };
    }
    ({ payment, attempt } = save(db, payment, attempt, fact, result, input));
    if (fact.type === 'refunded') requestRefundLook(db, payment.id, input.now);
    const notified = notify(db, payment, attempt, result.effects, input);
    outcome = {
      verdict: result.verdict,
      ...(result.reason ? { reason: result.reason } : {}),
      payment,
      attempt,
      notified: outcome.notified || notified || fact.type === 'refunded',
    };
    if (result.verdict === 'rejected') break;
  }
  if (input.callback) keepCallback(db, attempt, input.callback, outcome.verdict, input.now);
  return outcome;
}

export interface MismatchInput extends Pick<FactsInput, 'attemptId' | 'now' | 'makeWebhookId'> {
  readonly reason: string;
  readonly callback: CallbackRecord;
}

/** A callback whose signature is right and whose merchant is wrong: kept, flagged, refused by the caller. */
export function flagMismatch(db: Database, input: MismatchInput): void {
  const { payment, attempt } = load(db, input.attemptId);
  if (countAgain(db, attempt, input.callback) !== null) return;
  keepCallback(db, attempt, input.callback, 'rejected', input.now);
  const flags = [...new Set<Flag>([...payment.flags, 'mismatch', 'attention'])];
  db.query('UPDATE payments SET flags = ?, revision = revision + 1, updated_at = ? WHERE id = ?').run(
    flags.join(','),
    input.now,
    payment.id,
  );
  notify(db, { ...payment, flags }, attempt, [{ event: 'payment.attention', about: 'merchant' }], input);
  addEvent(db, {
    paymentId: payment.id,
    attemptId: attempt.id,
    type: 'callback.refused',
    data: { reason: input.reason },
    at: input.now,
  });
}

/** Puts a payment before a person's eyes. */
export function raiseAttention(db: Database, paymentId: number, now: number): void {
  db.query(
    `UPDATE payments SET flags = CASE flags WHEN '' THEN 'attention' ELSE flags || ',attention' END,
       revision = revision + 1, updated_at = ? WHERE id = ? AND ',' || flags || ',' NOT LIKE '%,attention,%'`,
  ).run(now, paymentId);
}

function load(db: Database, attemptId: number): { payment: Payment; attempt: Attempt } {
  const attempt = db.query<AttemptRow, [number]>(ATTEMPT_BY_ID).get(attemptId);
  const payment = attempt && db.query<PaymentRow, [number]>(PAYMENT_BY_ID).get(attempt.payment_id);
  if (!attempt || !payment) throw new Error(`attempt ${attemptId} does not exist`);
  return { payment: toPayment(payment), attempt: toAttempt(attempt) };
}

function attemptState(attempt: Attempt) {
  return { status: attempt.status, instructions: attempt.instructions, tradeNo: attempt.gatewayTradeNo };
}

/** What only some facts ask for is read only then. */
function readState(db: Database, payment: Payment, attempt: Attempt, input: FactsInput): PaymentState {
  const { mayChooseAgain, now } = input;
  return {
    status: payment.status,
    flags: payment.flags,
    livemode: payment.livemode,
    amount: payment.amount,
    currency: payment.currency,
    mayChooseAgain: mayChooseAgain || payment.isCheckout,
    staysOpen: payment.closeAt !== null && now < payment.closeAt,
    get othersAlive() {
      return exists(db.query<{ found: number }, [number, number]>(OTHERS_ALIVE).get(payment.id, attempt.id));
    },
    get orderPaidElsewhere() {
      return exists(
        db
          .query<{ found: number }, [number, string, string, number, number]>(PAID_ELSEWHERE)
          .get(payment.projectId, payment.merchantOrderNo, payment.keyKind, payment.livemode ? 1 : 0, payment.id),
      );
    },
  };
}

function exists(row: { found: number } | null): boolean {
  return row?.found === 1;
}

interface Saved {
  readonly payment: Payment;
  readonly attempt: Attempt;
}

/** Writes what the transition changed and gives back the rows as they are then. */
function save(
  db: Database,
  payment: Payment,
  attempt: Attempt,
  fact: Fact,
  result: Transition,
  { now, source }: FactsInput,
): Saved {
  const flags = result.payment.flags.join(',');
  const applied = result.verdict === 'applied';
  if (!applied && flags === payment.flags.join(',')) return { payment, attempt };
  const becamePaid = result.payment.status === 'paid' && payment.status !== 'paid';
  const isFound = source === 'sync';
  const isNumber = fact.type === 'instructions' && payment.status === 'pending';
  const current = applied && (becamePaid || (isNumber && (!isFound || mayBeShown(db, payment, attempt))));
  const row = db.query<PaymentRow, Record<string, string | number | null>>(UPDATE_PAYMENT).get({
    status: result.payment.status,
    flags,
    paidAt: becamePaid && fact.type === 'paid' ? readInstant(fact.paidAt, now) : null,
    becamePaid: becamePaid ? 1 : 0,
    reason: result.payment.reason ?? null,
    attemptId: current ? attempt.id : null,
    ...ownerOf(current ? attempt : null),
    now,
    id: payment.id,
  });
  if (!row) throw new Error(`payment ${payment.paymentNo} is gone`);
  if (becamePaid) endOthers(db, payment, attempt, now);
  const saved = toPayment(row);
  recountPayment(db, saved, payment.status);
  return { payment: saved, attempt: applied ? saveAttempt(db, attempt, result, now) : attempt };
}

/** A number that was lost and found again does not push aside the one that the payer has taken meanwhile. */
function mayBeShown(db: Database, payment: Payment, attempt: Attempt): boolean {
  const row = db.query<AttemptRow, [number]>(CURRENT_ATTEMPT).get(payment.id);
  if (!row) return false;
  const current = toAttempt(row);
  return current.id === attempt.id || !isAlive(current) || current.instructions === null;
}

/** The way that was paid, or got its number last, is the payment's. */
function ownerOf(attempt: Attempt | null) {
  const { gateway = null, method = null, mode = null, credentialId = null } = attempt ?? {};
  return { gateway, method, mode, credentialId };
}

/** What the payer did not pay with is over; money that comes through it all the same is a duplicate. */
function endOthers(db: Database, payment: Payment, attempt: Attempt, now: number): void {
  if (!payment.isCheckout) return;
  const ended = db
    .query<{ id: number }, [number, number, number, number]>(
      `UPDATE attempts SET status = 'ended', end_reason = 'SUPERSEDED', check_at = ?, checks = 0, updated_at = ?
       WHERE payment_id = ? AND id <> ? AND status IN ('open', 'unknown', 'under_review') RETURNING id`,
    )
    .all(now, now, payment.id, attempt.id);
  for (const { id } of ended) {
    const data = { reason: 'SUPERSEDED' };
    addEvent(db, { paymentId: payment.id, attemptId: id, type: 'attempt.ended', data, at: now });
  }
}

function saveAttempt(db: Database, attempt: Attempt, result: Transition, now: number): Attempt {
  const { instructions } = result.attempt;
  const deadline = instructions === null ? null : readInstant(instructions.expireAt, attempt.deadline);
  const row = db.query<AttemptRow, Record<string, string | number | null>>(UPDATE_ATTEMPT).get({
    status: result.attempt.status,
    endReason: result.attempt.endReason ?? null,
    tradeNo: result.attempt.tradeNo,
    instructions: instructions === null ? null : JSON.stringify(instructions),
    deadline,
    checkAt: planAfter(attempt, result, deadline ?? attempt.deadline, now),
    now,
    id: attempt.id,
  });
  if (!row) throw new Error(`attempt ${attempt.gatewayOrderNo} is gone`);
  return toAttempt(row);
}

/** Paid away from the browser, some time later. */
const OFFLINE: ReadonlySet<string> = new Set(['atm', 'cvs', 'barcode']);

/** A number that was just issued is looked at within the hour; further looks are planned then. */
const LOOK_AFTER_CHANGE = HOUR;

/** A payer who was sent to the gateway may have paid there and never come back. */
const LOOK_AT_PAYER = 10 * MINUTE;

/**
 * The last attempt that ended without ending its payment stays in the schedule until the payment's time is over: nobody
 * else would notice that the payer never chose again.
 */
function planAfter(attempt: Attempt, result: Transition, deadline: number, now: number): number | null {
  if (result.attempt.status === 'paid') return null;
  if (result.attempt.status === 'ended') {
    return result.payment.status === 'pending' && attempt.status !== 'ended' ? deadline + HOUR : null;
  }
  const { instructions } = result.attempt;
  if (instructions === null || instructions === attempt.instructions) return attempt.checkAt;
  return now + (OFFLINE.has(instructions.type) ? LOOK_AFTER_CHANGE : LOOK_AT_PAYER);
}

function readInstant(text: string | undefined, fallback: number): number {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? fallback : ms;
}

function notify(
  db: Database,
  payment: Payment,
  attempt: Attempt,
  effects: readonly Effect[],
  input: Pick<FactsInput, 'now' | 'makeWebhookId'>,
): boolean {
  const url = payment.order.payokUrl;
  if (effects.length === 0 || url === undefined) return false;
  let written = false;
  for (const effect of effects) {
    if (!wantsEvent(db, payment.projectId, effect.event)) continue;
    const body = buildNotification(effect.event, payment, attempt.gatewayTradeNo);
    written =
      addNotification(db, { payment, effect, url, body, now: input.now, webhookId: input.makeWebhookId() }) || written;
  }
  return written;
}
