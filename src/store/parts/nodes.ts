import type { Bound } from '../bind.ts';
import type { Freeing } from '../commands/free-work.ts';
import * as nodes from '../commands/nodes.ts';
import type { Engine } from '../engines/engine.ts';
import { type ListedNode, listNodes } from '../queries/nodes.ts';
import type { Tx } from '../tx.ts';

/** Processes that serve on this database. */
export interface NodeStore {
  /**
   * Writes a node down that begins to serve, and says who else does. Where one process alone serves, what earlier ones had
   * taken is free at once; of looks at gateways those whose lease is no longer than `lookMs`.
   */
  enterNode(node: nodes.NewNode, lookMs: number): Promise<nodes.EnteredNode>;
  /** It lives. When it was seen, by the clock that all agree on; null: it was taken for gone, and has to enter anew. */
  seeNode(id: string, aheadMs: number, now: number): Promise<number | null>;
  /** It stops, and what it had taken is free at once. False: there is more of it. */
  leaveNode(leaving: Freeing): Promise<boolean>;
  /** Frees what one node had taken that was not seen for long, `limit` rows of each kind. Null: all live. */
  takeOverDead(by: Freeing): Promise<nodes.TakenOver | null>;
  /** The same with one that served from the same place, however lately it was seen. Null: there is none any more. */
  takeOverPredecessor(by: Freeing, place: string): Promise<nodes.TakenOver | null>;
  /** Every node that has not left or been taken over, the oldest first. */
  listNodes(now: number): Promise<readonly ListedNode[]>;
}

/** A node that is only busy must not be taken for gone. */
const SIGN_OF_LIFE = { isUrgent: true } as const;

export function nodeStore({ query, command }: Bound, { isShared }: Pick<Engine, 'isShared'>): NodeStore {
  const enter = isShared ? (tx: Tx, node: nodes.NewNode) => nodes.enterNode(tx, node) : nodes.enterAlone;
  return {
    enterNode: command<[nodes.NewNode, number], nodes.EnteredNode>(enter, SIGN_OF_LIFE),
    seeNode: command(nodes.seeNode, SIGN_OF_LIFE),
    leaveNode: command(nodes.leaveNode),
    takeOverDead: command(nodes.takeOverDead),
    takeOverPredecessor: command(nodes.takeOverPredecessor),
    listNodes: query(listNodes),
  };
}
