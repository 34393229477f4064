import { type SendParts, USUAL_PARTS } from './alerts/send.ts';
import { type Config, type Environment, listOriginVariables, listUnknownVariables, readConfig } from './config.ts';
import { makeId } from './core/ids.ts';
import { createMovableClock, SECOND } from './core/time.ts';
import type { Deps } from './deps.ts';
import { watchClock } from './gateways/clockwatch.ts';
import type { Gateway } from './gateways/gateway.ts';
import { createGatewayHttp, type GatewayHttp, realFetch } from './gateways/http.ts';
import { GATEWAYS } from './gateways/index.ts';
import { NO_PRACTICE, type Practice, withPractice } from './gateways/practice.ts';
import { createGateways, listDriverVariables } from './gateways/registry.ts';
import type { IntakeOptions } from './http/intake.ts';
import type { LimitTable } from './http/limits.ts';
import { createAlertJob } from './jobs/alerts.ts';
import { createAttentionCounts } from './jobs/attention-counts.ts';
import { CLOCK_TOLERANCE_MS, createClockJob } from './jobs/clock.ts';
import { createClosingJob } from './jobs/closing.ts';
import { createFiguresJob } from './jobs/figures.ts';
import { createNodeJob } from './jobs/nodes.ts';
import { createNotificationJob } from './jobs/notifications.ts';
import { createPruneJob } from './jobs/prune.ts';
import { createRefundJob } from './jobs/refunds.ts';
import { createScheduler, joinSchedulers } from './jobs/scheduler.ts';
import { createSkewJob } from './jobs/skew.ts';
import { createSyncJob } from './jobs/syncs.ts';
import type { Metrics } from './metrics/index.ts';
import type { Lookup } from './notify/target.ts';
import type { MakeBackup } from './payments/backups/index.ts';
import { createServices, type Services } from './payments/index.ts';
import { limitRepeats } from './security/repeats.ts';

/** What a program is given from outside: its data, time, chance, the network. */
export interface Ports
  extends Pick<Deps, 'store' | 'vault' | 'clock' | 'random' | 'sleep' | 'log' | 'publicUrl' | 'peerOf'> {
  /** Drivers, when they are others than PayCore's own. */
  readonly gateways?: readonly Gateway[];
  /** Calls to gateways. */
  readonly http?: GatewayHttp;
  /** The built-in simulator, when this program can run it. */
  readonly practice?: Practice;
  /** Addresses of the shops' hosts. */
  readonly lookup?: Lookup;
  /** How alerts are sent, where that is otherwise than usual. */
  readonly alerts?: Partial<SendParts>;
  /** Makes a backup where it holds up nothing else; without it, here. */
  readonly makeBackup?: MakeBackup;
  readonly limits?: LimitTable;
  /** How bodies of requests are taken in, when otherwise than usual. */
  readonly bodies?: IntakeOptions;
  /** Counts what the program does, for who asks `/metrics`. */
  readonly metrics?: Metrics;
  /** Where nodes share a database, its clock counts, not this machine's. */
  readonly followsDatabase?: boolean;
  /** The name of this process, when it has one already. */
  readonly processId?: string;
  /** What people call it; without it, the host of its public URL. */
  readonly nodeName?: string;
}

/** What the environment says to a program with these drivers. Throws ConfigError. */
export function loadConfig(env: Environment, gateways: readonly Gateway[] = GATEWAYS): Config {
  return readConfig(env, listDriverVariables(gateways));
}

/** `PAYCORE_…` variables that mean nothing to PayCore or its drivers. */
export function findUnknownVariables(env: Environment): readonly string[] {
  return listUnknownVariables(env, listDriverVariables(GATEWAYS));
}

/** Names of the variables that put something else in the place of a gateway. */
export function findOriginVariables(): readonly string[] {
  return listOriginVariables(listDriverVariables(GATEWAYS));
}

export type Program = ReturnType<typeof createProgram>;

