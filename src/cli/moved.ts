import { formatInstant } from '../core/time.ts';
import type { Engine } from '../store/engines/engine.ts';
import { dropMark, halfOf, readMarks } from '../store/move/marks.ts';
import { CommandFailure } from './failure.ts';

/**
 * For who keeps a move away already. Throws CommandFailure where the data is elsewhere, or not whole yet: a payment that is
 * made here would be in one ledger and its money in another.
 */
export async function requireHome(engine: Engine, name: string): Promise<void> {
  const { moving_to, moved_to, moving_from } = await readMarks(engine.reader);
  if (moved_to) {
    const where = moved_to.to.startsWith('postgres') ? `PAYCORE_DATABASE_URL to ${moved_to.to}` : placeOf(moved_to.to);
    throw new CommandFailure(
      `the data that was in ${name} was moved to ${moved_to.to} at ${formatInstant(moved_to.at)}. ` +
        `Set ${where}; what is here is old, and only paycore doctor and backups read it. ` +
        'To have it here again, move it back: paycore move, with the settings of the new place.',
    );
  }
  if (moving_from) throw new CommandFailure(`${halfOf(name, moving_from)}.`);
  // Broken off: what was copied by then counts no more when somebody goes on here.
  if (moving_to) await engine.write((tx) => dropMark(tx, 'moving_to'));
}

const placeOf = (file: string): string =>
  `PAYCORE_DATA_DIR to the folder of ${file}, where it has to be paycore.db, and PAYCORE_DATABASE_URL to nothing`;
