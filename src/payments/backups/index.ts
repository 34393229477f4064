import { defineErrors, PayCoreError } from '../../core/errors.ts';
import { DAY, taipeiDay } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import { type BackupFacts, BackupFailure } from './facts.ts';
import { clearUnfinished, findBackup, type KeptBackup, listBackups, nameBackup, removeBackup } from './shelf.ts';

/** None of the API's. */
const errors = defineErrors({ BACKUP_FAILED: [500, 'No backup was made. The log says why.'] });

/** Makes a backup and has looked it through; throws BackupFailure. In another process, where there is one. */
export type MakeBackup = (file: string) => Promise<BackupFacts>;

/** In this process, whose requests wait meanwhile. */
const makeHere =
  ({ config }: Parts): MakeBackup =>
  async (file) =>
    (await import('./make.ts')).makeBackup(config, file);

/** The newest good one should not be older. */
const OLD_MS = 2 * DAY;

export interface BackupOverview {
  /** Null: this engine has tools of its own for it. */
  readonly files: readonly KeptBackup[] | null;
  /** The newest that breaks no rule. */
  readonly lastGood: KeptBackup | null;
  /** There is none, or it is too old. */
  readonly isDue: boolean;
  /** Since when one is being made; null: none is. */
  readonly runningSince: number | null;
  /** How the last one failed that this process made. */
  readonly lastFailure: { readonly at: number; readonly reason: string } | null;
}

type Parts = Pick<Deps, 'config' | 'clock' | 'store' | 'log' | 'sleep'>;

/** Backups of the data directory: one is made at a time. */
export function createBackups(deps: Parts, make = makeHere(deps)) {
  const { config, clock } = deps;
  const { dataDir, databaseUrl } = config;
  let running: { readonly since: number; readonly done: Promise<BackupFacts> } | null = null;
  let lastFailure: BackupOverview['lastFailure'] = null;

  const makeOne = async (): Promise<BackupFacts> => {
    try {
      clearUnfinished(dataDir, clock.now());
      const facts = await make(nameBackup(dataDir, clock.now()));
      lastFailure = null;
      return facts;
    } catch (error) {
      lastFailure = { at: clock.now(), reason: error instanceof Error ? error.message : String(error) };
      await tellOfFailure(deps, error, lastFailure.reason);
      throw error;
    } finally {
      running = null;
    }
  };

  return {
    overview(): BackupOverview {
      const files = databaseUrl === null ? listBackups(dataDir) : null;
      const lastGood = files?.find(({ broken }) => broken?.length === 0) ?? null;
      return {
        files,
        lastGood,
        isDue: files !== null && (lastGood === null || lastGood.at < clock.now() - OLD_MS),
        runningSince: running?.since ?? null,
        lastFailure,
      };
    },

    /** Makes one, or joins the one that is being made. Throws BACKUP_FAILED. */
    async make(): Promise<BackupFacts> {
      if (databaseUrl !== null) throw failure('The data is in PostgreSQL, which has pg_dump for it.');
      running ??= { since: clock.now(), done: makeOne() };
      return running.done.catch((error) => {
        throw failure(error instanceof Error ? error.message : String(error), error);
      });
    },

    find: (name: string) => (databaseUrl === null ? findBackup(dataDir, name) : null),
    /** False when there is none of that name. */
    remove: (name: string): boolean => databaseUrl === null && removeBackup(dataDir, name),
  };
}

export type Backups = ReturnType<typeof createBackups>;

function failure(message: string, cause?: unknown): PayCoreError {
  return new PayCoreError(errors.BACKUP_FAILED, { message, cause });
}

/** Nobody finds out from a backup that is missing until it is needed. Told once a day. */
async function tellOfFailure({ store, clock, log }: Parts, error: unknown, reason: string): Promise<void> {
  log.error('backup failed', error instanceof BackupFailure ? { reason } : { error });
  const now = clock.now();
  await store
    .raiseAlert({ kind: 'backup_failed', about: taipeiDay(now), data: { reason: reason.slice(0, 300) } }, now)
    .catch((cause) => log.error('alert could not be written', { error: cause }));
}
