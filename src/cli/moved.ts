import { formatInstant } from '../core/time.ts';
import type { Engine } from '../store/engines/engine.ts';
import type { Leave } from '../store/migrations.ts';
import { dropMark, halfOf, readMarks } from '../store/move/marks.ts';
import { CommandFailure } from './failure.ts';

/**
 * Throws CommandFailure where the data is elsewhere, or not whole yet: a payment that is made here would be in one ledger
 * and its money in another.
 */
export async function requireHome(engine: Engine, name: string, leave: Leave): Promise<void> {
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
  if (!moving_to) return;
  // Broken off: what was copied by then counts no more when somebody goes on here.
  const given = leave.ask();
  if (!given) throw new CommandFailure(`${name} is being moved to ${moving_to.to}: wait until that is through.`);
  try {
    await engine.write((tx) => dropMark(tx, 'moving_to'));
  } finally {
    given.release();
  }
}

const placeOf = (file: string): string =>
  `PAYCORE_DATA_DIR to the folder of ${file}, where it has to be paycore.db, and PAYCORE_DATABASE_URL to nothing`;
