import type { Actor } from '../../core/actor.ts';
import type { Bound } from '../bind.ts';
import * as resend from '../commands/deliveries/resend.ts';
import * as list from '../queries/delivery-list.ts';
import type { Position } from '../queries/list-statements.ts';

/** Notifications as a desk sees them. */
export interface DeliveryStore {
  listDeliveries(query: list.DeliveryQuery): Promise<list.DeliveryPage>;
  findDelivery(webhookId: string): Promise<list.Delivery | null>;
  /** How tries to notify about a payment went, the last ones first. */
  listTries(paymentId: number, most: number): Promise<readonly list.DeliveryTry[]>;
  /** Counted up to `most`. */
  countDeadDeliveries(scope: list.DeadCount, most: number): Promise<number>;
  /** Due at once, as if it were new. Null: there is none with this id. */
  resendDelivery(webhookId: string, by: Actor, now: number): Promise<resend.Resent | null>;
  /** The same for the oldest of those that were given up; where they stand, the last one last. */
  resendDeadDeliveries(batch: resend.DeadBatch): Promise<readonly Position[]>;
}

export function deliveryStore({ query, command }: Bound): DeliveryStore {
  return {
    listDeliveries: query((on, asked: list.DeliveryQuery) => list.listDeliveries(on, asked)),
    findDelivery: query(list.findDelivery),
    listTries: query(list.listTries),
    countDeadDeliveries: query(list.countDead),
    resendDelivery: command(resend.resendDelivery),
    resendDeadDeliveries: command(resend.resendDead),
  };
}
