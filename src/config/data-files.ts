import { join } from 'node:path';

/** Where things lie in the data directory. */

export const databasePathOf = (dataDir: string): string => join(dataDir, 'paycore.db');

export const masterKeyPathOf = (dataDir: string): string => join(dataDir, 'master.key');

/** Names the directory: who serves from it again is the same node as before. */
export const nodeIdPathOf = (dataDir: string): string => join(dataDir, 'node-id');

export const backupFolderOf = (dataDir: string): string => join(dataDir, 'backups');
