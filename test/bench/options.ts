/** What `npm run bench -- …` takes. */
export const PARTS = ['start', 'query', 'page', 'create', 'callbacks', 'notify', 'statements'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  /** Pending payments in the large installation. */
  readonly rows: number;
  readonly rounds: number;
  readonly parts: ReadonlySet<Part>;
  /** Ends with one line of JSON. */
  readonly json: boolean;
  /** Folder that keeps the filled data for the next runs; null: it is filled anew. */
  readonly reuse: string | null;
  /** Every text that was counted is shown, not only how many there were. */
  readonly showStatements: boolean;
}

export const USAGE = `npm run bench -- [--rows 300000] [--rounds 3] [--only ${PARTS.join(',')}] [--reuse FOLDER] [--json]
BENCH_ROWS is the same as --rows.`;

/** Throws with the usage. */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Options {
  const values = new Map<string, string>();
  let json = false;
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at] ?? '';
    if (name === '--json') json = true;
    else if (['--rows', '--rounds', '--only', '--reuse'].includes(name)) values.set(name, args[++at] ?? '');
    else throw new Error(USAGE);
  }
  const only = values.get('--only')?.split(',') ?? [];
  const wrong = only.filter((name) => !PARTS.some((part) => part === name));
  if (wrong.length > 0) throw new Error(`there is no part ${wrong.join(', ')}\n${USAGE}`);
  const parts = only.length === 0 ? PARTS : PARTS.filter((part) => only.includes(part));
  return {
    rows: readCount(values.get('--rows') ?? env.BENCH_ROWS ?? '300000', 1000),
    rounds: readCount(values.get('--rounds') ?? '3', 1),
    parts: new Set(parts),
    json,
    reuse: values.get('--reuse') ?? null,
    showStatements: only.includes('statements'),
  };
}

function readCount(text: string, least: number): number {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`${text} is not a number from ${least} up\n${USAGE}`);
  return value;
}
