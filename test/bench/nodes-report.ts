import { median } from './rounds.ts';

export type Measure = 'callbacks' | 'creates' | 'queries';
export type NodeCount = 1 | 2;

/** Shares are of one core, while the requests were under way. */
export interface Taken {
  readonly rate: number;
  readonly p99: number;
  readonly nodes: readonly number[];
  /** With all its processes. */
  readonly postgres: number;
  /** The load generator and the shop. */
  readonly others: number;
}

/** By number of nodes less one, then by kind, then by round. */
type Results = readonly (readonly (readonly Taken[])[])[];

export interface About {
  readonly payments: number;
  readonly rounds: number;
  readonly share: number;
  readonly how: string;
  /** Of the database. */
  readonly bytes: number;
  readonly cores: number;
  readonly filled: number;
  readonly seconds: number;
  readonly json: boolean;
}

/** Two nodes do at least so much more than one where the nodes are what limits. */
const AIM = 1.6;

/** Prints the tables of docs/scaling.md; false when the aim is missed. */
export function printNodes(
  kinds: readonly Measure[],
  { capped, free }: { readonly capped: Results; readonly free: Results },
  about: About,
): boolean {
  const { share, how, cores, payments, rounds } = about;
  console.log(`\nEach node kept to ${percent(share)} of a core (${how}):\n`);
  const ratios = printTable(kinds, capped);
  console.log(`\nWithout a limit, ${cores} cores for all of it:\n`);
  printTable(kinds, free);
  const missed = kinds.filter((_, at) => !((ratios[at] ?? 0) >= AIM));
  console.log(`\n${kinds.map((kind, at) => `${kind}: ${limitOf(free[1]?.[at] ?? [], cores)}`).join('\n')}`);
  console.log(
    `\n${payments} payments in ${(about.bytes / 1024 ** 3).toFixed(1)} GB, medians of ${rounds} rounds, PostgreSQL with fsync and synchronous_commit; filled in ` +
      `${about.filled.toFixed(0)} s, measured in ${(about.seconds - about.filled).toFixed(0)} s`,
  );
  console.log(missed.length === 0 ? `two ≥ ${AIM} × one: met` : `two ≥ ${AIM} × one: MISSED by ${missed.join(', ')}`);
  if (about.json) console.log(JSON.stringify({ about, capped, free }));
  return missed.length === 0;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const middle = (turns: readonly Taken[], read: (turn: Taken) => number): number => median(turns.map(read));

function printTable(kinds: readonly Measure[], results: Results): readonly number[] {
  console.log('| a second | one node | two nodes | two ÷ one | p99, ms | a node | PostgreSQL | load and shop |');
  console.log('|---|---|---|---|---|---|---|---|');
  return kinds.map((kind, at) => {
    const [one = [], two = []] = [results[0]?.[at], results[1]?.[at]];
    const ratio = median(two.map((turn, round) => turn.rate / (one[round]?.rate ?? Number.NaN)));
    const pair = (read: (turn: Taken) => number, show: (value: number) => string) =>
      `${show(middle(one, read))} / ${show(middle(two, read))}`;
    const cells = [
      kind,
      middle(one, (turn) => turn.rate).toFixed(0),
      middle(two, (turn) => turn.rate).toFixed(0),
      `**${ratio.toFixed(2)}**`,
      pair(
        (turn) => turn.p99,
        (value) => value.toFixed(0),
      ),
      pair(busiest, percent),
      pair((turn) => turn.postgres, percent),
      pair((turn) => turn.others, percent),
    ];
    console.log(`| ${cells.join(' | ')} |`);
    return ratio;
  });
}

const busiest = ({ nodes }: Taken): number => Math.max(...nodes);

/** What there is too little of when nobody is held back. */
function limitOf(turns: readonly Taken[], cores: number): string {
  const nodes = middle(turns, (turn) => turn.nodes.reduce((sum, share) => sum + share, 0));
  const postgres = middle(turns, (turn) => turn.postgres);
  const others = middle(turns, (turn) => turn.others);
  const used = nodes + postgres + others;
  const parts = `nodes ${percent(nodes)}, PostgreSQL ${percent(postgres)}, load and shop ${percent(others)}`;
  return used > 0.85 * cores
    ? `the ${cores} cores of the machine limit: ${parts} of one core`
    : `not the processors alone (${percent(used)} of ${cores * 100} %): ${parts}; the rest is waiting, for commits and locks`;
}
