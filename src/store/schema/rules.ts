import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

/** What rows keep to and what they are found by, where both engines say it in the same words. */

type Columns<Name extends string> = Readonly<Record<Name, SQLWrapper>>;

/** An index over columns, by their names in the code. */
export interface IndexRule<Name extends string> {
  readonly on: readonly [Name, ...Name[]];
  readonly where?: SQL;
  readonly isUnique?: boolean;
}
export type IndexRules<Name extends string> = Readonly<Record<string, IndexRule<Name>>>;

/** What an engine makes rules of. */
interface Maker<Column, Index, Check> {
  check(name: string, condition: SQL): Check;
  index(name: string): { on(...columns: [Column, ...Column[]]): Index };
  uniqueIndex(name: string): { on(...columns: [Column, ...Column[]]): Index };
}

/** Makes an engine's conditions and indexes of rules. */
export function rulesOf<Column, Index extends { where(condition: SQL): unknown }, Check>({
  check,
  index,
  uniqueIndex,
}: Maker<Column, Index, Check>) {
  return {
    checks: (rules: Readonly<Record<string, SQL>>): Check[] =>
      Object.entries(rules).map(([name, condition]) => check(name, condition)),
    indexes: <Name extends string>(t: Readonly<Record<Name, Column>>, rules: IndexRules<Name>): Index[] =>
      Object.entries(rules).map(
        ([
          name,
          {
            on: [first, ...others],
            where,
            isUnique,
          },
        ]) => {
          const made = (isUnique ? uniqueIndex : index)(name).on(t[first], ...others.map((other) => t[other]));
          if (where) made.where(where);
          return made;
        },
      ),
  };
}

const isThere = (column: SQLWrapper): SQL => sql`${column} is not null`;
const isOneOf = (column: SQLWrapper, words: string): SQL => sql`${column} in (${sql.raw(words)})`;
const isKeyKind = (column: SQLWrapper): SQL => isOneOf(column, "'live', 'test'");
const isSum = (column: SQLWrapper): SQL => sql`${column} > 0`;

/** Every other gateway may tell us of an order by its own number alone; this one always repeats ours. */
const KNOWN_BY_OURS = sql`'ecpay'`;

/** A flag that is set, as the conditions of an engine's indexes say it. */
type SayIsSet = (flag: SQLWrapper) => SQL;

/** Conditions by their names. */
export const CHECKS = {
  apiKeys: (t: Columns<'kind'>) => ({ api_keys_kind: isKeyKind(t.kind) }),
  links: (t: Columns<'keyKind' | 'amount'>) => ({ links_kind: isKeyKind(t.keyKind), links_amount: isSum(t.amount) }),
  payments: (t: Columns<'keyKind' | 'amount' | 'unit' | 'status'>) => ({
    payments_kind: isKeyKind(t.keyKind),
    payments_amount: isSum(t.amount),
    payments_unit: isOneOf(t.unit, "'major', 'minor'"),
    payments_status: isOneOf(t.status, "'pending', 'paid', 'failed', 'expired'"),
  }),
  attempts: (t: Columns<'status'>) => ({
    attempts_status: isOneOf(t.status, "'open', 'unknown', 'under_review', 'paid', 'ended'"),
  }),
  alerts: (t: Columns<'state'>) => ({ alerts_state: isOneOf(t.state, "'pending', 'delivered', 'dead'") }),
  outbox: (t: Columns<'state'>) => ({ outbox_state: isOneOf(t.state, "'pending', 'delivered', 'dead'") }),
  refunds: (t: Columns<'amount' | 'status' | 'source'>) => ({
    refunds_amount: isSum(t.amount),
    refunds_status: isOneOf(t.status, "'unknown', 'pending', 'succeeded', 'failed'"),
    refunds_source: isOneOf(t.source, "'api', 'gateway'"),
  }),
  people: (t: Columns<'role'>) => ({ people_role: isOneOf(t.role, "'owner', 'staff'") }),
} as const;

