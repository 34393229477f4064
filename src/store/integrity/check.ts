import type { Engine } from '../engines/engine.ts';
import type { Rule } from './rule.ts';
import { REMEDIES, rulesOf } from './rules.ts';

/** What came of a rule; nothing was found: it holds. */
export interface Checked extends Omit<Rule, 'sql'> {
  readonly found: number;
  /** The first of what was found. */
  readonly rows: readonly object[];
}

/** A database that is only looked at: it may be damaged, of another schema, or in use by a server. */
export interface Inspector {
  readonly engine: Engine['name'];
  /** 0: there is no schema yet. */
  readVersion(): Promise<number>;
  all<Row extends object>(sql: string): Promise<readonly Row[]>;
  /** What only this engine can find out about its storage, besides the rules. */
  checkStorage(): Promise<readonly Checked[]>;
  close(): Promise<void>;
}

const SHOWN = 5;

/** Every rule one after the other; each sees what was committed when it began. */
export async function checkRules(
  inspector: Inspector,
  rules: readonly Rule[] = rulesOf(inspector.engine),
): Promise<readonly Checked[]> {
  const checked: Checked[] = [];
  for (const rule of rules) checked.push(conclude(rule, await findOrWhy(inspector, rule)));
  return [...checked, ...(await inspector.checkStorage())];
}

/** A database that is damaged refuses what touches the damage. */
async function findOrWhy(inspector: Inspector, { sql }: Rule): Promise<readonly object[]> {
  try {
    return await inspector.all(sql);
  } catch (error) {
    return [{ message: (error as Error).message }];
  }
}

function conclude({ sql: _, ...rule }: Rule, rows: readonly object[]): Checked {
  return { ...rule, found: rows.length, rows: rows.slice(0, SHOWN).map((row) => ({ ...row })) };
}

/** A check that is no query: of storage alone, so that only a backup helps. */
export function concludeStorage(name: string, fault: string, rows: readonly object[]): Checked {
  return conclude({ name, fault, remedy: REMEDIES.restore, weight: 'bad', sql: '' }, rows);
}