/** The one place where the program is wired: the server, the commands, the demo and the tests all start here. */
export function createProgram(config: Config, ports: Ports) {
  const { signals } = ports.store;
  const moved = ports.followsDatabase && ports.store.isShared ? createMovableClock(ports.clock) : null;
  const deps = createDeps(config, { ...ports, clock: moved ?? ports.clock }, () => {
    scheduler.wake();
    signals.send();
  });
  // What a job finds room for is nothing to the others.
  const own = { ...deps, wake: () => scheduler.wake() };
  const services = watchServices(createServices(deps, ports.makeBackup), ports.metrics);
  const jobs = {
    clock: createClockJob(deps, moved !== null),
    notifications: createNotificationJob(own, ports.lookup),
    syncs: createSyncJob(own, services.syncAttempt),
    refunds: createRefundJob(own, services.syncRefunds),
    closing: createClosingJob(deps),
    alerts: createAlertJob(own, {
      ...USUAL_PARTS,
      countAttention: createAttentionCounts(deps, services),
      ...(ports.lookup ? { lookup: ports.lookup } : {}),
      ...ports.alerts,
    }),
    prune: createPruneJob(deps),
    skew: createSkewJob(deps),
    figures: createFiguresJob(deps),
    nodes: createNodeJob(deps, moved),
  };
  const { nodes, ...work } = jobs;
  // However long a job may take, the others must not take this node for gone.
  const scheduler = joinSchedulers(createScheduler(Object.values(work), deps), createScheduler([nodes], deps));
  ports.metrics?.begin({ ...deps, jobs: Object.values(jobs) });
  return {
    deps,
    services,
    jobs,
    scheduler,
    /** Takes over what a process that is gone left half done, and gives the web application. */
    async open() {
      const others = await jobs.nodes.enter();
      if (isAlone(deps, others)) await replanAfterStop(deps);
      signals.listen(() => scheduler.wake());
      // A command needs none of it, and starts in half the time without.
      const { createApp } = await import('./http/app.ts');
      const app = createApp(deps, services, ports.limits, ports.bodies);
      const { metrics } = ports;
      return metrics ? Object.assign(app, { handle: metrics.watchRequests(app.handle, app.routes) }) : app;
    },
    /** Does what the first payer's page would wait for; no payment needs it. */
    async warm(): Promise<void> {
      const { warmPages } = await import('./http/warm.ts');
      await warmPages();
    },
    /** Ends serving: what is under way still is free for other nodes. */
    leave: (): Promise<void> => jobs.nodes.leave(),
    /** Resolves when no background work is under way. */
    async settled(): Promise<void> {
      const { notifications, syncs, refunds, alerts } = jobs;
      await Promise.all([notifications, syncs, refunds, alerts].map((job) => job.settled()));
    },
  };
}

/** One with the same name is this very node as it was before. */
function isAlone({ nodeName }: Pick<Deps, 'nodeName'>, others: readonly { readonly name: string }[]): boolean {
  return others.every(({ name }) => name === nodeName);
}

/** Only when nobody served: by the clock of a node that comes to others their plans must not be measured. */
async function replanAfterStop({ store, clock, log }: Deps): Promise<void> {
  const back = await store.replanAfterStop(clock.now(), CLOCK_TOLERANCE_MS);
  if (back > 0) log.warn('this machine’s clock was put back since the last start', { seconds: back / SECOND });
}

function watchServices(services: Services, metrics: Metrics | undefined): Services {
  return metrics ? { ...services, receiveCallback: metrics.watchCallbacks(services.receiveCallback) } : services;
}

function createDeps(config: Config, ports: Ports, wake: () => void): Deps {
  const {
    vault,
    clock,
    random,
    sleep,
    publicUrl,
    peerOf,
    metrics,
    gateways = GATEWAYS,
    practice = NO_PRACTICE,
  } = ports;
  const store = metrics?.watchStore(ports.store) ?? ports.store;
  const log = limitRepeats(ports.log, clock.elapsed);
  const http = ports.http ?? createGatewayHttp({ log, fetch: withPractice(practice, realFetch) });
  const watched = watchClock(metrics?.watchHttp(http, gateways) ?? http, { clock, log });
  return {
    config,
    publicUrl,
    clock,
    random,
    sleep,
    log,
    store,
    vault,
    gateways: createGateways(gateways),
    http: watched.http,
    practice,
    gatewayMemory: new Map(),
    clockSkew: watched.skewMs,
    processId: ports.processId ?? makeId('proc', random),
    nodeName: ports.nodeName ?? new URL(publicUrl).host,
    wake,
    readMetrics: metrics ? () => metrics.read() : null,
    peerOf,
  };
}
