import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import type { Deps } from '../deps.ts';
import { createProgram } from '../program.ts';
import { acquireLock } from '../store/engines/sqlite-lock.ts';
import { backUpInProcess } from './backup-process.ts';
import { type Bound, bind, type Fetch } from './bind.ts';
import { createBuiltInSimulator } from './built-in-simulator.ts';
import { findOpenToOthers, makeDataFolder } from './data-folder.ts';
import { CommandFailure } from './failure.ts';
import { createServerLog } from './logging.ts';
import { nameProcess } from './node-id.ts';
import { lockPathOf, openData, SERVER_LEAVE } from './open.ts';
import { publicUrlOf, SYSTEM } from './system.ts';

export interface RunningServer {
  readonly deps: Deps;
  readonly port: number;
  readonly publicUrl: string;
  /** Resolves when it can do no more, with the reason in one sentence: it is to be stopped, and started anew. */
  readonly unusable: Promise<string>;
  /** Looks at once whether the certificate on the disk is another. */
  renew(): void;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Log lines go to the terminal too, not only to the file. */
  readonly echo: boolean;
  /** Origin of a simulator that the configuration has put in the gateways' places. */
  readonly standIn?: string;
}

const DRAIN_MS = 5000;
const SETTLE_MS = 5000;
/** Longer than a command holds it that makes a new database. */
const LOCK_WAIT_MS = 1000;

/** Opens the data, listens, starts the background work. Throws CommandFailure with what to do. */
export async function startServer(config: Config, options: ServerOptions): Promise<RunningServer> {
  makeDataFolder(config.dataDir);
  // Before the data is opened: a newer version must not change the schema under a server that runs.
  const lock = lockFolder(config.dataDir);
  try {
    return await startLocked(config, options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function lockFolder(folder: string): { release(): void } {
  let lock: { release(): void } | null;
  try {
    lock = acquireLock(lockPathOf(folder), LOCK_WAIT_MS);
  } catch (cause) {
    throw new CommandFailure(`PAYCORE_DATA_DIR ${folder} cannot be written: ${(cause as Error).message}`);
  }
  if (!lock)
    throw new CommandFailure(
      `another paycore serves ${folder} already. Stop it first, or set PAYCORE_DATA_DIR; while paycore move is at work, wait for it.`,
    );
  return lock;
}

async function startLocked(config: Config, options: ServerOptions, lock: { release(): void }): Promise<RunningServer> {
  const metrics = config.metricsToken === null ? null : await loadMetrics();
  const opened = await openData(config, SERVER_LEAVE, metrics?.watchEngine);
  let handle: (request: Request) => Promise<Response> | Response = () => new Response('starting', { status: 503 });
  const { listener, watch } = await bindServer(config, (request) => handle(request), opened.store);
  const log = createServerLog(config, options.echo);
  const publicUrl = publicUrlOf(config, listener.port);
  for (const { path, why } of findOpenToOthers(config.dataDir)) log.log.warn(`open to others: ${why}`, { path });
  const builtIn = createBuiltInSimulator({
    ...opened,
    config,
    publicUrl,
    log: log.log,
    now: SYSTEM.clock.now,
    handle: (request) => handle(request),
  });
  const practice = { ...builtIn, ...(options.standIn === undefined ? {} : { standIn: options.standIn }) };
  const program = createProgram(config, {
    ...{ ...opened, ...SYSTEM, log: log.log, publicUrl, peerOf: listener.peerOf },
    ...{ practice, makeBackup: backUpInProcess(config), nodeName: `${hostname()}:${listener.port}` },
    ...{ followsDatabase: true, processId: nameProcess(config.dataDir) },
    ...(metrics ? { metrics } : {}),
  });
  handle = (await program.open()).handle;
  await practice.settle();
  // A command may have changed what a project uses.
  const watching = setInterval(() => void practice.settle().catch(() => undefined), SETTLE_MS);
  program.scheduler.start();
  const certificate = watch?.({ log: log.log, now: SYSTEM.clock.now });
  void program.warm().catch((error: Error) => log.log.warn('codes cannot be drawn', { error: error.message }));
  log.log.info('started', { public_url: publicUrl, port: listener.port, migrated: opened.migrated });
  return {
    deps: program.deps,
    port: listener.port,
    publicUrl,
    unusable: opened.unusable.then((reason) => {
      log.log.error('the database cannot be used any more', { reason });
      return reason;
    }),
    renew: () => certificate?.check(),
    async stop() {
      certificate?.stop();
      program.scheduler.stop();
      metrics?.stop();
      clearInterval(watching);
      await Promise.race([Promise.all([listener.stop(), practice.stop(), program.settled()]), SYSTEM.sleep(DRAIN_MS)]);
      await program.leave().catch((error: Error) => log.log.warn('could not leave', { error: error.message }));
      log.log.info('stopped');
      await opened.store.close();
      lock.release();
      log.close();
    },
  };
}

/** What counts is read only where somebody may ask for it. */
async function loadMetrics() {
  const { createMetrics } = await import('../metrics/index.ts');
  return createMetrics();
}

async function bindServer(config: Config, fetch: Fetch, store: { close(): Promise<void> }): Promise<Bound> {
  try {
    return await bind(config, config.port, fetch, 'PAYCORE_PORT');
  } catch (error) {
    await store.close();
    throw error;
  }
}
