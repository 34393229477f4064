import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';
import type { Job } from '../jobs/job.ts';
import type { Store } from '../store/store.ts';
import type { Instruments } from './instruments.ts';

/** What is looked up when somebody asks, and not counted as it happens. */
export interface Sources extends Pick<Deps, 'clock' | 'clockSkew'> {
  readonly store: Store;
  readonly jobs: readonly Job[];
}

/** What was read from the database is good for so long, however many ask. */
const KEPT_MS = 5 * SECOND;
/** Whoever asks hears of everything else, also while the database hangs. */
const PATIENCE_MS = 3 * SECOND;

export function createReadings(
  instruments: Instruments,
  { store, jobs, clock, clockSkew }: Sources,
  patienceMs = PATIENCE_MS,
) {
  const readDeltas = createDeltaWatch(store, clock);
  let kept: { readonly until: number; readonly read: Promise<void> } | null = null;

  const readDatabase = async (): Promise<void> => {
    try {
      const now = clock.now();
      const [workload, dues, deltas] = await inTime(
        Promise.all([store.readWorkload(now), readDues(store), readDeltas()]),
        patienceMs,
      );
      const { notifications, oldestNotificationAt, nodes, databaseBytes } = workload;
      for (const [state, count] of Object.entries(notifications)) instruments.notifications.set({ state }, count);
      for (const [state, count] of Object.entries(nodes)) instruments.nodes.set({ state }, count);
      for (const [work, due] of Object.entries(dues)) instruments.dueLag.set({ work }, secondsSince(due, now));
      instruments.dueLag.set({ work: 'figures' }, deltas.waitedMs / SECOND);
      instruments.figureDeltas.set(deltas.count);
      instruments.notificationAge.set(secondsSince(oldestNotificationAt, now));
      if (databaseBytes === null) instruments.databaseSize.remove();
      else instruments.databaseSize.set(databaseBytes);
      instruments.databaseUp.set(1);
    } catch {
      // What is not known is not told: an old figure would look like a good one.
      for (const gauge of [instruments.notifications, instruments.nodes, instruments.dueLag]) gauge.reset();
      const { figureDeltas, notificationAge, databaseSize } = instruments;
      for (const gauge of [figureDeltas, notificationAge, databaseSize]) gauge.remove();
      instruments.databaseUp.set(0);
    }
  };

  const readProcess = (): void => {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    instruments.memory.set(rss);
    instruments.heap.set(heapUsed);
    instruments.cpu.set((user + system) / 1_000_000);
    instruments.clockSkew.set((clockSkew() ?? 0) / SECOND);
    for (const { name, load } of jobs) {
      const { waiting, underWay } = load?.() ?? {};
      if (waiting !== undefined) instruments.workWaiting.set({ work: name }, waiting);
      if (underWay !== undefined) instruments.workUnderWay.set({ work: name }, underWay);
    }
  };

  return async (): Promise<void> => {
    readProcess();
    const now = clock.elapsed();
    if (!kept || now >= kept.until) kept = { until: now + KEPT_MS, read: readDatabase() };
    await kept.read;
  };
}

function secondsSince(at: number | null, now: number): number {
  return at === null ? 0 : Math.max(0, now - at) / SECOND;
}

/** When the oldest row of each work is or was due. */
async function readDues(store: Store): Promise<Readonly<Record<string, number | null>>> {
  const [notifications, checks, refunds, closing, alerts] = await Promise.all([
    store.findNextNotification(),
    store.findNextSync(),
    store.findNextRefundSync(),
    store.findNextClosing(),
    readAlertDue(store),
  ]);
  return { notifications, checks, refunds, closing, alerts };
}

async function readAlertDue(store: Store): Promise<number | null> {
  const channels = await store.listAlertChannels();
  const found = await Promise.all(channels.map(store.findNextAlert));
  const dues = found.filter((due) => due !== null);
  return dues.length === 0 ? null : Math.min(...dues);
}

/** Changes of figures carry no time: how long the oldest waits is known by how long it has been seen waiting. */
function createDeltaWatch(store: Store, clock: Deps['clock']) {
  let seen: { readonly id: number; readonly since: number } | null = null;
  return async (): Promise<{ readonly count: number; readonly waitedMs: number }> => {
    const { count, oldestId } = await store.readFigureDeltas();
    const now = clock.elapsed();
    if (oldestId === null) seen = null;
    else if (seen?.id !== oldestId) seen = { id: oldestId, since: now };
    return { count, waitedMs: seen ? now - seen.since : 0 };
  };
}

async function inTime<T>(work: Promise<T>, patienceMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, patienceMs, new Error(`no answer within ${patienceMs} ms`));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
