import type { Engine } from '../engines/engine.ts';

/**
 * What is true of every ledger, whatever happened to it. A rule is a query for what breaks it: on a sound database it
 * finds nothing.
 */
export interface Rule {
  readonly name: string;
  /** What is wrong where it finds something, as a person reads it. */
  readonly fault: string;
  /** What to do about it. */
  readonly remedy: string;
  /** `warn`: nothing is lost by it. */
  readonly weight: 'bad' | 'warn';
  readonly sql: string;
}

/** Rules of one subject by their names: what is wrong, and the query that finds it. */
export type Rules = Readonly<Record<string, readonly [fault: string, sql: string]>>;

/** What the engines say differently: JSON is text that SQLite reads by itself, and PostgreSQL must be told to. */
export interface Words {
  /** A text inside JSON; null when it is not there. */
  word(json: string, name: string): string;
  /** A truth value inside JSON, fit to be compared with a column. */
  truth(json: string, name: string): string;
}

export const WORDS: Readonly<Record<Engine['name'], Words>> = {
  sqlite: {
    word: (json, name) => `json_extract(${json}, '$.${name}')`,
    truth: (json, name) => `json_extract(${json}, '$.${name}')`,
  },
  postgres: {
    word: (json, name) => `(${json}::json ->> '${name}')`,
    truth: (json, name) => `(${json}::json ->> '${name}')::boolean`,
  },
};

/** A payment has this flag. */
export const has = (payment: string, flag: string) => `',' || ${payment}.flags || ',' LIKE '%,${flag},%'`;
