import { isForm, readInput } from './console-input.ts';
import { ActionError, answerJson, answerPage, seeOther } from './http.ts';
import { standOrderPage } from './pages/stand.tsx';
import { type Stand, type StandOrder, viewStandOrder } from './stand.ts';
import { stands } from './stands.ts';
import type { Call, World } from './world.ts';

/** An order of a gateway besides ECPay, and the stand that keeps it. */
export interface StandRef {
  readonly stand: Stand;
  readonly number: string;
  readonly order: StandOrder;
}

/** `?gateway=` tells two orders of one number apart. */
export function findInStands(call: Call): StandRef | null {
  const [number = ''] = call.params;
  const gateway = call.url.searchParams.get('gateway');
  const found = stands
    .filter((stand) => gateway === null || stand.id === gateway)
    .flatMap((stand) => {
      const order = stand.find(call.world, number);
      return order ? [{ stand, number, order }] : [];
    });
  return found.sort((one, other) => other.order.createdAt - one.order.createdAt)[0] ?? null;
}

/** Newest first. */
export function listStandOrders(world: World, count: number, gateway: string | null): readonly StandOrder[] {
  return stands
    .filter((stand) => gateway === null || stand.id === gateway)
    .flatMap((stand) => stand.newest(world, count))
    .sort((one, other) => other.createdAt - one.createdAt)
    .slice(0, count);
}

export async function actOnStand(call: Call, ref: StandRef, name: string): Promise<Response> {
  const { stand, number, order } = ref;
  const action = Object.hasOwn(stand.actions, name) ? stand.actions[name] : undefined;
  if (!action) throw new ActionError(404, 'ACTION_NOT_FOUND', `No action ${name}.`);
  await action(call.world, number, readInput(call), call.url.origin);
  const after = stand.find(call.world, number) ?? order;
  return isForm(call) ? seeOther(pagePathOf(after)) : answerJson(viewStandOrder(after));
}

export function pageOfStand({ stand, order }: StandRef): Response {
  return answerPage(standOrderPage(order, stand));
}

function pagePathOf(order: StandOrder): string {
  return `/simulator/orders/${order.tradeNo || order.orderNo}/page?gateway=${order.gateway}`;
}

export function resetStands(world: World): void {
  world.sender.clear();
  world.shelves.reset();
}
