import { type Attempt, isAlive, isMoneyMoving } from './attempt.ts';
import type { Payment } from './payment.ts';

/** Why a payment is not paid, as data: the one thing that a shop's owner asks first. */

/** In words: what holds it up, or what ended it. */
export type UnpaidReason =
  /** Another amount or currency was paid: it was not taken as this payment. */
  | 'mismatch'
  /** The gateway only pretended that it was paid. */
  | 'simulated'
  | 'under_review'
  | 'moving'
  /** The payer has the page and has not chosen how to pay. */
  | 'not_chosen'
  /** The gateway was called and what it did is not known. */
  | 'unreachable'
  /** The payer has a number, and time to pay it. */
  | 'counter'
  /** Past the deadline; what was paid in time may still be on its way. */
  | 'counter_late'
  | 'declined'
  /** The payer has the page and has not gone on from it, as far as we know. */
  | 'not_started'
  | 'at_gateway'
  /** The last try has ended; the payer may try again. */
  | 'may_choose_again'
  | 'cancelled'
  | 'refused'
  | 'never_reached'
  | 'gone'
  | 'expired_unchosen'
  | 'expired_declined'
  | 'expired_counter'
  | 'expired';

export interface Unpaid {
  readonly why: UnpaidReason;
  /** The try that it is about; null: none, or all of them. */
  readonly attempt: Attempt | null;
  /** Until when that may change by itself. */
  readonly until: number | null;
  /** How often the payer's bank or wallet has said no. */
  readonly declines: number;
  /** The gateway's last words about it, or how the call failed. */
  readonly code: string;
  readonly message: string;
  /** Who ended it, as events have it in `by`. */
  readonly by: unknown;
  readonly asked: Asked | null;
  /** So often the gateway was asked and had nothing new to say, and when it is asked next. */
  readonly asks: number;
  readonly nextAskAt: number | null;
}

/** The last time the gateway was asked, as far as that is on the timeline. */
export interface Asked {
  readonly at: number;
  readonly isAnswered: boolean;
}

