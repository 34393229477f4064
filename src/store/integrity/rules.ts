import type { Engine } from '../engines/engine.ts';
import { FIGURE_RULES } from './figures.ts';
import {
  EVENT_RULES,
  LEFTOVER_RULES,
  LINK_RULES,
  notificationRules,
  REFUND_RULES,
  TROUBLE_RULES,
} from './other-rules.ts';
import { MONEY_RULES, ORDER_RULES, PAYMENT_RULES, PLAN_RULES } from './payment-rules.ts';
import { type Rule, type Rules, WORDS } from './rule.ts';

/** On PostgreSQL `broken_reference` is asked of each constraint, and `damaged_index` where its own checks are at hand. */
const STORAGE: Readonly<Record<Engine['name'], Rules>> = {
  sqlite: {
    damaged_storage: [
      'the database file is damaged',
      "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    ],
    broken_reference: ['rows that refer to one that is not there', 'SELECT * FROM pragma_foreign_key_check'],
  },
  postgres: {
    damaged_storage: [
      'constraints or indexes that are not in force',
      `SELECT conname AS name FROM pg_constraint WHERE NOT convalidated
      UNION ALL SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid`,
    ],
  },
};

export const REMEDIES = {
  restore:
    'Stop the server, keep a copy of what is there, and go back to the newest backup in which this is right; then ask the gateways about what is newer.',
  repair: 'Run paycore doctor --repair: it makes these figures anew, also while the server runs.',
  compare:
    'Compare them with the gateway (POST /api/paycore/payments/{payment_no}/sync asks it), then tell the shop by hand; PayCore should never let this happen, so keep a backup and report it.',
  none: 'Nothing needs to be done: it goes away within a day.',
} as const;

/** Every rule of this engine, those about the file or the server itself first. */
export function rulesOf(engine: Engine['name']): readonly Rule[] {
  return [
    ...storageRulesOf(engine),
    ...list(FIGURE_RULES, REMEDIES.repair),
    ...[
      notificationRules(WORDS[engine]),
      PAYMENT_RULES,
      MONEY_RULES,
      ORDER_RULES,
      PLAN_RULES,
      REFUND_RULES,
      LINK_RULES,
      TROUBLE_RULES,
      EVENT_RULES,
    ].flatMap((rules) => list(rules, REMEDIES.compare)),
    ...list(LEFTOVER_RULES, REMEDIES.none, 'warn'),
  ];
}

/** Those that hold for any schema. */
export function storageRulesOf(engine: Engine['name']): readonly Rule[] {
  return list(STORAGE[engine], REMEDIES.restore);
}

function list(rules: Rules, remedy: string, weight: Rule['weight'] = 'bad'): readonly Rule[] {
  return Object.entries(rules).map(([name, [fault, sql]]) => ({ name, fault, remedy, weight, sql }));
}
