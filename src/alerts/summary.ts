import type { Alert } from '../core/alert.ts';
import { showMoney } from '../core/payment-alerts.ts';
import { formatWall, instantOnDay, startOfPeriods } from '../core/zone.ts';
import type { Deps } from '../deps.ts';
import type { CurrencySum } from '../store/queries/counters.ts';
import type { Channel } from './channels.ts';
import { type Letter, writeFoot } from './letter.ts';
import { speakAlerts } from './words.ts';

/** What came in yesterday and what needs a person: once a day by e-mail, at a time of the merchant's day. */

export interface SummaryPlan {
  /** It goes out from then on. */
  readonly dueAt: number;
  /** The day that it is sent on, yyyy-mm-dd. */
  readonly day: string;
  /** The day before. */
  readonly from: number;
  readonly to: number;
}

/** Today's; one that is missed by more than a day is not made up for. */
export function planSummary(now: number, zone: string, at: string): SummaryPlan {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const to = startOfPeriods(now, zone).day;
  return {
    dueAt: instantOnDay(now, zone, hours * 60 + minutes),
    day: formatWall(now, zone).slice(0, 10),
    from: startOfPeriods(to - 1, zone).day,
    to,
  };
}

/** When the next one is to be written; null: nobody wants any. */
export function nextSummary({ isOn, config, lastDay }: Channel<'summary'>, now: number, zone: string): number | null {
  if (!isOn) return null;
  const today = planSummary(now, zone, config.at);
  if (lastDay === null || lastDay < today.day) return today.dueAt;
  const tomorrow = startOfPeriods(today.to + 36 * 3_600_000, zone).day;
  return planSummary(tomorrow, zone, config.at).dueAt;
}

/** What needs a person, counted by what it is. */
export type CountAttention = () => Promise<readonly { readonly title: string; readonly count: number }[]>;

type Parts = Pick<Deps, 'config' | 'publicUrl' | 'store'>;

/** Live money alone. */
export async function writeSummary(deps: Parts, { data }: Alert, countAttention: CountAttention): Promise<Letter> {
  const { config, publicUrl, store } = deps;
  const say = speakAlerts(config.locale);
  const [from, to] = [Number(data.from), Number(data.to)];
  const day = formatWall(from, config.timezone).slice(0, 10);
  const sumOf = (projectId: number | null) => store.sumPaid({ projectId, keyKind: 'live' }, from, to);
  const lines = (sums: readonly CurrencySum[]) =>
    sums.length === 0
      ? [`  ${say('alerts.summary.nothing')}`]
      : sums.map(
          ({ currency, amount, count }) =>
            `  ${say('alerts.summary.line', { amount: showAmount(amount, currency), count })}`,
        );
  const projects = await store.listProjects();
  const parts: string[] = [say('alerts.summary.head', { day })];
  for (const { id, name } of projects) parts.push([name, ...lines(await sumOf(id))].join('\n'));
  if (projects.length !== 1) parts.push([say('alerts.summary.total'), ...lines(await sumOf(null))].join('\n'));
  const needs = await countAttention();
  const listed = needs.map(({ title, count }) => `  ${say('alerts.summary.kind', { title, count })}`);
  parts.push(
    needs.length === 0
      ? say('alerts.summary.calm')
      : [say('alerts.summary.attention'), ...listed, `  ${publicUrl}/admin/attention`].join('\n'),
  );
  return {
    subject: `PayCore: ${say('alerts.summary.subject', { day })}`,
    text: [...parts, writeFoot(deps)].join('\n\n'),
  };
}

/** With marks between thousands: it is read, not computed with. */
function showAmount(minor: number, currency: string): string {
  return showMoney(minor, currency).replace(/\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));
}
