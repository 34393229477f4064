import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { makeId } from '../core/ids.ts';
import type { Deps } from '../deps.ts';
import { createGatewayHttp } from '../gateways/http.ts';
import { createNotificationJob } from '../jobs/notifications.ts';
import { createPruneJob } from '../jobs/prune.ts';
import { createScheduler } from '../jobs/scheduler.ts';
import { acquireLock } from '../store/lock.ts';
import { CommandFailure } from './failure.ts';
import { type Listener, listen } from './listen.ts';
import { createServerLog } from './logging.ts';
import { openData } from './open.ts';

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
  const opened = openData(config);
  const lock = acquireLock(join(config.dataDir, 'serve.lock'));
  if (!lock)
    throw new CommandFailure(
      `another paycore serves ${config.dataDir} already. Stop it first, or set PAYCORE_DATA_DIR.`,
    );
  const log = createServerLog(config, options.echo);
  let handle: (request: Request) => Promise<Response> | Response = () => new Response('starting', { status: 503 });
  const listener = bind(config, (request) => handle(request));
  const publicUrl = config.publicUrl ?? `${config.tls ? 'https' : 'http'}://localhost:${listener.port}`;
  let wake = () => {};
  const deps: Deps = {
    config,
    publicUrl,
    clock: { now: Date.now },
    random: randomBytes,
    log: log.log,
    store: opened.store,
    vault: opened.vault,
    http: createGatewayHttp({ log: log.log }),
    processId: makeId('proc', randomBytes),
    wake: () => wake(),
    peerOf: listener.peerOf,
  };
  await opened.store.releaseLeases();
  const app = createApp(deps);
  handle = app.handle;
  const notifications = createNotificationJob(deps);
  const scheduler = createScheduler([notifications, createPruneJob(deps)], deps);
  wake = scheduler.wake;
  scheduler.start();
  log.log.info('started', { public_url: publicUrl, port: listener.port, migrated: opened.migrated });
  return {
    deps,
    port: listener.port,
    publicUrl,
    async stop() {
      scheduler.stop();
      await Promise.race([Promise.all([listener.stop(), notifications.settled()]), Bun.sleep(DRAIN_MS)]);
      log.log.info('stopped');
      opened.db.close();
      lock.release();
      log.close();
    },
  };
}

function bind(config: Config, fetch: (request: Request) => Promise<Response> | Response): Listener {
  try {
    const tls = config.tls && {
      cert: readFileSync(config.tls.certFile, 'utf8'),
      key: readFileSync(config.tls.keyFile, 'utf8'),
    };
    return listen({ host: config.host, port: config.port, fetch, ...(tls ? { tls } : {}) });
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    if (code === 'EADDRINUSE') {
      throw new CommandFailure(
        `port ${config.port} on ${config.host} is taken. Stop what uses it, or set PAYCORE_PORT, e.g. PAYCORE_PORT=8090.`,
      );
    }
    throw new CommandFailure(`cannot listen on ${config.host}:${config.port}: ${message}`);
  }
}
