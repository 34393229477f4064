import type { Actor } from '../../core/actor.ts';
import type { TroubleKind } from '../../core/attention.ts';
import type { Refund } from '../../core/refund.ts';
import type { Bound } from '../bind.ts';
import { type Resent, resendIfDead } from '../commands/deliveries/resend.ts';
import { type HandObstacle, type HandSettlement, settleByHand } from '../commands/refunds/by-hand.ts';
import * as troubles from '../commands/troubles.ts';
import type { StatsScope } from '../queries/counters.ts';
import * as find from '../queries/troubles.ts';

/** What needs a person. */
export interface TroubleStore {
  /** Newest first, without what is over or seen to. */
  listTroubles(input: find.TroubleListInput): Promise<readonly find.ListedTrouble[]>;
  /** Counted no further than `most`. */
  countTroubles(scope: StatsScope, now: number, most: number): Promise<number>;
  findTrouble(id: number): Promise<find.TroubleRow | null>;
  /** Whether it is known and not seen to yet. */
  hasTrouble(kind: TroubleKind, subject: string): Promise<boolean>;
  /** Raises what happens anew each time, also when somebody had seen to it before. */
  raiseTrouble(trouble: troubles.NewTrouble): Promise<void>;
  /** What has settled itself. True: it had been open. */
  closeTrouble(kind: TroubleKind, subject: string, now: number): Promise<boolean>;
  /** A person has seen to it. Null: there is no such trouble, or nobody is needed any more. */
  handleTrouble(handling: troubles.Handling): Promise<find.TroubleRow | null>;
  /** Credentials that others have taken the place of. */
  closeReplacedTroubles(replacing: troubles.Replacing): Promise<void>;
  /** Closes what is over by itself; how many that were. */
  closeStaleTroubles(now: number, limit: number): Promise<number>;
  /** Sends a notification again that was given up. Null: there is none, or it is on its way. */
  resendIfDead(outboxId: number, by: Actor, now: number): Promise<Resent | null>;
  /** A person says what the gateway's own desk shows of a refund. */
  settleRefundByHand(settlement: HandSettlement): Promise<Refund | HandObstacle>;
  findRefund(refundNo: string): Promise<Refund | null>;
}

export function troubleStore({ query, command }: Bound): TroubleStore {
  return {
    listTroubles: query(find.listTroubles),
    countTroubles: query(find.countTroubles),
    findTrouble: query(find.findTrouble),
    hasTrouble: query(find.hasTrouble),
    raiseTrouble: command(troubles.raiseAnew),
    closeTrouble: command(troubles.closeTrouble),
    handleTrouble: command(troubles.handleTrouble),
    closeReplacedTroubles: command(troubles.closeReplaced),
    closeStaleTroubles: command(troubles.closeStale),
    resendIfDead: command(resendIfDead),
    settleRefundByHand: command(settleByHand),
    findRefund: query(find.findRefund),
  };
}
