import { createLog, type LogFields } from '../../src/log.ts';

/** A log whose lines are kept. */
export function capture(level: 'debug' | 'info' | 'warn' | 'error' = 'debug') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, now: () => 0, write: (line) => lines.push(line) }) };
}

/** The one line that a message makes, and what it says. */
export function entryOf(message: string, fields?: LogFields): { line: string; entry: Record<string, unknown> } {
  const { lines, log } = capture();
  log.info(message, fields);
  const line = lines[0] ?? '';
  return { line, entry: JSON.parse(line) };
}
