import { parseArgs } from 'node:util';
import { PayCoreError } from '../core/errors.ts';
import { formatDecimal, minorToMajor } from '../core/money.ts';
import type { Report } from '../payments/reports/report.ts';
import { loadConfig } from '../program.ts';
import type { CurrencySum } from '../store/queries/counters.ts';
import { type Print, requireProject } from './command.ts';
import { openProgram } from './system.ts';

export const usage = `paycore report [--project NAME] [--test] [--json]      what came in today, this month, and in thirty days`;

const OPTIONS = {
  project: { type: 'string' },
  test: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** The same figures as the desk's overview; real money only, unless test payments are asked for. */
export async function run(args: readonly string[], print: Print): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { deps, services } = await openProgram(loadConfig(process.env));
  try {
    const project = values.project === undefined ? null : await requireProject(deps, values.project);
    const report = await services.report({ projectId: project?.id ?? null, kind: values.test ? 'test' : 'live' });
    const facts = { project: project?.name ?? null, livemode: !values.test, ...describe(report) };
    print(values.json ? JSON.stringify(facts) : tell(report).join('\n'));
  } catch (error) {
    throw error instanceof PayCoreError ? new Error(error.message) : error;
  } finally {
    await deps.store.close();
  }
}

/** Amounts in major units, like those of the API. */
function describe(report: Report) {
  const sums = (of: readonly CurrencySum[]) =>
    Object.fromEntries(
      of.map(({ currency, amount, count }) => [currency, { amount: minorToMajor(amount, currency), count }]),
    );
  return {
    timezone: report.timezone,
    today: sums(report.today),
    month: sums(report.month),
    days: report.days.map(({ date, sums: own }) => ({ date, ...{ by_currency: sums(own) } })),
    methods: report.methods.map(({ amount, ...one }) => ({ ...one, amount: minorToMajor(amount, one.currency) })),
    outcomes: report.outcomes,
    success_rate: report.successRate,
    pending: report.pending,
  };
}

function tell(report: Report): readonly string[] {
  const { today, month, methods, successRate, outcomes, pending, timezone } = report;
  const rate = successRate === null ? '-' : `${(successRate * 100).toFixed(1)} %`;
  return [
    `today       ${tellSums(today)}   (${timezone})`,
    `this month  ${tellSums(month)}`,
    `paid        ${rate} of the payments made in 30 days that are over: ${outcomes.paid} paid, ${outcomes.failed} failed, ${outcomes.expired} expired`,
    `waiting     ${pending}`,
    ...methods.map(
      ({ gateway, method, currency, amount, count }) =>
        `${`${gateway}/${method}`.padEnd(22)}${formatDecimal(amount, currency).padStart(16)} ${currency}  ${count}`,
    ),
  ];
}

function tellSums(sums: readonly CurrencySum[]): string {
  if (sums.length === 0) return 'nothing yet';
  return sums
    .map(({ currency, amount, count }) => `${formatDecimal(amount, currency)} ${currency} (${count})`)
    .join(', ');
}
