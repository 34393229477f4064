import type { Database } from 'bun:sqlite';
import { PayCoreError } from '../../core/errors.ts';
import { createCounterChanges, mergeCounters } from '../counter-changes.ts';
import { writeCounters } from '../counters.ts';
import type { Tx } from '../tx.ts';
import type { Command } from './engine.ts';
import { createRounds } from './sqlite-rounds.ts';

/**
 * The write queue. Commands that wait share one transaction, and every caller is answered after its commit: a commit waits
 * for the disk (`synchronous=FULL`), so 64 commands that share one cost little more than one alone.
 *
 * A command waits for nothing but the database, whose answers come within microtasks: so a whole batch runs in one turn of
 * the event loop. A batch in which a command throws is rolled back and run again with a savepoint for each; a command that
 * is still not through when the turn ends is given up, and the others run again without it.
 */
export interface WriteQueue {
  write<T>(command: Command<T>): Promise<T>;
  /** Commands are under way: what the connection sees is not committed. */
  isRunning(): boolean;
  /** Runs what is queued; nothing is taken any more. */
  close(): Promise<void>;
}

export const MAX_BATCH = 256;
const MAX_QUEUE = 10_000;

/**
 * How long a command waits while another process writes. SQLite waits by sleeping, and the whole program with it: so it
 * gives up after a moment, and a timer tries again.
 */
const LOCK_LIMIT_MS = 5000;
const ASLEEP_MS = 5;

interface QueueParts {
  /** A transaction to run commands in, as long as it is open. */
  readonly openTx: (isOpen: () => boolean) => Tx;
  /** Called before a transaction begins. */
  readonly beginning: () => void;
  /** Called after every commit, before anybody is answered. */
  readonly committed: () => void;
}

interface Waiting {
  readonly command: Command<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** When it came; of a clock that never goes back. */
  readonly since: number;
}

type Answer = { readonly value: unknown } | { readonly error: unknown };

const GIVEN_UP = 'a store command waited for something other than the database, and was given up';

/** A batch that is run: whether its transaction is still open, and which command is at it. */
interface Running {
  open: boolean;
  current: number;
}

type Outcome = { readonly answers: readonly Answer[] } | { readonly failure: unknown };
type RunCommands = (batch: readonly Waiting[], running: Running) => Promise<readonly Answer[]>;

export function createWriteQueue(database: Database, parts: QueueParts, lockLimitMs = LOCK_LIMIT_MS): WriteQueue {
  database.run(`PRAGMA busy_timeout = ${ASLEEP_MS}`);
  const statements = prepareStatements(database);
  const { runTogether, runApart, runOnce, isRunning } = createRunners(database, statements, parts);
  let queue: Waiting[] = [];
  let closed = false;

  /** The turn is over and the batch is not: somebody in it waits for something else. */
  const giveUp = (batch: readonly Waiting[], running: Running): void => {
    running.open = false;
    rollBack(database);
    batch[running.current]?.reject(new Error(GIVEN_UP));
    queue = [...batch.filter((_, index) => index !== running.current), ...queue];
    rounds.restart();
  };

  /** Somebody else writes: all that have waited for too long hear of it, the others try again in a moment. */
  const waitForLock = (batch: readonly Waiting[], failure: unknown): void => {
    const now = performance.now();
    const isOver = ({ since }: Waiting) => now - since >= lockLimitMs;
    const all = [...batch, ...queue];
    queue = all.filter((one) => !isOver(one));
    rounds.pause();
    for (const { reject } of all.filter(isOver)) reject(nameError(failure));
  };

  const runBatch = async (batch: readonly Waiting[], run: RunCommands): Promise<void> => {
    const running: Running = { open: true, current: 0 };
    const guard = setImmediate(giveUp, batch, running);
    const outcome = await runOnce(batch, run, running);
    if (!running.open) return;
    clearImmediate(guard);
    if ('answers' in outcome) settle(batch, outcome.answers, parts.committed);
    else if (isOfLock(outcome.failure)) waitForLock(batch, outcome.failure);
    else if (run === runTogether && batch.length > 1 && !isOfStorage(outcome.failure)) await runBatch(batch, runApart);
    else for (const { reject } of batch) reject(nameError(outcome.failure));
  };

  const rounds = createRounds({
    hasWork: () => queue.length > 0,
    async run() {
      const batch = queue.slice(0, MAX_BATCH);
      queue = queue.slice(MAX_BATCH);
      if (batch.length > 0) await runBatch(batch, runTogether);
    },
  });

  return {
    isRunning,
    write<T>(command: Command<T>): Promise<T> {
      if (closed || queue.length >= MAX_QUEUE) return Promise.reject(new PayCoreError('STORAGE_UNAVAILABLE'));
      return new Promise<T>((resolve, reject) => {
        queue.push({ command, resolve: resolve as (value: unknown) => void, reject, since: performance.now() });
        rounds.start();
      });
    },
    async close() {
      closed = true;
      await rounds.over();
    },
  };
}

