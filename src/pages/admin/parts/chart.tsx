import { minorToMajor } from '../../../core/money.ts';
import { formatMoney } from '../../format.ts';
import type { Frame } from '../frame.ts';
import { drawCurve, stack } from './chart-geometry.ts';

/** Charts drawn on the server: no script, and nothing inline. What they show stands beside them as text, or as a table. */

const BOX = { width: 720, height: 160 } as const;

export interface ChartDay {
  /** As people write it: `11/28`. */
  readonly label: string;
  /** Minor units. */
  readonly amount: number;
  readonly count: number;
}

/** An area for what came in day by day. */
export function DayChart(props: {
  readonly frame: Pick<Frame, 'say'>;
  readonly days: readonly ChartDay[];
  readonly currency: string;
}) {
  const { frame, days, currency } = props;
  const { say } = frame;
  const { top, line, area } = drawCurve(
    days.map(({ amount }) => minorToMajor(amount, currency)),
    BOX,
  );
  const money = (amount: number) => formatMoney(amount, currency);
  const [first, last] = [days.at(0), days.at(-1)];
  const most = days.reduce<ChartDay | undefined>(
    (best, day) => (day.amount > (best?.amount ?? 0) ? day : best),
    undefined,
  );
  const says = most
    ? say('overview.chart.says', { amount: money(most.amount), day: most.label })
    : say('overview.chart.nothing');
  const step = BOX.width / Math.max(1, days.length - 1);
  return (
    <figure class="chart">
      <div class="chart-top" aria-hidden="true">
        {money(top * minorUnitsOf(currency))}
      </div>
      <svg
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby="days-title days-desc"
      >
        <title id="days-title">{say('overview.chart')}</title>
        <desc id="days-desc">{says}</desc>
        <path class="rule" d={`M0 0H${BOX.width}M0 ${BOX.height / 2}H${BOX.width}M0 ${BOX.height}H${BOX.width}`} />
        <path class="area" d={area} />
        <path class="line" d={line} />
        {days.map((day, at) => (
          <rect key={day.label} class="day" x={at * step - step / 2} y={0} width={step} height={BOX.height}>
            <title>
              {say('overview.chart.day', {
                day: day.label,
                amount: money(day.amount),
                count: sayCount(say, day.count),
              })}
            </title>
          </rect>
        ))}
      </svg>
      <div class="chart-foot" aria-hidden="true">
        <span>{first?.label}</span>
        <span>{days[Math.floor((days.length - 1) / 2)]?.label}</span>
        <span>{last?.label}</span>
      </div>
      <details class="chart-table">
        <summary>{say('overview.chart.table')}</summary>
        <table>
          <caption class="unseen">{say('overview.chart')}</caption>
          <thead>
            <tr>
              <th scope="col">{say('overview.day')}</th>
              <th scope="col">{say('overview.count')}</th>
              <th scope="col">{say('overview.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map((day) => (
              <tr key={day.label}>
                <th scope="row">{day.label}</th>
                <td>{day.count}</td>
                <td>{money(day.amount)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** Minor units of one major unit. */
function minorUnitsOf(currency: string): number {
  return 1 / minorToMajor(1, currency);
}

export interface Share {
  readonly key: string;
  readonly label: string;
  readonly amount: number;
  readonly count: number;
}

/** More than these are put together: nobody tells finer tints apart. */
const MOST_SHARES = 6;

/** One bar of parts with their names below it. */
export function ShareBar(props: {
  readonly frame: Pick<Frame, 'say'>;
  readonly shares: readonly Share[];
  readonly currency: string;
}) {
  const { frame, currency } = props;
  const { say } = frame;
  const shares = putTogether(props.shares, say('overview.others'));
  const segments = stack(
    shares.map(({ amount }) => amount),
    BOX.width,
  );
  return (
    <figure class="shares">
      <svg viewBox={`0 0 ${BOX.width} 16`} preserveAspectRatio="none" role="img" aria-labelledby="shares-title">
        <title id="shares-title">{say('overview.methods')}</title>
        {segments.map(({ x, width }, at) => (
          <rect key={shares[at]?.key} class={`tint-${at}`} x={x} y={0} width={width} height={16} />
        ))}
      </svg>
      <ul>
        {shares.map(({ key, label, amount, count }, at) => (
          <li key={key}>
            <svg class="swatch" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
              <rect class={`tint-${at}`} width="12" height="12" rx="3" />
            </svg>
            <span class="share-name">{label}</span>
            <span class="share-part">{sayShare(segments[at]?.share ?? 0)}</span>
            <span class="share-count">{sayCount(say, count)}</span>
            <span class="share-amount">{formatMoney(amount, currency)}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

function putTogether(shares: readonly Share[], others: string): readonly Share[] {
  if (shares.length <= MOST_SHARES) return shares;
  const [kept, rest] = [shares.slice(0, MOST_SHARES - 1), shares.slice(MOST_SHARES - 1)];
  const sum = (of: 'amount' | 'count') => rest.reduce((total, one) => total + one[of], 0);
  return [...kept, { key: 'others', label: others, amount: sum('amount'), count: sum('count') }];
}

/** `1 payment`, `7 payments`. */
export function sayCount(say: Frame['say'], count: number): string {
  return say(count === 1 ? 'overview.payments.one' : 'overview.payments', { count });
}

/** Whole per cent; what is there and less is not called nothing. */
export function sayShare(share: number): string {
  return share > 0 && share < 0.005 ? '<1%' : `${Math.round(share * 100)}%`;
}
