import { existsSync, statfsSync } from 'node:fs';
import type { Config } from '../../config.ts';
import { DAY } from '../../core/time.ts';
import { type CertificateFiles, readCertificate } from '../certificate.ts';
import { findOpenToOthers } from '../data-folder.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

/** What PayCore stands on: its folder, the disk, the certificate. */

export function checkMachine({ dataDir, tls }: Config, now: number): readonly Finding[] {
  if (!existsSync(dataDir)) {
    const remedy = 'Set PAYCORE_DATA_DIR to the folder of your data, or start paycore serve, which makes it.';
    return [bad('data_directory', `there is none at ${dataDir}`, remedy)];
  }
  return [...checkFolder(dataDir), checkDisk(dataDir), ...(tls ? [checkCertificate(tls, now)] : [])];
}

function checkFolder(dataDir: string): readonly Finding[] {
  const open = findOpenToOthers(dataDir);
  if (open.length === 0) return [ok('data_directory', `${dataDir} is for its owner alone`)];
  const remedy = (path: string) => `chmod go= '${path}'`;
  return open.map(({ path, why }) => warn('data_directory', `${path}: ${why}`, remedy(path)));
}

const MB = 1024 * 1024;
const FREE = { bad: 200 * MB, warn: 2048 * MB };

function checkDisk(dataDir: string): Finding {
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  const message = `${Math.floor(free / MB)} MB are free`;
  const remedy = 'Make room: while nothing can be written, no payment can be made or paid.';
  if (free < FREE.bad) return bad('disk', message, remedy);
  return free < FREE.warn ? warn('disk', message, remedy) : ok('disk', message);
}

/** Certificates that are renewed by a program have a month left at least, those of a week two days. */
const SOON = 2 * DAY;
const LATE = 14 * DAY;

export function checkCertificate(files: CertificateFiles, now: number): Finding {
  const remedy = 'Renew it: the server takes what lies in the files without a restart, at once on SIGHUP.';
  try {
    const { validFrom, validTo } = readCertificate(files);
    const lastDay = new Date(validTo).toISOString().slice(0, 10);
    if (now > validTo) return bad('certificate', `it ended on ${lastDay}`, remedy);
    if (now < validFrom) return bad('certificate', 'it is not valid yet', 'Compare the clock of this machine with it.');
    const isShort = validTo - validFrom < 30 * DAY;
    const isLate = validTo - now < (isShort ? SOON : LATE);
    const message = `its last day is ${lastDay}`;
    return isLate ? warn('certificate', message, remedy) : ok('certificate', message);
  } catch (error) {
    return bad('certificate', (error as Error).message, 'Put the right files there: a server cannot start with these.');
  }
}