type Statements = ReturnType<typeof prepareStatements>;

function createRunners(database: Database, statements: Statements, { openTx, beginning }: QueueParts) {
  let running: Running | null = null;

  /** All in one; whoever throws ends it for all. */
  const runTogether: RunCommands = async (batch, running) => {
    const tx = openTx(() => running.open);
    const answers: Answer[] = [];
    for (const [index, { command }] of batch.entries()) {
      running.current = index;
      answers.push({ value: await command(tx) });
      // Given up meanwhile: the others have been run again by then.
      if (!running.open) return answers;
    }
    await writeCounters(tx, tx.counters);
    return answers;
  };

  /** Each behind a savepoint; whoever throws is taken back alone. */
  const runApart: RunCommands = async (batch, running) => {
    const counted = createCounterChanges();
    const answers: Answer[] = [];
    for (const [index, { command }] of batch.entries()) {
      running.current = index;
      const tx = openTx(() => running.open);
      statements.savepoint();
      try {
        answers.push({ value: await command(tx) });
        mergeCounters(counted, tx.counters);
      } catch (error) {
        // SQLITE_FULL and its like have rolled everything back already; then there is no savepoint left.
        if (!running.open || !database.inTransaction) throw error;
        statements.rollBackTo();
        answers.push({ error });
      }
      if (!running.open) return answers;
      statements.release();
    }
    await writeCounters(
      openTx(() => running.open),
      counted,
    );
    return answers;
  };

  /** Begins, runs and commits; when that cannot be done, nothing of it is there. */
  const runOnce = async (batch: readonly Waiting[], run: RunCommands, current: Running): Promise<Outcome> => {
    running = current;
    try {
      beginning();
      statements.begin();
      const answers = await run(batch, current);
      if (current.open) statements.commit();
      return { answers };
    } catch (failure) {
      if (current.open) rollBack(database);
      return { failure };
    } finally {
      if (running === current) running = null;
    }
  };

  return { runTogether, runApart, runOnce, isRunning: () => running?.open === true };
}

function settle(batch: readonly Waiting[], answers: readonly Answer[], committed: () => void): void {
  committed();
  batch.forEach(({ resolve, reject }, index) => {
    const answer = answers[index];
    if (answer && 'value' in answer) resolve(answer.value);
    else reject(nameError(answer?.error));
  });
}

function prepareStatements(database: Database) {
  const prepare = (text: string) => {
    const native = database.prepare(text);
    return () => void native.run();
  };
  return {
    begin: prepare('BEGIN IMMEDIATE'),
    commit: prepare('COMMIT'),
    savepoint: prepare('SAVEPOINT command'),
    release: prepare('RELEASE command'),
    rollBackTo: prepare('ROLLBACK TO command'),
  };
}

/** A disk that fails may fail here too; the callers must hear of it all the same, and the next batch tries again. */
function rollBack(database: Database): void {
  try {
    if (database.inTransaction) database.run('ROLLBACK');
  } catch {
    // What cannot be rolled back was not committed either.
  }
}

/** SQLite's own errors: disk full, read-only, busy, I/O. */
function isOfStorage(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CANTOPEN|NOMEM)/.test(code);
}

/** Another connection is writing: nothing of the batch is there, and it may be run again. */
function isOfLock(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^SQLITE_(BUSY|LOCKED)/.test(code);
}

/** They become one that callers may try again after. */
function nameError(error: unknown): unknown {
  return isOfStorage(error) ? new PayCoreError('STORAGE_UNAVAILABLE', { cause: error }) : error;
}
