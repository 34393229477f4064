/** What is known of a backup that was just made. */
export interface BackupFacts {
  readonly file: string;
  readonly bytes: number;
  readonly schema: number;
  /** How many rules were tried on it. */
  readonly checks: number;
  /** Rules that the ledger breaks, in the copy as in the original. */
  readonly broken: readonly string[];
  /** Null: it is in the environment. */
  readonly master_key: string | null;
}

/** Why there is no backup, for whoever asked for one. */
export class BackupFailure extends Error {
  override readonly name = 'BackupFailure';
}
