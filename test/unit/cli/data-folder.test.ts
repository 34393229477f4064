import { describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOpenToOthers, makeDataFolder } from '../../../src/cli/data-folder.ts';
import { leaveOf, lockPathOf, openData, SERVER_LEAVE } from '../../../src/cli/open.ts';
import { loadConfig } from '../../../src/program.ts';
import { acquireLock } from '../../../src/store/engines/sqlite-lock.ts';
import { present, rejection } from '../../support/parts.ts';
import { makeFolder } from '../../support/store.ts';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const configOf = (dataDir: string) => loadConfig({ PAYCORE_DATA_DIR: dataDir });

/** With the mask that most systems give. */
function withUsualMask<T>(work: () => T): T {
  const before = process.umask(0o022);
  try {
    return work();
  } finally {
    process.umask(before);
  }
}

describe('the data directory', () => {
  test('and all that is made in it are for the owner of the process alone', async () => {
    using folder = makeFolder();
    const dataDir = folder.file('data');
    const { lock, opened } = withUsualMask(() => {
      makeDataFolder(dataDir);
      return { lock: present(acquireLock(lockPathOf(dataDir))), opened: openData(configOf(dataDir), SERVER_LEAVE) };
    });
    lock.release();
    const { store } = await opened;
    await store.checkWritable();
    expect(modeOf(dataDir)).toBe('700');
    for (const name of ['paycore.db', 'paycore.db-wal', 'paycore.db-shm', 'master.key', 'serve.lock']) {
      expect([name, modeOf(join(dataDir, name))]).toEqual([name, '600']);
    }
    await store.close();
  });

  test('that was there before: files of ours that others could read are made private, everything else stays', () => {
    using folder = makeFolder();
    chmodSync(folder.path, 0o755);
    mkdirSync(folder.file('backups'), { mode: 0o755 });
    const ours = [
      'serve.lock',
      'commands.lock',
      'paycore.db',
      'paycore.db-wal',
      'master.key',
      'paycore.log.1',
      'backups/a.db',
    ];
    const foreign = ['notes.txt', 'target'];
    for (const name of [...ours, ...foreign]) writeFileSync(folder.file(name), '', { mode: 0o644 });
    for (const name of [...ours, ...foreign]) chmodSync(folder.file(name), 0o644);
    symlinkSync(folder.file('target'), folder.file('paycore.log'));
    makeDataFolder(folder.path);
    expect(ours.map((name) => modeOf(folder.file(name)))).toEqual(ours.map(() => '600'));
    expect(modeOf(folder.file('backups'))).toBe('700');
    expect(foreign.map((name) => modeOf(folder.file(name)))).toEqual(['644', '644']);
    expect(modeOf(folder.path)).toBe('755');
    expect(findOpenToOthers(folder.path)).toEqual([
      { path: folder.path, why: 'other users of this machine can enter it' },
    ]);
  });
});

describe('a command whose schema is another than that of the data', () => {
  test('refuses in one line while a server runs, and changes nothing', async () => {
    using folder = makeFolder();
    const config = configOf(folder.path);
    makeDataFolder(folder.path);
    const server = present(acquireLock(lockPathOf(folder.path)));
    expect(String(await rejection(openData(config, leaveOf(folder.path, 0))))).toMatch(
      /has schema 0, this PayCore needs \d+, and a server runs on it\. Stop that server[^\n]*$/,
    );
    server.release();
    const { store, migrated } = await openData(config, leaveOf(folder.path, 0));
    expect(migrated).toBeGreaterThan(0);
    expect(modeOf(folder.file('commands.lock'))).toBe('600');
    await store.close();
    // The leave was given back.
    present(acquireLock(lockPathOf(folder.path))).release();
  });
});
