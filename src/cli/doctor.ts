import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { loadConfig } from '../program.ts';
import type { RepairedFigures } from '../store/commands/repair-figures.ts';
import { FIGURE_RULES } from '../store/integrity/figures.ts';
import { countMigrations } from '../store/known-schema.ts';
import type { Print } from './command.ts';
import { checkDatabase } from './doctor/database.ts';
import { bad, type Finding, formatFinding, summarize } from './doctor/finding.ts';
import { checkMachine } from './doctor/machine.ts';
import { CommandFailure } from './failure.ts';
import { openInspector } from './inspect.ts';
import { openData } from './open.ts';

export const usage = `paycore doctor [--json]         looks whether everything is right, also while the server runs
paycore doctor --repair [--json]                      makes counts and sums anew from the payments`;

const OPTIONS = { json: { type: 'boolean', default: false }, repair: { type: 'boolean', default: false } } as const;

export async function run(args: readonly string[], print: Print): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const config = loadConfig(process.env);
  const first = await examine(config);
  const repaired = values.repair ? await repair(config, first) : {};
  const findings = Object.keys(repaired).length > 0 ? await examine(config) : first;
  const wrong = findings.filter(({ state }) => state === 'bad').length;
  if (values.json) print(JSON.stringify({ ok: wrong === 0, repaired, checks: findings }));
  else print([...describeRepair(repaired), ...findings.flatMap(formatFinding), summarize(findings)].join('\n'));
  if (wrong > 0) throw new CommandFailure(`${wrong === 1 ? 'one check is' : `${wrong} checks are`} bad.`);
}

async function examine(config: Config): Promise<readonly Finding[]> {
  const now = Date.now();
  const machine = checkMachine(config, now);
  try {
    const inspector = await openInspector(config);
    try {
      return [...machine, ...(await checkDatabase(inspector, config, countMigrations(config), now))];
    } finally {
      await inspector.close();
    }
  } catch (error) {
    const remedy = 'Set PAYCORE_DATA_DIR or PAYCORE_DATABASE_URL to where your data is, as the server has it.';
    return [...machine, bad('database', (error as Error).message, remedy)];
  }
}

/** Nothing is written where nothing of it is wrong, nor into a file that is damaged. */
async function repair(config: Config, findings: readonly Finding[]): Promise<RepairedFigures> {
  const isBad = (name: string) => findings.some(({ check, state }) => check === name && state !== 'ok');
  if (isBad('damaged_storage') || !Object.keys(FIGURE_RULES).some(isBad)) return {};
  const { store } = await openData(config);
  try {
    return await store.repairFigures();
  } finally {
    await store.close();
  }
}

function describeRepair(repaired: RepairedFigures): readonly string[] {
  return Object.entries(repaired).map(([name, found]) => `mended ${name}: ${found} ${found === 1 ? 'row' : 'rows'}`);
}
