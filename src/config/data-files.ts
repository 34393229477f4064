import { join } from 'node:path';

/** Where things lie in the data directory. */

export const databasePathOf = (dataDir: string): string => join(dataDir, 'paycore.db');

export const masterKeyPathOf = (dataDir: string): string => join(dataDir, 'master.key');

export const backupFolderOf = (dataDir: string): string => join(dataDir, 'backups');
