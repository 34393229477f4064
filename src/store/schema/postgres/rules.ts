import type { SQL } from 'drizzle-orm';
import { type AnyPgColumn, check, index, uniqueIndex } from 'drizzle-orm/pg-core';
import type { IndexRules } from '../rules.ts';

/** The rules of `../rules.ts`, as this engine takes them. */

export const checks = (rules: Readonly<Record<string, SQL>>) =>
  Object.entries(rules).map(([name, condition]) => check(name, condition));

export const indexes = <Name extends string>(t: Readonly<Record<Name, AnyPgColumn>>, rules: IndexRules<Name>) =>
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
      return where ? made.where(where) : made;
    },
  );
