/** What one check came to. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'bad';
  readonly message: string;
  /** What to do; null where nothing is to be done. */
  readonly remedy: string | null;
  /** The first rows that break a rule. */
  readonly rows: readonly object[];
}

export const ok = (check: string, message: string): Finding => ({
  check,
  state: 'ok',
  message,
  remedy: null,
  rows: [],
});
export const warn = (check: string, message: string, remedy: string): Finding => ({
  ...{ check, state: 'warn', message, remedy, rows: [] },
});
export const bad = (check: string, message: string, remedy: string): Finding => ({
  ...{ check, state: 'bad', message, remedy, rows: [] },
});

/** For a person: what is well in one line, what is not with its rows and what to do. */
export function formatFinding({ check, state, message, remedy, rows }: Finding): readonly string[] {
  const lines = [`${state.padEnd(5)}${check}${message === '' ? '' : `: ${message}`}`];
  const shown = rows.map((row) => `       ${JSON.stringify(row)}`);
  return [...lines, ...shown, ...(remedy === null ? [] : [`       → ${remedy}`])];
}

export function summarize(findings: readonly Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  return `${findings.length} checks: ${count('ok')} ok, ${count('warn')} to look at, ${count('bad')} bad`;
}
