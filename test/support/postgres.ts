/**
 * A PostgreSQL of Debian's in a temporary folder, on loopback, for tests. `bun test/support/postgres.ts` prints the address
 * of one when it takes connections, serves until it is ended, and leaves nothing behind; it ends at once with code 3 when the
 * machine has none.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NOBODY = 65_534;
const DEBIAN = '/usr/lib/postgresql';

/** The folder with `initdb` and `postgres`; null when there is none. */
function findBinaries(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : [];
  const folders = [...versions, ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null;
}

export const HAS_POSTGRES = findBinaries() !== null;

/** PostgreSQL refuses to run as root. */
const owner = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port is free')),
      );
    });
  });
}

type Settings = Readonly<Record<string, string>>;
const USUAL: Settings = { max_connections: '300', listen_addresses: '127.0.0.1' };
/** Nothing of a test has to outlive the machine. */
export const HURRIED: Settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
/** As a shop has it: what was committed is there after a crash. */
export const DURABLE: Settings = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** One that may be killed, and started again with the data it has. */
export interface PostgresServer {
  /** Of the database `postgres`. */
  readonly url: string;
  /** Of the process that all others of the server come from. */
  pid(): number;
  start(): Promise<void>;
  /** Ends it in good order and starts it with these settings. */
  restart(settings: Settings): Promise<void>;
  /** SIGKILL to all of it, as when the machine goes. */
  kill(): Promise<void>;
  /** Ends it, and the folder with it. */
  stop(): Promise<void>;
}

/** A server that takes connections; null when the machine has no PostgreSQL. */
export async function openServer(settings: Settings = HURRIED): Promise<PostgresServer | null> {
  const binaries = findBinaries();
  if (binaries === null) return null;
  const folder = mkdtempSync(join(tmpdir(), 'paycore-postgres-'));
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  makeCluster(binaries, folder);
  const port = await findPort();
  const argsOf = (given: Settings) => [
    ...['-D', join(folder, 'data'), '-p', String(port), '-k', folder],
    ...Object.entries({ ...USUAL, ...given }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  let args = argsOf(settings);
  let child: ChildProcess | null = null;
  const end = async (stop: (running: ChildProcess) => void) => {
    if (child === null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    stop(child);
    await ended;
    child = null;
  };
  const server: PostgresServer = {
    url: `postgres://paycore@127.0.0.1:${port}/postgres`,
    pid: () => child?.pid ?? 0,
    start: async () => {
      child = await startUntilReady(join(binaries, 'postgres'), args, folder);
    },
    async restart(given) {
      args = argsOf(given);
      await end((running) => running.kill('SIGINT'));
      await server.start();
    },
    kill: () => end(killAll),
    async stop() {
      await end((running) => running.kill('SIGINT'));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

function makeCluster(binaries: string, folder: string): void {
  const init = spawnSync(
    join(binaries, 'initdb'),
    ['-D', join(folder, 'data'), '-U', 'paycore', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...owner, cwd: folder, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr}`);
}

const READY_MS = 60_000;
const AGAIN_MS = 100;

/** What a killed server has left may hold its memory for a moment yet: then it is tried again. */
async function startUntilReady(program: string, args: readonly string[], folder: string): Promise<ChildProcess> {
  for (const end = Date.now() + READY_MS; ; ) {
    const { child, said } = await tryToStart(program, args, folder);
    if (child) return child;
    if (Date.now() > end) throw new Error(`PostgreSQL does not start:\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** Null: it ended before it took connections. */
function tryToStart(program: string, args: readonly string[], folder: string) {
  const child = spawn(program, args, {
    ...owner,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  return new Promise<{ child: ChildProcess | null; said: string }>((resolve) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 10_000) said += text;
      if (text.includes('ready to accept connections')) resolve({ child, said });
    });
    child.once('exit', () => resolve({ child: null, said }));
  });
}

/** The first one before those it has made: it would start others in their place. */
function killAll(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  child.kill('SIGKILL');
  for (const one of children) {
    try {
      process.kill(one, 'SIGKILL');
    } catch {
      // It had ended by itself.
    }
  }
}

async function main(): Promise<void> {
  const server = await openServer();
  if (!server) {
    console.error('there is no PostgreSQL on this machine: neither initdb in PATH nor in /usr/lib/postgresql');
    process.exit(3);
  }
  const end = async () => {
    await server.stop();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  console.log(server.url);
}

if (import.meta.main) await main();