/** Indexes by their names. */
export const INDEXES = {
  credentials: (t: Columns<'current' | 'proved' | 'platformId'>, isSet: SayIsSet) =>
    ({
      credentials_fingerprint: { on: ['projectId', 'gateway', 'fingerprint'], isUnique: true },
      // By project: however many sets one of them has for a merchant, the others' are found at once.
      credentials_by_merchant: { on: ['gateway', 'merchantId', 'projectId'] },
      credentials_by_platform: { on: ['gateway', 'platformId', 'projectId'], where: isThere(t.platformId) },
      credentials_proved: { on: ['gateway', 'merchantId', 'projectId'], where: isSet(t.proved) },
      credentials_current: { on: ['projectId', 'gateway', 'environment'], where: isSet(t.current), isUnique: true },
    }) as const,
  // Newest first: the row id ends the index.
  links: { links_of_key: { on: ['projectId', 'keyKind'] } },
  payments: (
    t: Columns<'holdsOrder' | 'status' | 'flags' | 'closeAt' | 'paidAt' | 'refundCheckAt' | 'linkId'>,
    isSet: SayIsSet,
  ) =>
    ({
      payments_order: {
        on: ['projectId', 'keyKind', 'livemode', 'merchantOrderNo'],
        where: isSet(t.holdsOrder),
        isUnique: true,
      },
      // A search by the start of an order number is answered by the index alone.
      payments_by_order: { on: ['projectId', 'merchantOrderNo', 'keyKind', 'createdAt'] },
      // Lists go from the newest to the oldest: time and row id end every index that a list is read from. None of them has a
      // column that changes when a pending payment is paid, or every callback would write it twice.
      payments_by_time: { on: ['projectId', 'keyKind', 'createdAt'] },
      payments_concluded: {
        on: ['projectId', 'keyKind', 'status', 'createdAt'],
        where: sql`${t.status} <> 'pending'`,
      },
      payments_of_method: { on: ['projectId', 'keyKind', 'gateway', 'method', 'createdAt'] },
      payments_flagged: { on: ['projectId', 'keyKind', 'flags', 'createdAt'], where: sql`${t.flags} <> ''` },
      // By the day on which the money came, for the books.
      payments_paid: { on: ['projectId', 'keyKind', 'paidAt'], where: isThere(t.paidAt) },
      payments_closing: { on: ['closeAt'], where: isThere(t.closeAt) },
      payments_refund_due: { on: ['refundCheckAt'], where: isThere(t.refundCheckAt) },
      payments_of_link: { on: ['linkId', 'formKey'], where: isThere(t.linkId) },
      // What strangers have left behind: it is looked through when old rows are dropped.
      payments_unpaid_uses: { on: ['linkId'], where: sql`${t.linkId} is not null and ${t.status} <> 'paid'` },
    }) as const,
  attempts: (t: Columns<'gateway' | 'gatewayTradeNo' | 'checkAt'>) =>
    ({
      attempts_order_no: { on: ['gateway', 'gatewayOrderNo'], isUnique: true },
      attempts_by_payment: { on: ['paymentId'] },
      attempts_due: { on: ['checkAt'], where: isThere(t.checkAt) },
      attempts_by_trade_no: {
        on: ['gateway', 'gatewayTradeNo'],
        where: sql`${t.gatewayTradeNo} is not null and ${t.gateway} <> ${KNOWN_BY_OURS}`,
      },
    }) as const,
  events: (t: Columns<'digest'>) =>
    ({
      events_by_payment: { on: ['paymentId'] },
      events_callback: { on: ['attemptId', 'digest'], where: isThere(t.digest), isUnique: true },
    }) as const,
  outbox: (t: Columns<'state' | 'leasedBy' | 'tries' | 'event'>) =>
    ({
      outbox_once: { on: ['paymentId', 'event', 'about'], isUnique: true },
      outbox_due: { on: ['dueAt'], where: sql`${t.state} = 'pending' and ${t.leasedBy} is null` },
      // Whose last try failed is known by it after a start.
      outbox_tried: { on: ['target'], where: sql`${t.state} = 'pending' and ${t.tries} > 0` },
      outbox_leased: { on: ['leasedUntil'], where: isThere(t.leasedBy) },
      outbox_by_webhook_id: { on: ['webhookId'] },
      // A desk goes from the newest to the oldest. What was given up, and what is not the usual event, is rare among many.
      outbox_by_time: { on: ['projectId', 'keyKind', 'createdAt'] },
      outbox_dead: { on: ['projectId', 'keyKind', 'createdAt'], where: sql`${t.state} = 'dead'` },
      outbox_of_event: {
        on: ['projectId', 'keyKind', 'event', 'createdAt'],
        where: sql`${t.event} <> 'payment.paid'`,
      },
    }) as const,
  alerts: (t: Columns<'state' | 'leasedBy'>) =>
    ({
      alerts_once: { on: ['channel', 'kind', 'about'], isUnique: true },
      alerts_due: { on: ['channel', 'dueAt'], where: sql`${t.state} = 'pending' and ${t.leasedBy} is null` },
      alerts_leased: { on: ['channel', 'leasedUntil'], where: isThere(t.leasedBy) },
      alerts_by_time: { on: ['createdAt'] },
    }) as const,
  refunds: {
    refunds_by_payment: { on: ['paymentId'] },
    refunds_by_time: { on: ['projectId', 'keyKind', 'createdAt'] },
  },
  searchTerms: { search_terms_by_term: { on: ['projectId', 'keyKind', 'term', 'paymentId'] } },
  sessions: { sessions_of_person: { on: ['personId'] }, sessions_by_end: { on: ['expiresAt'] } },
  allowances: { allowances_by_end: { on: ['fullAt'] } },
  loginLimits: { login_limits_by_end: { on: ['fullAt'] } },
  // Newest first: the row id ends them.
  audit: { audit_of_person: { on: ['personId'] }, audit_of_action: { on: ['action'] } },
  troubles: (t: Columns<'closedAt' | 'paymentId'>) =>
    ({
      troubles_once: { on: ['kind', 'subject'], isUnique: true },
      // Newest first: the row id ends the index.
      troubles_open: { on: ['projectId', 'keyKind', 'since'], where: sql`${t.closedAt} is null` },
      troubles_of_payment: { on: ['paymentId'], where: isThere(t.paymentId) },
    }) as const,
  unmatchedCallbacks: { unmatched_by_time: { on: ['receivedAt'] } },
  idempotencyKeys: { idempotency_by_time: { on: ['createdAt'] } },
} as const;
