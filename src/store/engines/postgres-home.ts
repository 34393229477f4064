import { MARK_NAMES, type MarkName } from '../move/marks.ts';
import type { Connection } from './postgres-connection.ts';

/**
 * Who holds the schema keeps a move away. A process that lost all its connections does not, until it has one again: the data
 * may have left the database in between, which its first look at the start could not tell.
 */

/** The data is at another place now. */
export class MovedMeanwhile extends Error {
  constructor() {
    super(
      'paycore move was at work on the database while this node could not reach it, and the data is not here any more. ' +
        'Start this node again: it says where the data is.',
    );
  }
}

interface Mark {
  readonly name: MarkName;
  readonly value: string;
}

export const readHomeMarks = ({ ask }: Pick<Connection, 'ask'>): Promise<readonly Mark[]> =>
  ask<Mark>(`SELECT name, value FROM settings WHERE name IN ('${MARK_NAMES.join("', '")}')`);

/**
 * For a connection that holds the schema already, before any statement of a command. `known`: what the process found when it
 * started, and went on in spite of.
 */
export async function requireSameHome(connection: Connection, known: readonly Mark[]): Promise<void> {
  const marks = await readHomeMarks(connection);
  const isKnown = ({ name, value }: Mark) => known.some((one) => one.name === name && one.value === value);
  if (marks.some((mark) => mark.name !== 'moving_to' && !isKnown(mark))) throw new MovedMeanwhile();
  // Broken off: what was copied by then counts no more when somebody goes on here.
  if (marks.some(({ name }) => name === 'moving_to')) {
    await connection.ask("DELETE FROM settings WHERE name = 'moving_to'");
  }
}
