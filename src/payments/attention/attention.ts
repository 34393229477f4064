import type { Actor } from '../../core/actor.ts';
import { mayBeMarked, type NextStep, nextStepOf, type TroubleKind } from '../../core/attention.ts';
import { PayCoreError } from '../../core/errors.ts';
import type { Payment } from '../../core/payment.ts';
import { SECOND } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { ListedTrouble, TroublePlace, TroubleRow } from '../../store/queries/troubles.ts';
import { createCache } from '../reports/cache.ts';
import { makeCursor, readCursor } from '../reports/cursor.ts';
import type { ReportScope } from '../reports/report.ts';

/** What needs a person: one list, whatever is wrong. */

export interface AttentionItem {
  readonly id: number;
  readonly kind: TroubleKind;
  readonly next: NextStep;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** When it is over by itself. */
  readonly endsAt: number | null;
  /** Null: everybody's. */
  readonly projectId: number | null;
  readonly payment: Payment | null;
  /** What differs from one of a kind to another. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface AttentionPage {
  readonly items: readonly AttentionItem[];
  /** Null: this was the last page. */
  readonly nextCursor: string | null;
}

export interface PageOf {
  readonly cursor: string | null;
  readonly limit: number;
}

/** Further than this nobody counts. */
export const MOST_COUNTED = 100;
/** It stands on every page of the desk. */
const COUNT_CACHE_MS = 3 * SECOND;

type Parts = Pick<Deps, 'store' | 'clock' | 'vault' | 'wake'>;

export function createAttention(deps: Parts) {
  const counts = createCache<number>(deps.clock, COUNT_CACHE_MS);

  const require = async (id: number): Promise<TroubleRow> => {
    const trouble = await deps.store.findTrouble(id);
    if (!trouble || trouble.closedAt !== null) throw new PayCoreError('TROUBLE_NOT_FOUND');
    return trouble;
  };

  return {
    /** Newest first. Throws VALIDATION_FAILED for a cursor that is none. */
    async list(scope: ReportScope, { cursor, limit }: PageOf): Promise<AttentionPage> {
      const name = `attention ${scope.projectId} ${scope.kind}`;
      const found = await deps.store.listTroubles({
        scope: { projectId: scope.projectId, keyKind: scope.kind },
        now: deps.clock.now(),
        after: cursor === null ? null : readPlace(deps, name, cursor),
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      const last = page.at(-1)?.trouble;
      return {
        items: page.map(describe),
        nextCursor: last && found.length > limit ? makeCursor(deps, name, [last.since, last.id]) : null,
      };
    },
    /** How many there are, `MOST_COUNTED` at the most; some seconds old. */
    count: ({ projectId, kind }: ReportScope): Promise<number> =>
      counts.get(`${projectId} ${kind}`, () =>
        deps.store.countTroubles({ projectId, keyKind: kind }, deps.clock.now(), MOST_COUNTED),
      ),
    /** Somebody has seen to it. `since`: as he saw it; what has happened anew meanwhile stays. Throws TROUBLE_NOT_FOUND or TROUBLE_UNSETTLED. */
    async handle(id: number, by: Actor, since?: number): Promise<TroubleRow> {
      if (!mayBeMarked(nextStepOf((await require(id)).kind))) throw new PayCoreError('TROUBLE_UNSETTLED');
      const seen = since === undefined ? {} : { since };
      const handled = await deps.store.handleTrouble({ id, by, ...seen, now: deps.clock.now() });
      counts.clear();
      if (!handled) throw new PayCoreError('TROUBLE_NOT_FOUND');
      return handled;
    },
    /** Sends the notification again that it is about. Throws TROUBLE_NOT_FOUND. */
    async resend(id: number, by: Actor): Promise<TroubleRow> {
      const trouble = await require(id);
      const { outboxId } = trouble;
      const sent = outboxId === null ? null : await deps.store.resendIfDead(outboxId, by, deps.clock.now());
      counts.clear();
      if (!sent) throw new PayCoreError('TROUBLE_NOT_FOUND');
      deps.wake();
      return trouble;
    },
    /** Throws TROUBLE_NOT_FOUND. */
    find: require,
    /** Something else has settled some of it. */
    forget: () => counts.clear(),
  };
}

export type Attention = ReturnType<typeof createAttention>;

function describe({ trouble, payment }: ListedTrouble): AttentionItem {
  const { id, kind, since, endsAt, projectId, data } = trouble;
  return { id, kind, next: nextStepOf(kind), since, endsAt, projectId, payment, data };
}

function readPlace(deps: Parts, list: string, cursor: string): TroublePlace {
  const [since = 0, id = 0] = readCursor(deps, list, cursor);
  return { since, id };
}
