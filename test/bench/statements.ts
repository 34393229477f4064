/**
 * How many SQL statements a callback costs: `bun statements.ts JOB.json` serves a small data directory inside itself and
 * counts what its connection is asked to run while callbacks come in, background work included. Whatever builds the
 * statements, in the end it prepares them with bun:sqlite.
 */
import { Database } from 'bun:sqlite';
import { readFileSync } from 'node:fs';
import { FORM_TYPE } from '../binary/support/ecpay.ts';
import { CALLBACK_PATH } from './callbacks.ts';
import { serveHere } from './fill.ts';

export interface StatementJob {
  readonly env: Readonly<Record<string, string>>;
  readonly inFlight: number;
  /** Bodies of callbacks that come before anything is counted. */
  readonly warmUp: readonly string[];
  readonly bodies: readonly string[];
}

export interface Statements {
  readonly perCallback: number;
  /** Text and times a callback, the most frequent first. */
  readonly texts: readonly (readonly [text: string, times: number])[];
}

const RUNS = ['run', 'get', 'all', 'values', 'iterate', 'raw'] as const;

/** Tells `heard` of the text of every statement that any connection of this process runs from now on. */
export function countStatements(heard: (text: string) => void): void {
  const known = new WeakSet<object>();
  const watch = (statement: object, text: string) => {
    if (known.has(statement)) return;
    known.add(statement);
    for (const name of RUNS) replace(statement, name, () => heard(text));
  };
  // `query` and `transaction` prepare by a method of their own that has a symbol for a name. `run` and `exec` go to SQLite
  // directly.
  const hidden = Object.getOwnPropertySymbols(Database.prototype).filter((one) =>
    /prepare/i.test(one.description ?? ''),
  );
  for (const name of ['prepare', 'query', ...hidden]) {
    const original: unknown = Reflect.get(Database.prototype, name);
    if (typeof original !== 'function') continue;
    Reflect.set(Database.prototype, name, function (this: unknown, ...args: unknown[]) {
      const statement: unknown = Reflect.apply(original, this, args);
      if (typeof statement === 'object' && statement !== null) watch(statement, String(args[0]));
      return statement;
    });
  }
  for (const name of ['run', 'exec'] as const) replace(Database.prototype, name, (text) => heard(String(text)));
}

function replace(target: object, name: string, before: (first: unknown) => void): void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== 'function') return;
  Reflect.set(target, name, function (this: unknown, ...args: unknown[]) {
    before(args[0]);
    return Reflect.apply(original, this, args);
  });
}

async function count(job: StatementJob): Promise<Statements> {
  const counts = new Map<string, number>();
  let counting = false;
  countStatements((text) => {
    if (counting) counts.set(text, (counts.get(text) ?? 0) + 1);
  });
  const { port } = await serveHere(job.env);
  const sendAll = async (bodies: readonly string[]) => {
    let next = 0;
    const lane = async () => {
      for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await send(port, body);
    };
    await Promise.all(Array.from({ length: job.inFlight }, lane));
  };
  await sendAll(job.warmUp);
  counting = true;
  await sendAll(job.bodies);
  counting = false;
  const total = [...counts.values()].reduce((sum, times) => sum + times, 0);
  const texts = [...counts].sort(([, a], [, b]) => b - a);
  return {
    perCallback: total / job.bodies.length,
    texts: texts.map(([text, times]) => [text.replace(/\s+/g, ' ').trim(), times / job.bodies.length] as const),
  };
}

async function send(port: number, body: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}${CALLBACK_PATH}`, {
    method: 'POST',
    headers: { 'content-type': FORM_TYPE },
    body,
  });
  if ((await answer.text()) !== '1|OK') throw new Error(`a callback was answered with ${answer.status}`);
}

if (import.meta.main) {
  const job: StatementJob = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
  console.log(JSON.stringify(await count(job)));
  process.exit(0);
}
