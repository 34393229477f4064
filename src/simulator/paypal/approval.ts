import { ActionError } from '../http.ts';
import type { SendPlan } from '../sender.ts';
import type { World } from '../world.ts';
import { approvedEvent } from './events.ts';
import { changeOrder, contextOf, isGone, ordersOf, type PaypalOrder } from './order.ts';
import { PAYER_ID } from './views.ts';
import { sendEvent } from './webhooks.ts';

export function refresh(world: World, order: PaypalOrder): PaypalOrder {
  return ordersOf(world).get(order.id) ?? order;
}

/** PayPal takes no money for an order that is gone. */
export function needAlive(world: World, order: PaypalOrder): PaypalOrder {
  if (isGone(order, world.now())) throw new ActionError(409, 'ORDER_EXPIRED', 'PayPal has dropped this order.');
  return order;
}

/** The payer agrees; the money moves when the order is captured. An order past that stays as it is. */
export function approve(world: World, order: PaypalOrder): PaypalOrder {
  needAlive(world, order);
  return order.stage === 'open' ? changeOrder(world, order.id, () => ({ stage: 'approved' })) : order;
}

export async function tellApproval(world: World, order: PaypalOrder, plan: SendPlan): Promise<void> {
  await sendEvent(world, order, approvedEvent(world, order), plan);
}

function addQuery(address: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  const added = new URLSearchParams(query).toString();
  // What the shop's address already asks stays byte for byte.
  url.search = url.search === '' ? added : `${url.search}&${added}`;
  return url.href;
}

/** Where the payer goes after approval; null when the shop gave no address. */
export function returnAddress(order: PaypalOrder): string | null {
  const { return_url } = contextOf(order);
  return return_url === undefined ? null : addQuery(return_url, { token: order.id, PayerID: PAYER_ID });
}

export function cancelAddress(order: PaypalOrder): string | null {
  const { cancel_url } = contextOf(order);
  return cancel_url === undefined ? null : addQuery(cancel_url, { token: order.id });
}
