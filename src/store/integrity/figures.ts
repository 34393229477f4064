import { QUARTER } from '../counters.ts';
import { DELTA_OF } from '../figure-deltas.ts';
import type { Rules } from './rule.ts';

/**
 * Figures that are kept beside the rows they follow from. Each is said once: the rule that finds a wrong one and the
 * statements that make it anew are both made of it.
 */

/** A table that is nothing but figures: a row for each group of other rows. */
interface GroupedFigures {
  readonly fault: string;
  readonly table: string;
  readonly groups: readonly string[];
  readonly figures: readonly string[];
  /** Which changes wait to be added to it: they count too. */
  readonly waiting: string;
  /** The rows that should stand in it. */
  readonly truth: string;
}

/** Figures in columns of a row that is more than them. */
interface ColumnFigures {
  readonly fault: string;
  readonly table: string;
  /** By what a person knows the row. */
  readonly label: string;
  /** What each should be, by column. */
  readonly truth: Readonly<Record<string, string>>;
}

const GROUPED: Readonly<Record<string, GroupedFigures>> = {
  counts_differ: {
    fault: 'the kept counts of payments are not those of the payments',
    table: 'payment_counts',
    waiting: DELTA_OF.paymentCounts,
    groups: ['project_id', 'key_kind', 'livemode', 'status'],
    figures: ['count'],
    truth: `
      SELECT project_id, key_kind, livemode, status, count(*) AS count
      FROM payments GROUP BY 1, 2, 3, 4`,
  },
  sums_differ: {
    fault: 'the kept sums of paid money are not those of the payments',
    table: 'paid_sums',
    waiting: DELTA_OF.paidSums,
    groups: ['project_id', 'key_kind', 'livemode', 'quarter', 'currency'],
    figures: ['amount', 'count'],
    truth: `
      SELECT project_id, key_kind, livemode, paid_at / ${QUARTER} AS quarter, currency,
        sum(amount) AS amount, count(*) AS count
      FROM payments WHERE status = 'paid' AND paid_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5`,
  },
  method_sums_differ: {
    fault: 'the kept sums of paid money by method are not those of the payments',
    table: 'method_sums',
    waiting: DELTA_OF.methodSums,
    groups: ['project_id', 'key_kind', 'livemode', 'way', 'quarter'],
    figures: ['amount', 'count'],
    truth: `
      SELECT project_id, key_kind, livemode, gateway || '/' || method || '/' || currency AS way,
        paid_at / ${QUARTER} AS quarter, sum(amount) AS amount, count(*) AS count
      FROM payments WHERE status = 'paid' AND paid_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5`,
  },
  outcomes_differ: {
    fault: 'the kept counts of what became of payments are not those of the payments',
    table: 'outcome_counts',
    waiting: DELTA_OF.outcomeCounts,
    groups: ['project_id', 'key_kind', 'livemode', 'quarter', 'status'],
    figures: ['count'],
    truth: `
      SELECT project_id, key_kind, livemode, created_at / ${QUARTER} AS quarter, status, count(*) AS count
      FROM payments GROUP BY 1, 2, 3, 4, 5`,
  },
};

const ofLink = (what: string) => `(SELECT ${what} FROM payments p WHERE p.link_id = links.id AND p.status = 'paid')`;

const IN_COLUMNS: Readonly<Record<string, ColumnFigures>> = {
  refunded_sum_differs: {
    fault: 'payments of which another sum was paid back than stands in them',
    table: 'payments',
    label: 'payment_no',
    truth: {
      refunded: `(SELECT coalesce(sum(r.amount), 0) FROM refunds r WHERE r.payment_id = payments.id
        AND r.attempt_id = payments.attempt_id AND r.status = 'succeeded')`,
    },
  },
  link_sums_differ: {
    fault: 'links with other figures than those of their payments',
    table: 'links',
    label: 'link_no',
    truth: { paid_count: ofLink('count(*)'), paid_amount: ofLink('coalesce(sum(p.amount), 0)') },
  },
};

function findInGroups({ table, groups, figures, waiting, truth }: GroupedFigures): string {
  const [keys, kept] = [groups.join(', '), figures.map((name) => `-${name}`).join(', ')];
  const sums = figures.map((name) => `sum(${name})`);
  return `
    SELECT ${keys}, ${sums.map((sum, at) => `${sum} AS ${figures[at]}`).join(', ')}
    FROM (${truth} UNION ALL SELECT ${keys}, ${kept} FROM ${table}
      UNION ALL SELECT ${keys}, ${kept} FROM figure_deltas WHERE figure = '${waiting}') AS both_ways
    GROUP BY ${keys} HAVING ${sums.map((sum) => `${sum} <> 0`).join(' OR ')}`;
}

const differ = ({ truth }: ColumnFigures): string =>
  Object.entries(truth)
    .map(([column, value]) => `${column} <> ${value}`)
    .join(' OR ');

function findInColumns(figures: ColumnFigures): string {
  const { table, label, truth } = figures;
  return `SELECT ${label}, ${Object.keys(truth).join(', ')} FROM ${table} WHERE ${differ(figures)}`;
}

/** What finds a figure that is not as it should be. */
export const FIGURE_RULES: Rules = Object.fromEntries([
  ...Object.entries(GROUPED).map(([name, one]) => [name, [one.fault, findInGroups(one)] as const]),
  ...Object.entries(IN_COLUMNS).map(([name, one]) => [name, [one.fault, findInColumns(one)] as const]),
]);

/** What makes the figures of a rule anew: statements to be run one after the other in one transaction. */
export const FIGURE_REPAIRS: Readonly<Record<string, readonly string[]>> = Object.fromEntries([
  ...Object.entries(GROUPED).map(([name, { table, groups, figures, truth }]) => [
    name,
    [`DELETE FROM ${table}`, `INSERT INTO ${table} (${[...groups, ...figures].join(', ')}) ${truth}`],
  ]),
  ...Object.entries(IN_COLUMNS).map(([name, one]) => [
    name,
    [
      `UPDATE ${one.table} SET ${Object.entries(one.truth)
        .map(([column, value]) => `${column} = ${value}`)
        .join(', ')} WHERE ${differ(one)}`,
    ],
  ]),
]);

/** The tables that figures are made of and stand in, in the order in which they are taken. */
export const FIGURE_TABLES = [
  'payments',
  'refunds',
  'links',
  'figure_deltas',
  'payment_counts',
  'paid_sums',
  'method_sums',
  'outcome_counts',
] as const;
