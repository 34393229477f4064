import type { Connection } from './postgres-connection.ts';
import { codeOf } from './postgres-errors.ts';

/** How far a transaction came: once COMMIT was sent, nobody knows its end unless the server says it. */
export interface Progress {
  isCommitting: boolean;
}

const AFTER_A_FAILURE = '25P02';

/**
 * Runs `work` in one transaction on a connection that nobody else uses meanwhile. Whatever fails in it fails the whole,
 * also when `work` thinks nothing of it.
 */
export async function inTransaction<T>(
  connection: Connection,
  work: (within: Connection) => Promise<T>,
  progress: Progress = { isCommitting: false },
): Promise<T> {
  const state: State = { isOpen: true, failure: null };
  let value: T;
  try {
    await connection.ask('BEGIN');
    value = await work(watch(connection, state));
    if (state.failure !== null) throw state.failure;
    state.isOpen = false;
  } catch (error) {
    state.isOpen = false;
    await rollBack(connection);
    throw codeOf(error) === AFTER_A_FAILURE && state.failure !== null ? state.failure : error;
  }
  progress.isCommitting = true;
  await commit(connection);
  return value;
}

interface State {
  isOpen: boolean;
  /** The first one. */
  failure: unknown;
}

/** A statement that comes after the end of its transaction would be one of its own, or another command's. */
function watch(connection: Connection, state: State): Connection {
  const within = async <T>(run: () => Promise<T>): Promise<T> => {
    if (!state.isOpen)
      throw new Error('a statement came after the end of its transaction: its command must wait for it');
    try {
      return await run();
    } catch (error) {
      state.failure ??= error;
      throw error;
    }
  };
  return {
    ...connection,
    ask: (text) => within(() => connection.ask(text)),
    query: (text, values) => within(() => connection.query(text, values)),
  };
}

async function rollBack(connection: Connection): Promise<void> {
  if (connection.isLost()) return;
  try {
    await connection.ask('ROLLBACK');
  } catch {
    connection.destroy();
  }
}

async function commit(connection: Connection): Promise<void> {
  try {
    const answer = await connection.ask('COMMIT');
    // A transaction that has failed answers a COMMIT with ROLLBACK, as if nothing were wrong.
    if ((answer as { command?: string }).command !== 'ROLLBACK') return;
  } catch (error) {
    connection.destroy();
    throw error;
  }
  throw new Error('the transaction was taken back at its end, although no statement of it had failed');
}
