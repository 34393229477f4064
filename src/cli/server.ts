import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { makeId } from '../core/ids.ts';
import type { Deps } from '../deps.ts';
import { watchClock } from '../gateways/clockwatch.ts';
import { createGatewayHttp } from '../gateways/http.ts';
import { GATEWAYS } from '../gateways/index.ts';
import { createGateways } from '../gateways/registry.ts';
import { createClosingJob } from '../jobs/closing.ts';
import { createNotificationJob } from '../jobs/notifications.ts';
import { createPruneJob } from '../jobs/prune.ts';
import { createRefundJob } from '../jobs/refunds.ts';
import { createScheduler } from '../jobs/scheduler.ts';
import { createSyncJob } from '../jobs/syncs.ts';
import { createServices } from '../payments/index.ts';
import { acquireLock } from '../store/engines/sqlite-lock.ts';
import { CommandFailure } from './failure.ts';
import { type Listener, listen } from './listen.ts';
import { createServerLog } from './logging.ts';
import { makeDataFolder, openData } from './open.ts';

export interface RunningServer {
  readonly deps: Deps;
  readonly port: number;
  readonly publicUrl: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Log lines go to the terminal too, not only to the file. */
  readonly echo: boolean;
}

const DRAIN_MS = 5000;

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
    lock = acquireLock(join(folder, 'serve.lock'));
  } catch (cause) {
    throw new CommandFailure(`PAYCORE_DATA_DIR ${folder} cannot be written: ${(cause as Error).message}`);
  }
  if (!lock)
    throw new CommandFailure(`another paycore serves ${folder} already. Stop it first, or set PAYCORE_DATA_DIR.`);
  return lock;
}

async function startLocked(config: Config, options: ServerOptions, lock: { release(): void }): Promise<RunningServer> {
  const opened = await openData(config);
  let handle: (request: Request) => Promise<Response> | Response = () => new Response('starting', { status: 503 });
  const listener = await bind(config, (request) => handle(request), opened.store);
  const log = createServerLog(config, options.echo);
  const publicUrl = config.publicUrl ?? `${config.tls ? 'https' : 'http'}://localhost:${listener.port}`;
  let wake = () => {};
  const watched = watchClock(createGatewayHttp({ log: log.log }), { now: Date.now, log: log.log });
  const deps: Deps = {
    config,
    publicUrl,
    clock: { now: Date.now },
    random: randomBytes,
    sleep: (ms) => Bun.sleep(ms),
    log: log.log,
    store: opened.store,
    vault: opened.vault,
    gateways: createGateways(GATEWAYS),
    http: watched.http,
    gatewayMemory: new Map(),
    clockSkew: watched.skewMs,
    processId: makeId('proc', randomBytes),
    wake: () => wake(),
    peerOf: listener.peerOf,
  };
  await opened.store.voidLeases(deps.processId);
  const services = createServices(deps);
  const app = createApp(deps, services);
  handle = app.handle;
  const notifications = createNotificationJob(deps);
  const checks = createSyncJob(deps, services.syncAttempt);
  const refunds = createRefundJob(deps, services.syncRefunds);
  const scheduler = createScheduler(
    [notifications, checks, refunds, createClosingJob(deps), createPruneJob(deps)],
    deps,
  );
  wake = scheduler.wake;
  scheduler.start();
  log.log.info('started', { public_url: publicUrl, port: listener.port, migrated: opened.migrated });
  return {
    deps,
    port: listener.port,
    publicUrl,
    async stop() {
      scheduler.stop();
      await Promise.race([
        Promise.all([listener.stop(), notifications.settled(), checks.settled(), refunds.settled()]),
        Bun.sleep(DRAIN_MS),
      ]);
      log.log.info('stopped');
      await opened.store.close();
      lock.release();
      log.close();
    },
  };
}

async function bind(
  config: Config,
  fetch: (request: Request) => Promise<Response> | Response,
  store: { close(): Promise<void> },
): Promise<Listener> {
  try {
    const tls = config.tls && {
      cert: readFileSync(config.tls.certFile, 'utf8'),
      key: readFileSync(config.tls.keyFile, 'utf8'),
    };
    return listen({ host: config.host, port: config.port, fetch, ...(tls ? { tls } : {}) });
  } catch (cause) {
    await store.close();
    const { code, message } = cause as { code?: string; message: string };
    if (code === 'EADDRINUSE') {
      throw new CommandFailure(
        `port ${config.port} on ${config.host} is taken. Stop what uses it, or set PAYCORE_PORT, e.g. PAYCORE_PORT=8090.`,
      );
    }
    throw new CommandFailure(`cannot listen on ${config.host}:${config.port}: ${message}`);
  }
}
