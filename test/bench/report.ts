import type { Aim } from './aims.ts';
import { type Comparison, type Figures, SIDES, type SideName } from './rounds.ts';

/** What is printed, and the same as one JSON line. */
export interface Result {
  readonly name: string;
  readonly aims: readonly Aim[];
  readonly comparison?: Comparison;
  /** SQL statements a callback. */
  readonly statements?: number;
  /** Figures that compare with nothing. */
  readonly values?: Readonly<Record<string, number | null>>;
}

type Row = readonly string[];

const whole = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '–' : String(Math.round(value));
const fixed = (value: number | undefined, digits: number): string =>
  value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);
const kilobytes = (value: number | undefined): string => fixed(value === undefined ? value : value / 1024, 1);

/** In a few words, for whoever watches. */
export function summarize({ comparison, aims }: Result): string {
  const rates = SIDES.flatMap((name) => {
    const figures = comparison?.figures[name];
    return figures ? `${name} ${whole(figures.rate)}/s` : [];
  });
  return [...rates, verdicts(aims)].join(', ');
}

export function printCallbacks(results: readonly Result[]): void {
  const triple = (figures: Comparison['figures'], show: (one: Figures) => string) =>
    SIDES.map((name) => (figures[name] ? show(figures[name]) : '–')).join(' / ');
  printTable([
    [
      'callbacks: PayCore / group / single',
      'a second',
      '×group',
      '×single',
      'p50 ms',
      'p99 ms',
      'CPU µs',
      'disk KB',
      'write() KB',
      'statements',
      'load',
      'aims',
    ],
    ...results.map(({ name, comparison, statements, aims }): Row => {
      const { figures, ratios } = comparison ?? { figures: {}, ratios: {} };
      return [
        name,
        triple(figures, (one) => whole(one.rate)),
        fixed(ratios.group, 2),
        fixed(ratios.single, 2),
        triple(figures, (one) => fixed(one.p50, 1)),
        triple(figures, (one) => fixed(one.p99, 1)),
        triple(figures, (one) => whole(one.usage.cpuMicros)),
        triple(figures, (one) => kilobytes(one.usage.written)),
        triple(figures, (one) => kilobytes(one.usage.handed)),
        fixed(statements, 1),
        busiest(figures),
        verdicts(aims),
      ];
    }),
  ]);
}

export function printOthers(results: readonly Result[]): void {
  const rate = (comparison: Comparison | undefined, side: SideName) => whole(comparison?.figures[side]?.rate);
  const mine = (comparison: Comparison | undefined) => comparison?.figures.PayCore;
  printTable([
    ['others', 'PayCore/s', 'by hand/s', 'ratio', 'p50 ms', 'p99 ms', 'CPU µs', 'CPU by hand', 'load', 'aims'],
    ...results.map(
      ({ name, comparison, aims }): Row => [
        name,
        rate(comparison, 'PayCore'),
        rate(comparison, 'single'),
        fixed(comparison?.ratios.single, 2),
        fixed(mine(comparison)?.p50, 2),
        fixed(mine(comparison)?.p99, 2),
        whole(mine(comparison)?.usage.cpuMicros),
        whole(comparison?.figures.single?.usage.cpuMicros),
        busiest(comparison?.figures ?? {}),
        verdicts(aims),
      ],
    ),
  ]);
}

export function printAims(results: readonly Result[]): void {
  const rows = results.flatMap(({ name, aims }) =>
    aims.map((aim): Row => [name, aim.what, fixed(aim.value, aim.limit < 10 ? 2 : 0), verdict(aim)]),
  );
  const met = results.flatMap(({ aims }) => aims).filter((aim) => aim.met).length;
  printTable([['aims', '', 'is', `${met} of ${rows.length} met`], ...rows]);
}

/** How much of a core the load generator took at most: near 100 % it would have measured itself. */
function busiest(figures: Comparison['figures']): string {
  const shares = SIDES.flatMap((name) => figures[name]?.loadBusy ?? []);
  return `${whole(Math.max(...shares) * 100)} %`;
}

const verdict = ({ met }: Aim): string => (met ? 'met' : 'MISSED');
const verdicts = (aims: readonly Aim[]): string =>
  aims.map((aim) => `${aim.what.replace(/^(.*) ([≥≤] .*)$/, '$2')} ${verdict(aim)}`).join(', ');

function printTable(rows: readonly Row[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isText = (column: number) => column === 0 || column === widths.length - 1;
  for (const row of rows) {
    const cells = row.map((cell, at) => (isText(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)));
    console.log(cells.join('  ').trimEnd());
  }
  console.log('');
}
