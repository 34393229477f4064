import { checkRules, type Inspector } from '../integrity/check.ts';
import type { Reader } from '../tx.ts';
import { type Compared, compareTable, SPELLINGS } from './compare.ts';
import { CopyDiffers, type Held } from './held.ts';
import { CARRIED, type CarriedTable } from './tables.ts';

/** What is looked at before a move counts: every row, what the money comes to, and the rules of the ledger. */

/** An end as it is looked at. */
export interface Looked {
  readonly held: Held;
  readonly reader: Reader;
}

export interface Sum {
  readonly currency: string;
  readonly payments: number;
  /** Minor units. */
  readonly amount: number;
  readonly refunded: number;
}

export interface Verified {
  readonly tables: readonly Compared[];
  readonly sums: readonly Sum[];
  /** How many rules were asked. */
  readonly checks: number;
  /** Rules that the data breaks at both ends alike: nothing that the move has done. */
  readonly broken: readonly string[];
}

export type Compares = (table: CarriedTable) => void;

/** Throws CopyDiffers with what differs. */
export async function verify(source: Looked, target: Looked, told: Compares): Promise<Verified> {
  const tables: Compared[] = [];
  for (const table of CARRIED) {
    told(table);
    tables.push(await compareTable(source.reader, target.reader, table, SPELLINGS[target.held.inspector.engine]));
    await Promise.all([source.held.requireHeld(), target.held.requireHeld()]);
  }
  const different = tables.filter(({ differences }) => differences > 0);
  if (different.length > 0) throw new CopyDiffers(`the copy differs: ${different.map(describe).join('; ')}`);
  const [sums, theirs] = [await readSums(source.held.inspector), await readSums(target.held.inspector)];
  if (JSON.stringify(sums) !== JSON.stringify(theirs)) {
    throw new CopyDiffers(`paid money differs: ${JSON.stringify(sums)} there, ${JSON.stringify(theirs)} here`);
  }
  return { tables, sums, ...(await checkLedgers(source.held.inspector, target.held.inspector)) };
}

const describe = ({ table, differences, examples }: Compared): string =>
  `${table} in ${differences} rows (${examples.join(', ')})`;

const SUMS = `
  SELECT currency, count(*) AS payments, sum(amount) AS amount, sum(refunded) AS refunded
  FROM payments WHERE status = 'paid' GROUP BY currency ORDER BY currency`;

async function readSums(inspector: Inspector): Promise<readonly Sum[]> {
  const rows = await inspector.all<Record<keyof Sum, unknown>>(SUMS);
  return rows.map(({ currency, payments, amount, refunded }) => ({
    ...{ currency: String(currency), payments: Number(payments), amount: Number(amount), refunded: Number(refunded) },
  }));
}

/** The source is asked only where the target breaks a rule. */
async function checkLedgers(source: Inspector, target: Inspector): Promise<Pick<Verified, 'checks' | 'broken'>> {
  const checked = await checkRules(target);
  const broken = checked.filter(({ found, weight }) => found > 0 && weight === 'bad');
  if (broken.length === 0) return { checks: checked.length, broken: [] };
  const before = new Map((await checkRules(source)).map(({ name, found }) => [name, found]));
  const own = broken.filter(({ name, found }) => before.get(name) !== found);
  if (own.length > 0) {
    throw new CopyDiffers(`the copy breaks rules that its source keeps: ${own.map(({ name }) => name).join(', ')}`);
  }
  return { checks: checked.length, broken: broken.map(({ name }) => name) };
}
