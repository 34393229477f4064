import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { resolveAsset } from '../assets.ts';
import type { Config } from '../config.ts';
import { createVault, type Vault } from '../security/vault.ts';
import { createDb, type Db, openDatabase } from '../store/db.ts';
import { createStore } from '../store/index.ts';
import { migrate, readMigrations } from '../store/migrate.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import type { Store } from '../store/store.ts';
import { CommandFailure } from './failure.ts';

/** Data directory, database and master key: what every command that touches data starts with. */
export interface Opened {
  readonly db: Db;
  readonly store: Store;
  readonly vault: Vault;
  /** Steps of the schema that were applied just now. */
  readonly migrated: number;
}

/** Payers' names and addresses are for the owner of the process only. */
const PRIVATE = 0o077;

export function openData(config: Config): Opened {
  process.umask(PRIVATE);
  makeDataFolder(config.dataDir);
  const { database, migrated } = openMigrated(config.dataDir);
  const known = readSetting(database, 'master_key_id');
  const vault = createVault(config.masterKey ?? readMasterKey(config.dataDir, known), randomBytes);
  if (known === null) writeSetting(database, 'master_key_id', vault.keyId);
  else if (known !== vault.keyId) {
    database.close(false);
    throw new CommandFailure(
      `the data in ${config.dataDir} was encrypted with another master key (id ${known}), this one has id ${vault.keyId}. ` +
        'Put back the right master.key file, or set PAYCORE_MASTER_KEY to it.',
    );
  }
  const db = createDb(database);
  return { db, store: createStore(db, randomBytes), vault, migrated };
}

/** Throws CommandFailure, with the file and the reason, when the database cannot be opened or brought up to date. */
function openMigrated(folder: string): { database: ReturnType<typeof openDatabase>; migrated: number } {
  const path = join(folder, 'paycore.db');
  try {
    const database = openDatabase(path);
    return {
      database,
      migrated: migrate(database, readMigrations(resolveAsset('migrations')), join(folder, 'backups')),
    };
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    throw new CommandFailure(`${path} cannot be used: ${reason}`);
  }
}

export function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CommandFailure(`PAYCORE_DATA_DIR ${folder} cannot be made: ${(cause as Error).message}`);
  }
}

/** The key in the data directory; made on the first start, readable by its owner only. */
function readMasterKey(folder: string, knownId: string | null): Uint8Array {
  const path = join(folder, 'master.key');
  if (!existsSync(path)) {
    if (knownId !== null) {
      throw new CommandFailure(
        `${path} is missing, and the data was encrypted with it (id ${knownId}). Restore it, or set PAYCORE_MASTER_KEY to it.`,
      );
    }
    createMasterKey(path);
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) {
    throw new CommandFailure(
      `${path} must hold 32 bytes in base64, it holds ${key.length}. Restore it from your backup.`,
    );
  }
  return key;
}

/**
 * Written and synced beside, then linked: another command that starts in this moment sees a whole key or none, and the
 * first of two wins. Without the key the data is lost, so it must be on the disk before anything is sealed with it.
 */
function createMasterKey(path: string): void {
  const unfinished = `${path}.${process.pid}.new`;
  const file = openSync(unfinished, 'w', 0o600);
  try {
    writeSync(file, `${randomBytes(32).toString('base64')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(unfinished, path);
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'EEXIST') throw cause;
  } finally {
    rmSync(unfinished);
  }
}
