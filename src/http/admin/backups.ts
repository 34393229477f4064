import { openAsBlob } from 'node:fs';
import { h } from 'preact';
import { backupFolderOf, masterKeyPathOf } from '../../config/data-files.ts';
import { SECOND } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import { type BackupsModel, BackupsPage, formatBytes } from '../../pages/admin/backups.tsx';
import type { Services } from '../../payments/index.ts';
import type { DeskArea, Done, Problem, Shown, Visit } from './desk.ts';

/** Who has asked for a backup waits so long for it; a large one goes on without him. */
const PATIENCE_MS = 3 * SECOND;

export function backupsDesk(deps: Deps, { backups }: Services): DeskArea {
  const show = async (visit: Visit, problem: Problem | null = null): Promise<Shown> => ({
    title: visit.say('backups.title'),
    body: h(BackupsPage, { frame: visit, model: toModel(deps, backups, visit), problem }),
  });

  const make = async (): Promise<Done> => {
    const made = backups.make();
    const first = await Promise.race([made, deps.sleep(PATIENCE_MS)]);
    // Whoever waits no longer sees on the page how it ends.
    made.catch(() => {});
    if (!first) return { to: '/admin/backups', notice: 'backups.begun', audit: { about: 'begun' } };
    const name = first.file.slice(first.file.lastIndexOf('/') + 1);
    const notice = first.broken.length === 0 ? 'backups.made' : 'backups.made_broken';
    const values = { name, size: formatBytes(first.bytes) };
    return { to: '/admin/backups', notice, values, audit: { about: name, after: { bytes: first.bytes } } };
  };

  const remove = async (name: string): Promise<Done> => {
    const notice = backups.remove(name) ? 'backups.deleted' : 'backups.gone';
    return { to: '/admin/backups', notice, values: { name }, audit: { about: name } };
  };

  return {
    pages: [
      { path: '/admin/backups', page: 'backups', right: 'staff', show: (visit) => show(visit) },
      {
        path: '/admin/backups/:name',
        page: 'backups',
        right: 'owner',
        async show(_, { name = '' }) {
          const found = backups.find(name);
          return found && download(found);
        },
      },
    ],
    actions: [
      {
        ...{ path: '/admin/backups/make', action: 'backup', page: 'backups', right: 'owner' },
        run: make,
        again: (visit, problem) => show(visit, problem),
      },
      {
        ...{ path: '/admin/backups/:name/delete', action: 'delete-backup', page: 'backups', right: 'owner' },
        run: (_, __, { name = '' }) => remove(name),
      },
    ],
  };
}

function toModel(deps: Deps, backups: Services['backups'], visit: Visit): BackupsModel {
  const { config, vault } = deps;
  const { lastFailure, ...rest } = backups.overview();
  return {
    ...rest,
    folder: backupFolderOf(config.dataDir),
    lastFailure: lastFailure?.reason ?? null,
    keyPath: config.masterKey === null ? masterKeyPathOf(config.dataDir) : null,
    keyId: vault.keyId,
    mayChange: visit.person.role === 'owner',
  };
}

/** As it lies on the disk, piece by piece: it may be larger than the memory. */
async function download({ path, name }: { readonly path: string; readonly name: string }): Promise<Response> {
  return new Response(await openAsBlob(path), {
    headers: {
      'content-type': 'application/vnd.sqlite3',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}