/** What is looked at of an event; newest first. */
export interface UnpaidEvent {
  readonly type: string;
  readonly attemptId: number | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface UnpaidSubject {
  readonly payment: Pick<Payment, 'status' | 'reason' | 'flags' | 'livemode' | 'attemptId' | 'closeAt'>;
  readonly attempts: readonly Attempt[];
  /** Newest first; the last ones are enough. */
  readonly events: readonly UnpaidEvent[];
  /** How long after its deadline the current try is waited for. */
  readonly graceMs: number;
  readonly now: number;
}

/** Null: it is paid. */
export function explainUnpaid(subject: UnpaidSubject): Unpaid | null {
  if (subject.payment.status === 'paid') return null;
  const found = RULES.map((rule) => rule(subject)).find((one) => one !== null) ?? { why: 'at_gateway' };
  const alive = subject.attempts.filter(isAlive);
  const times = alive.flatMap(({ checkAt }) => checkAt ?? []);
  return {
    ...{ attempt: null, until: null, code: '', message: '', by: null },
    declines: subject.attempts.reduce((sum, { declines }) => sum + declines, 0),
    asked: findAsked(subject.events),
    asks: alive.reduce((most, { syncTries }) => Math.max(most, syncTries), 0),
    nextAskAt: times.length === 0 ? null : Math.min(...times),
    ...found,
  };
}

type Finding = Pick<Unpaid, 'why'> & Partial<Unpaid>;
type Rule = (subject: UnpaidSubject) => Finding | null;

const currentOf = ({ payment, attempts }: UnpaidSubject): Attempt | null =>
  attempts.find(({ id }) => id === payment.attemptId) ?? null;

const isOffline = ({ instructions }: Attempt) => OFFLINE.has(instructions?.type ?? '');
const OFFLINE: ReadonlySet<string> = new Set(['atm', 'cvs', 'barcode']);

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** What a gateway said in the newest event that is like this. */
function lastWords({ events }: UnpaidSubject, isMeant: (event: UnpaidEvent) => boolean): Partial<Unpaid> {
  const data = events.find(isMeant)?.data;
  return { code: textOf(data?.code), message: textOf(data?.message) };
}

const isFact =
  (fact: string) =>
  ({ data }: UnpaidEvent) =>
    data.fact === fact;

/** The first that fits is the reason: what a person has to act on comes before what will pass by itself. */
const RULES: readonly Rule[] = [
  ({ payment }) => (payment.flags.includes('mismatch') ? { why: 'mismatch' } : null),
  ({ payment }) => (payment.livemode && payment.flags.includes('simulated') ? { why: 'simulated' } : null),
  (subject) => (subject.payment.status === 'pending' ? null : findEnd(subject)),
  ({ attempts }) =>
    about(
      'under_review',
      attempts.filter(isAlive).find(({ status }) => status === 'under_review'),
    ),
  ({ attempts }) => about('moving', attempts.filter(isAlive).find(isMoneyMoving)),
  ({ payment, attempts }) => (attempts.length === 0 ? { why: 'not_chosen', until: payment.closeAt } : null),
  findUnreachable,
  findCounter,
  findDeclined,
  findOpen,
];

function about(why: UnpaidReason, attempt: Attempt | undefined): Finding | null {
  return attempt ? { why, attempt } : null;
}

function findUnreachable(subject: UnpaidSubject): Finding | null {
  const attempt = subject.attempts.find(({ status }) => status === 'unknown');
  if (!attempt) return null;
  const isLost = ({ type, data }: UnpaidEvent) => type === 'gateway.request' && data.outcome === 'unknown';
  return { why: 'unreachable', attempt, ...lastWords(subject, isLost) };
}

/** While a number waits to be paid, what was tried before it is no longer the reason. */
function findCounter(subject: UnpaidSubject): Finding | null {
  const current = currentOf(subject);
  if (!current || !isAlive(current) || !isOffline(current)) return null;
  const isLate = subject.now >= current.deadline;
  const until = isLate ? current.deadline + subject.graceMs : current.deadline;
  return { why: isLate ? 'counter_late' : 'counter', attempt: current, until };
}

function findDeclined(subject: UnpaidSubject): Finding | null {
  const attempt = subject.attempts.find(({ declines }) => declines > 0);
  if (!attempt) return null;
  const until = currentOf(subject)?.deadline ?? subject.payment.closeAt;
  return { why: 'declined', attempt, until, ...lastWords(subject, isFact('declined')) };
}

function findOpen(subject: UnpaidSubject): Finding | null {
  const current = currentOf(subject);
  if (!current) return null;
  const until = current.deadline;
  // Each press of the page's button that leads away opens a further try.
  const isGone = current.used || subject.attempts.length > 1;
  if (isAlive(current)) return { why: isGone ? 'at_gateway' : 'not_started', attempt: current, until };
  return {
    ...{ why: 'may_choose_again', attempt: current, until: subject.payment.closeAt ?? until },
    ...lastWords(subject, isFact('ended')),
  };
}

function findEnd(subject: UnpaidSubject): Finding {
  const by =
    subject.events.find(({ type }) => type === 'payment.failed' || type === 'payment.expired')?.data.by ?? null;
  const attempt = currentOf(subject);
  const words = lastWords(subject, isFact('ended'));
  switch (subject.payment.reason) {
    case 'CANCELLED':
      return { why: 'cancelled', by };
    case 'GATEWAY_REFUSED':
      return { why: 'refused', attempt, ...words };
    case 'GATEWAY_UNREACHABLE':
      return { why: 'never_reached', attempt, ...words };
    case 'GONE':
      return { why: 'gone', attempt };
    default:
      return findExpiry(subject, attempt);
  }
}

function findExpiry(subject: UnpaidSubject, attempt: Attempt | null): Finding {
  if (!attempt) return { why: 'expired_unchosen' };
  const until = attempt.deadline;
  if (isOffline(attempt)) return { why: 'expired_counter', attempt, until };
  const isDeclined = subject.attempts.some(({ declines }) => declines > 0);
  if (isDeclined) return { why: 'expired_declined', attempt, until, ...lastWords(subject, isFact('declined')) };
  return { why: 'expired', attempt, until };
}

function findAsked(events: readonly UnpaidEvent[]): Asked | null {
  const event = events.find(({ type, data }) => type === 'sync' || (type === 'admin.sync' && data.asked === true));
  return event ? { at: event.at, isAnswered: event.data.result !== 'failed' } : null;
}
