import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dir, '../../..');

/** One folder for everything this test process makes; gone when the process ends. */
const WORK = join(tmpdir(), `paycore-test-${process.pid}`);

/**
 * Path of the executable under test, outside the source tree. Built once for all test files of a run, or copied from
 * PAYCORE_BINARY.
 */
export function getBinary(): string {
  const target = join(WORK, 'bin', 'paycore');
  if (existsSync(target)) return target;
  mkdirSync(join(WORK, 'bin'), { recursive: true });
  process.on('exit', () => rmSync(WORK, { recursive: true, force: true }));
  const given = process.env.PAYCORE_BINARY;
  if (given) {
    copyFileSync(resolve(given), target);
    return target;
  }
  const build = Bun.spawnSync([process.execPath, 'scripts/build.ts', target], { cwd: ROOT, stderr: 'pipe' });
  if (build.exitCode !== 0) throw new Error(`the binary cannot be built:\n${build.stderr}`);
  return target;
}

/** An empty folder. */
export function makeFolder(name = 'empty'): string {
  mkdirSync(WORK, { recursive: true });
  return mkdtempSync(join(WORK, `${name}-`));
}

/** Whether this machine lets us make a mount namespace; then the source tree is covered while the binary runs. */
const canUnshare = ['-m', '-rm'].find((flags) => {
  const probe = Bun.spawnSync(
    ['unshare', flags, 'sh', '-c', `mount -t tmpfs none '${ROOT}' && ! test -e '${ROOT}/src'`],
    {
      stdio: ['ignore', 'ignore', 'ignore'],
    },
  );
  return probe.exitCode === 0;
});

export const HIDING = canUnshare !== undefined;
/** Mounting a file system of a given size takes the real root or one of a user namespace: either will do. */
export const CAN_MOUNT = HIDING;

/**
 * The command line that runs the binary with the source tree out of reach: an empty file system lies over it. `before`
 * is shell that runs in the same namespace. `exec` keeps the process id, so signals reach the binary itself.
 */
export function hide(command: readonly string[], before = ''): readonly string[] {
  if (canUnshare === undefined) return command;
  const script = `mount -t tmpfs none '${ROOT}' && ${before === '' ? '' : `${before} && `}exec "$@"`;
  return ['unshare', canUnshare, 'sh', '-c', script, 'sh', ...command];
}
