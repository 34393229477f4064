import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveAsset } from '../assets.ts';
import type { Config } from '../config.ts';
import { createVault, type Vault } from '../security/vault.ts';
import { createDb, type Db, openDatabase } from '../store/db.ts';
import { createStore, type Store } from '../store/index.ts';
import { migrate, readMigrations } from '../store/migrate.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import { CommandFailure } from './failure.ts';

/** Data directory, database and master key: what every command that touches data starts with. */
export interface Opened {
  readonly db: Db;
  readonly store: Store;
  readonly vault: Vault;
  /** Steps of the schema that were applied just now. */
  readonly migrated: number;
}

export function openData(config: Config): Opened {
  makeFolder(config.dataDir);
  const database = openDatabase(join(config.dataDir, 'paycore.db'));
  const migrated = migrate(database, readMigrations(resolveAsset('migrations')), join(config.dataDir, 'backups'));
  const vault = createVault(config.masterKey ?? readMasterKey(config.dataDir), randomBytes);
  const known = readSetting(database, 'master_key_id');
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

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CommandFailure(`PAYCORE_DATA_DIR ${folder} cannot be made: ${(cause as Error).message}`);
  }
}

/** The key in the data directory; made on the first start, readable by its owner only. */
function readMasterKey(folder: string): Uint8Array {
  const path = join(folder, 'master.key');
  if (!existsSync(path)) createMasterKey(path);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) {
    throw new CommandFailure(
      `${path} must hold 32 bytes in base64, it holds ${key.length}. Restore it from your backup.`,
    );
  }
  return key;
}

function createMasterKey(path: string): void {
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  } catch (cause) {
    // Another command may have made it in this very moment.
    if ((cause as { code?: string }).code !== 'EEXIST') throw cause;
  }
}
