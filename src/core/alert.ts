import { DAY, HOUR, MINUTE } from './time.ts';

/** What a person is told of outside the admin pages, since nobody watches them. */

/** `summary`: once a day by e-mail, not about trouble. */
export const ALERT_CHANNELS = ['email', 'webhook', 'summary'] as const;
export type AlertChannel = (typeof ALERT_CHANNELS)[number];

/** Where a person goes to do something about it. */
type AlertPage = 'payment' | 'attention' | 'deliveries' | 'audit' | 'backups' | 'overview' | 'settings';

/** Every kind there is, and the page that helps. Its words stand in the locales under `alerts.<kind>`. */
export const ALERT_KINDS = {
  mismatch: 'payment',
  duplicate: 'payment',
  late: 'payment',
  disputed: 'payment',
  unsettled: 'payment',
  under_review: 'payment',
  simulated: 'payment',
  flagged: 'payment',
  refund_unknown: 'payment',
  refund_unanswered: 'payment',
  refund_failed: 'payment',
  refund_foreign: 'payment',
  notification_dead: 'deliveries',
  credentials_refused: 'attention',
  gateway_resting: 'attention',
  clock_skew: 'settings',
  login_lockout: 'audit',
  backup_failed: 'backups',
  daily_summary: 'overview',
  test: 'settings',
} as const satisfies Readonly<Record<string, AlertPage>>;

export type AlertKind = keyof typeof ALERT_KINDS;

/** Facts of which title and text are made when it is sent. Never a secret: all of it leaves the house. */
export type AlertData = Readonly<Record<string, string | number | boolean | null>>;

export interface NewAlert {
  readonly kind: AlertKind;
  /** What it is about, in a way that tells it from all others of its kind: of each one alert goes out. */
  readonly about: string;
  readonly projectId?: number | null;
  readonly paymentNo?: string | null;
  readonly data?: AlertData;
}

/** One that is being sent. */
export interface Alert {
  readonly id: number;
  readonly kind: AlertKind;
  readonly projectId: number | null;
  readonly paymentNo: string | null;
  readonly data: AlertData;
  readonly tries: number;
  readonly createdAt: number;
}

/** Pauses between the tries of one alert; what nobody took within a day is dead. */
const RETRY_DELAYS: readonly number[] = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  8 * HOUR,
];
const ALERT_LIFE = DAY;

/** When it is tried again after so many tries; null: not any more. */
export function nextAlertTry({ createdAt, tries }: Pick<Alert, 'createdAt' | 'tries'>, now: number): number | null {
  const delay = RETRY_DELAYS[tries - 1];
  return delay === undefined || now + delay > createdAt + ALERT_LIFE ? null : now + delay;
}

/** Between two mails about trouble: at most six an hour, and what comes meanwhile stands in the next one together. */
export const MAIL_GAP = 10 * MINUTE;
