import type { Bound } from '../bind.ts';
import * as allowances from '../commands/allowances.ts';
import * as turns from '../commands/query-turns.ts';

/** How often gateways are called by all processes together. */
export interface PaceStore {
  /** Takes the next turn to ask about a merchant's account; gives how many milliseconds from now it is. */
  takeQueryTurn(taking: turns.TurnTaking): Promise<number>;
  /** Takes one of what a caller may; gives how long to wait, 0 when it was taken. */
  takeAllowance(taking: allowances.AllowanceTaking): Promise<number>;
  /** Nothing is left of it; asking takes nothing. */
  isUsedUp(taking: allowances.AllowanceTaking): Promise<boolean>;
}

export function paceStore({ query, command }: Bound): PaceStore {
  return {
    takeQueryTurn: command(turns.takeQueryTurn),
    takeAllowance: command(allowances.takeAllowance),
    isUsedUp: query(allowances.isUsedUp),
  };
}
