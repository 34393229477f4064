/**
 * A PostgreSQL of Debian's in a temporary folder, on loopback, for tests. `bun test/support/postgres.ts` prints its address
 * when it takes connections, serves until it is ended, and leaves nothing behind; it ends at once with code 3 when the
 * machine has none. Tests that stop or kill a server start one of their own.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NOBODY = 65_534;
const DEBIAN = '/usr/lib/postgresql';

/** The folder with `initdb` and `postgres`; null when there is none. */
export function findBinaries(): string | null {
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

/** Nothing of a test has to outlive the machine. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  listen_addresses: '127.0.0.1',
};

export interface OwnPostgres {
  /** Of its database `postgres`. */
  readonly url: string;
  /** Of the process that all others of the server come from; 0: it does not run. */
  pid(): number;
  /** Starts it, and resolves when it takes connections; `settings` besides those that it was made with. */
  start(settings?: OwnOptions['settings']): Promise<void>;
  /** SIGINT: it ends all connections and itself. */
  stop(): Promise<void>;
  /** All of its processes at once, as a machine that fails. */
  kill(): Promise<void>;
  /** Keeps all of its processes from running until `resume`; connections stay. */
  pause(): void;
  resume(): void;
  /** From its next start on it is a standby, until somebody promotes it. */
  becomeStandby(): void;
  /** Stopped, with nothing left behind. */
  remove(): Promise<void>;
  /** Resolves with its exit code when it ends. */
  ended(): Promise<number>;
}

export interface OwnOptions {
  /** PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly settings?: Readonly<Record<string, string>>;
}

/** What was committed outlives its processes, though not the machine: for who kills them. */
export const DURABLE = { synchronous_commit: 'on' };
/** As a shop has it: what was committed outlives the machine too. */
export const SAFE = { ...DURABLE, fsync: 'on', full_page_writes: 'on' };

/** A new, empty server that is not started yet; null when this machine has none. */
export async function makeOwnPostgres({ tls, settings = {} }: OwnOptions = {}): Promise<OwnPostgres | null> {
  const binaries = findBinaries();
  if (!binaries) return null;
  const folder = mkdtempSync(join(tmpdir(), 'paycore-postgres-'));
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const init = spawnSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'paycore', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...owner, cwd: folder, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr}`);
  for (const [name, pem] of Object.entries(tls ? { 'server.key': tls.key, 'server.crt': tls.cert } : {})) {
    writeFileSync(join(data, name), pem, { mode: 0o600 });
    if (owner.uid !== undefined) chownSync(join(data, name), owner.uid, owner.gid);
  }
  const port = await findPort();
  const usual = { ...SETTINGS, ...(tls ? { ssl: 'on' } : {}), ...settings };
  const optionsOf = (all: object) => Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const begin = (more: object) =>
    spawn(
      join(binaries, 'postgres'),
      ['-D', data, '-p', String(port), '-k', folder, ...optionsOf({ ...usual, ...more })],
      {
        ...owner,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, LC_ALL: 'C' },
      },
    );
  let server: Running | null = null;
  const signal = (name: NodeJS.Signals) => {
    for (const pid of server ? [...childrenOf(server.pid), server.pid] : []) sendTo(pid, name);
  };
  const own: OwnPostgres = {
    url: `postgres://paycore@127.0.0.1:${port}/postgres`,
    pid: () => server?.pid ?? 0,
    async start(more = {}) {
      server = await running(begin(more));
    },
    async stop() {
      if (server) sendTo(server.pid, 'SIGINT');
      await own.ended();
    },
    async kill() {
      signal('SIGKILL');
      await own.ended();
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    becomeStandby: () => writeFileSync(join(data, 'standby.signal'), ''),
    async remove() {
      await own.kill();
      rmSync(folder, { recursive: true, force: true });
    },
    ended: async () => (server ? server.ended : 0),
  };
  return own;
}

interface Running {
  readonly pid: number;
  readonly ended: Promise<number>;
}

/** Resolves when it takes connections. */
function running(server: ChildProcess): Promise<Running> {
  const ended = new Promise<number>((resolve) => server.on('exit', (code) => resolve(code ?? 0)));
  return new Promise((resolve, reject) => {
    void ended.then((code) => reject(new Error(`the server ended with ${code}`)));
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (/ready to accept (read-only )?connections/.test(text)) resolve({ pid: server.pid ?? 0, ended });
    });
  });
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function sendTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

async function main(): Promise<void> {
  const own = await makeOwnPostgres();
  if (!own) {
    console.error('there is no PostgreSQL on this machine: neither initdb in PATH nor in /usr/lib/postgresql');
    process.exit(3);
  }
  await own.start();
  console.log(own.url);
  const end = () => void own.stop();
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  const code = await own.ended();
  await own.remove();
  process.exit(code);
}

if (import.meta.main) await main();
