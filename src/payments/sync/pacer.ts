import type { SyncTrigger } from '../../core/lifecycle/sync.ts';
import { SECOND } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { GatewayHttp } from '../../gateways/http.ts';
import type { AccountKey } from '../../store/commands/cooldowns.ts';

/**
 * Spaces questions to one merchant's account, whatever the queue: ECPay shuts out whoever asks too often. No clock is
 * looked at, so that one which is put right neither opens the gate nor keeps it shut.
 */
const SPACING_MS = 250;

/**
 * So many may wait for their turn. Callers of the API wait, up to the twenty seconds that a client has patience for; what
 * the schedule looks at must not sleep long in one of its few places, which all gateways share; and of what payers cause
 * only a few wait, behind everybody else, while no payer does.
 */
const ROOM: Readonly<Record<SyncTrigger, number>> = { request: (20 * SECOND) / SPACING_MS, schedule: 12, page: 8 };

/** Callers that never end must not put off the others for ever: so often a turn is theirs when they wait. */
const TURN_EVERY = { page: 8, schedule: 4 } as const;

/** `further`: what a question under way needs besides its first call. */
type Lane = SyncTrigger | 'further';

interface Account {
  readonly waiting: Readonly<Record<Lane, (() => void)[]>>;
  /** Turns that were given since these had their last. */
  readonly since: Record<keyof typeof TURN_EVERY, number>;
}

export type Pacer = ReturnType<typeof createPacer>;

export function createPacer(deps: Pick<Deps, 'sleep'>) {
  /** Accounts whose next turn is not there yet. */
  const busy = new Map<string, Account>();

  const rest = (key: string, account: Account): void => {
    deps.sleep(SPACING_MS).then(() => {
      const next = takeNext(account);
      if (!next) return busy.delete(key);
      next();
      return rest(key, account);
    });
  };

  const isFree = (of: AccountKey): boolean => !busy.has(nameOf(of));

  return {
    /** Somebody who asks now need not wait. */
    isFree,

    /** How many milliseconds there are until a turn for whom there is no room to wait; null: there is. */
    findDelay(of: AccountKey, trigger: SyncTrigger): number | null {
      const waiting = busy.get(nameOf(of))?.waiting;
      if (!waiting || waiting[trigger].length < ROOM[trigger]) return null;
      return (1 + waiting[trigger].length) * SPACING_MS;
    },

    /** Resolves when it is their turn. */
    takeTurn(of: AccountKey, lane: Lane): Promise<void> {
      const key = nameOf(of);
      const account = busy.get(key);
      if (account) return new Promise((resolve) => account.waiting[lane].push(resolve));
      const added: Account = {
        waiting: { further: [], request: [], schedule: [], page: [] },
        since: { page: 0, schedule: 0 },
      };
      busy.set(key, added);
      rest(key, added);
      return Promise.resolve();
    },
  };
}

function nameOf({ gateway, environment, merchantId }: AccountKey): string {
  return [gateway, environment, merchantId].join(' ');
}

function takeNext({ waiting, since }: Account): (() => void) | undefined {
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
