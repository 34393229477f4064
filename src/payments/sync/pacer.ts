import type { SyncTrigger } from '../../core/lifecycle/sync.ts';
import { SECOND } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { GatewayHttp } from '../../gateways/http.ts';
import type { AccountKey } from '../../store/commands/cooldowns.ts';

/**
 * Spaces questions to one merchant's account, whatever the queue: ECPay shuts out whoever asks too often. No clock of this
 * machine is looked at, so that one which is put right neither opens the gate nor keeps it shut. Where several processes
 * serve, the database gives out the turns, so that all of them together ask no more often than one; who of those that wait
 * here goes in a turn is decided when it is there.
 */
const SPACING_MS = 250;

/**
 * So long may be waited for a turn. Callers of the API wait, up to the twenty seconds that a client has patience for; what
 * the schedule looks at must not sleep long in one of its few places, which all gateways share; and of what payers cause
 * only a few wait, behind everybody else, while no payer does.
 */
const PATIENCE_MS: Readonly<Record<SyncTrigger, number>> = {
  request: 20 * SECOND,
  schedule: 3 * SECOND,
  page: 2 * SECOND,
};

/** Callers that never end must not put off the others for ever: so often a turn is theirs when they wait. */
const TURN_EVERY = { page: 8, schedule: 4 } as const;

/** `further`: what a question under way needs besides its first call. */
type Lane = SyncTrigger | 'further';

interface Waiting {
  go(): void;
  /** There will be no turn. */
  fail(error: unknown): void;
  /** There is no room to wait any more: a turn may be had in so many milliseconds. Null: waits however long it takes. */
  readonly turnAway: ((delayMs: number) => void) | null;
}

interface Account {
  readonly waiting: Readonly<Record<Lane, Waiting[]>>;
  /** Turns that were given since these had their last. */
  readonly since: Record<keyof typeof TURN_EVERY, number>;
  /** How long it has been between turns lately: other processes may ask about the same account. */
  paceMs: number;
}

type Parts = Pick<Deps, 'sleep' | 'clock'> & { readonly store: Pick<Deps['store'], 'isShared' | 'takeQueryTurn'> };

export type Pacer = ReturnType<typeof createPacer>;

export function createPacer(deps: Parts, spacingMs = SPACING_MS) {
  /** Accounts whose next turn is not there yet. */
  const busy = new Map<string, Account>();

  const comeUp = async (of: AccountKey, account: Account): Promise<void> => {
    const waitMs = await deps.store.takeQueryTurn({ account: of, spacingMs, now: deps.clock.now() });
    account.paceMs = (account.paceMs + spacingMs + waitMs) / 2;
    turnAwayOver(account);
    if (waitMs > 0) await deps.sleep(waitMs);
  };

  /** Gives turns until nobody waits any more. Without the database there are none, and nobody asks. */
  const serve = async (of: AccountKey, account: Account): Promise<void> => {
    try {
      do {
        if (deps.store.isShared) await comeUp(of, account);
        takeNext(account)?.go();
        await deps.sleep(spacingMs);
      } while (listWaiting(account).length > 0);
    } catch (error) {
      for (const one of listWaiting(account)) one.fail(error);
    } finally {
      busy.delete(nameOf(of));
    }
  };

  const isFree = (of: AccountKey): boolean => !busy.has(nameOf(of));

  const join = (of: AccountKey, lane: Lane, one: Waiting): void => {
    const known = busy.get(nameOf(of));
    const account = known ?? openAccount(spacingMs);
    account.waiting[lane].push(one);
    if (known) return;
    busy.set(nameOf(of), account);
    void serve(of, account);
  };

  return {
    /** Nobody of this process has to wait before somebody who asks now. */
    isFree,

    /**
     * Resolves with null when it is their turn; with how many milliseconds there are until one as soon as it is known that
     * it would not come in time. Rejects with STORAGE_UNAVAILABLE where the database has to give it and cannot.
     */
    async askForTurn(of: AccountKey, trigger: SyncTrigger): Promise<number | null> {
      const account = busy.get(nameOf(of));
      const delay = account ? delayOf(account, trigger, account.waiting[trigger].length) : null;
      if (delay !== null) return delay;
      const turn = Promise.withResolvers<number | null>();
      join(of, trigger, { go: () => turn.resolve(null), fail: turn.reject, turnAway: turn.resolve });
      return turn.promise;
    },

    /** The same for those that wait however long it takes. */
    takeTurn(of: AccountKey, lane: Lane): Promise<void> {
      const turn = Promise.withResolvers<void>();
      join(of, lane, { go: turn.resolve, fail: turn.reject, turnAway: null });
      return turn.promise;
    },
  };
}

/** How many milliseconds there are until a turn for whom there is no room to wait behind so many; null: there is. */
function delayOf({ paceMs }: Account, trigger: SyncTrigger, ahead: number): number | null {
  return ahead < Math.floor(PATIENCE_MS[trigger] / paceMs) ? null : Math.ceil((1 + ahead) * paceMs);
}

/** Turns are further apart than they were when these came: those for whom there is no room any more hear so now. */
function turnAwayOver(account: Account): void {
  for (const trigger of ['request', 'schedule', 'page'] as const) {
    const lane = account.waiting[trigger];
    // The newest first: they are behind all others. Who is in front of his lane has waited for it.
    for (let ahead = lane.length - 1; ahead > 0; ahead -= 1) {
      const delayMs = delayOf(account, trigger, ahead);
      if (delayMs === null) break;
      const turnAway = lane[ahead]?.turnAway;
      if (!turnAway) continue;
      lane.splice(ahead, 1);
      turnAway(delayMs);
    }
  }
}

function openAccount(paceMs: number): Account {
  return {
    waiting: { further: [], request: [], schedule: [], page: [] },
    // The first turn is nobody's instead of somebody else's.
    since: { page: -1, schedule: -1 },
    paceMs,
  };
}

function listWaiting({ waiting }: Account): readonly Waiting[] {
  return Object.values(waiting).flat();
}

function nameOf({ gateway, environment, merchantId }: AccountKey): string {
  return [gateway, environment, merchantId].join(' ');
}

function takeNext({ waiting, since }: Account): Waiting | undefined {
  if (waiting.further.length > 0) return waiting.further.shift();
  since.page += 1;
  since.schedule += 1;
  const waits = (lane: Lane) => waiting[lane].length > 0;
  const overdue = (['page', 'schedule'] as const).find((lane) => waits(lane) && since[lane] >= TURN_EVERY[lane]);
  const lane = overdue ?? (['request', 'schedule', 'page'] as const).find(waits) ?? 'request';
  if (lane !== 'request') since[lane] = 0;
  return waiting[lane].shift();
}

/** One turn is one call: what a question needs besides the first takes turns of its own, before anybody else's. */
export function spaceCalls(http: GatewayHttp, pacer: Pacer, account: AccountKey): GatewayHttp {
  let calls = 0;
  const wait = async (): Promise<void> => {
    calls += 1;
    if (calls > 1) await pacer.takeTurn(account, 'further');
  };
  return {
    get: async (url, options) => {
      await wait();
      return http.get(url, options);
    },
    post: async (url, options) => {
      await wait();
      return http.post(url, options);
    },
  };
}
