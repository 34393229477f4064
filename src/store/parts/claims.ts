import type { Bound } from '../bind.ts';
import * as claims from '../commands/claims.ts';

/** What one process does for all of them. */
export interface ClaimStore {
  /** False: somebody has it, perhaps this very process. */
  claim(claim: claims.Claim): Promise<boolean>;
  /** It is done. What is somebody else's by now stays. */
  release(name: string, owner: string): Promise<void>;
  /** Drops what processes told each other and is over; how many rows that were. `formsBefore`: of in-site forms. */
  pruneShared(now: number): Promise<number>;
}

export function claimStore({ command }: Bound): ClaimStore {
  return {
    claim: command(claims.claim),
    release: command(claims.release),
    pruneShared: command(claims.pruneShared),
  };
}
