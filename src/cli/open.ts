import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { resolveAsset } from '../assets.ts';
import { databasePathOf, masterKeyPathOf } from '../config/data-files.ts';
import type { Config } from '../config.ts';
import { createVault, type Vault } from '../security/vault.ts';
import type { Engine } from '../store/engines/engine.ts';
import { acquireLock } from '../store/engines/sqlite-lock.ts';
import { type OpenedEngine, openSqlite } from '../store/engines/sqlite-open.ts';
import { createStore } from '../store/index.ts';
import { ALONE, type Leave, readMigrations } from '../store/migrations.ts';
import type { Store } from '../store/store.ts';
import { makeDataFolder } from './data-folder.ts';
import { CommandFailure } from './failure.ts';
import { requireHome } from './moved.ts';
import { keepMoveAway, locksOf, type Presence, stayAsCommand } from './presence.ts';

/** Data directory, database and master key: what every command that touches data starts with. */
export interface Opened {
  readonly store: Store;
  readonly vault: Vault;
  /** Steps of the schema that were applied just now. */
  readonly migrated: number;
  /** Resolves, with the reason in one sentence, should this process have to end since it can do no more with the database. */
  readonly unusable: Promise<string>;
}

/** `presence`: a command's, unless told otherwise. `watch`: measures what the engine does. */
export async function openData(
  config: Config,
  presence = leaveOf(config.dataDir),
  watch: (engine: Engine) => Engine = (engine) => engine,
): Promise<Opened> {
  makeDataFolder(config.dataDir);
  const { promise: unusable, resolve: onUnusable } = Promise.withResolvers<string>();
  const { engine, migrated } = await openStaying(config, presence, onUnusable);
  const store = createStore(watch(engine), randomBytes);
  try {
    await requireHome(engine, nameOf(config));
    return { store, vault: await openVault(config, store), migrated, unusable };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The lock of a server: while one runs in this data directory nobody changes its schema. */
export const lockPathOf = (dataDir: string): string => locksOf(dataDir).server;

const PATIENCE_MS = 3000;

/** Of a server: it has the data directory for itself, and may find a command at the same PostgreSQL. */
export const SERVER_LEAVE: Presence = { ...ALONE, patienceMs: PATIENCE_MS, stay: () => ({ release() {} }) };

/** Of a command, which may find a server that is just making the schema. */
export const leaveOf = (dataDir: string, patienceMs = PATIENCE_MS): Presence => ({
  ask: () => acquireLock(lockPathOf(dataDir)),
  patienceMs,
  stay: () => stayAsCommand(dataDir),
});

/** The first that opens a database says which key its data is encrypted with; every other one must have the same. */
export async function openVault(config: Config, store: Pick<Store, 'readSetting' | 'keepSetting'>): Promise<Vault> {
  const found = await store.readSetting('master_key_id');
  const vault = createVault(config.masterKey ?? readMasterKeyOf(config, found), randomBytes);
  // Two that come to an empty database at once: the first one's counts.
  const known = found ?? (await store.keepSetting('master_key_id', vault.keyId));
  if (known !== vault.keyId) {
    throw new CommandFailure(
      `the data in ${nameOf(config)} was encrypted with another master key (id ${known}), this one has id ${vault.keyId}. ` +
        'Put back the right master.key file, or set PAYCORE_MASTER_KEY to it.',
    );
  }
  return vault;
}

/** Of a database that other machines may serve, the key is not on this one unless somebody brought it. */
function readMasterKeyOf(config: Config, knownId: string | null): Uint8Array {
  const { databaseUrl, dataDir } = config;
  if (databaseUrl !== null && knownId !== null && !existsSync(masterKeyPathOf(dataDir))) {
    throw new CommandFailure(
      `the data in ${nameOf(config)} was encrypted with the master key ${knownId}, which this machine does not have. ` +
        'Set PAYCORE_MASTER_KEY to it: all nodes of one database need the same.',
    );
  }
  return readMasterKey(dataDir, knownId);
}

/** Where the data is, without the password of an address. */
function nameOf({ databaseUrl, dataDir }: Config): string {
  return databaseUrl === null ? dataDir : nameUrl(databaseUrl);
}

/** Without what is secret in an address, or may be. */
export const nameUrl = (url: string): string => url.replace(/\/\/[^/]*@/, '//').replace(/\?.*$/, '');

/** Nobody moves the data before the engine is closed. */
async function openStaying(
  config: Config,
  presence: Presence,
  onUnusable: (reason: string) => void,
): Promise<OpenedEngine> {
  const lock = keepMoveAway(config, presence);
  try {
    const { engine, migrated } = await openEngine(config, presence, onUnusable);
    const close = () => engine.close().finally(() => lock.release());
    return { engine: { ...engine, close }, migrated };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Throws CommandFailure, with the place and the reason, when the database cannot be opened or brought up to date. */
async function openEngine(
  { databaseUrl, databasePool, dataDir }: Config,
  leave: Leave,
  onUnusable: (reason: string) => void,
): Promise<OpenedEngine> {
  const path = databasePathOf(dataDir);
  try {
    if (databaseUrl === null) {
      return openSqlite(path, readMigrations(resolveAsset('migrations/sqlite')), join(dataDir, 'backups'), leave);
    }
    // Its client is read only by those who use it.
    const { openPostgres } = await import('../store/engines/postgres-open.ts');
    const migrations = readMigrations(resolveAsset('migrations/postgres'));
    const ports = {
      ...{ sleep: (ms: number) => Bun.sleep(ms), chance: Math.random },
      ...{ limits: { size: databasePool }, onUnusable },
    };
    return await openPostgres(databaseUrl, migrations, ports, leave);
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    throw new CommandFailure(`${databaseUrl === null ? path : 'PAYCORE_DATABASE_URL'} cannot be used: ${reason}`);
  }
}

/** The key in the data directory; made on the first start, readable by its owner only. */
export function readMasterKey(folder: string, knownId: string | null): Uint8Array {
  const path = masterKeyPathOf(folder);
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
