import type { VNode } from 'preact';
import { ActionError, answerPage, seeOther } from './http.ts';
import type { KeptOrder, Orders } from './order.ts';
import type { StandAction } from './stand.ts';
import type { Call, Route } from './world.ts';

interface PayerPage<T> {
  /** Of a path, with the order's key in brackets. */
  readonly path: string;
  readonly orders: Orders<T>;
  readonly show: (order: T, now: number) => VNode;
  /** What a payer can press there, by its name in the path. */
  readonly steps: Readonly<Record<string, StandAction>>;
}

/** A page on which a payer sees an order and chooses how it ends. */
export function payerRoutes<T extends KeptOrder>({ path, orders, show, steps }: PayerPage<T>): readonly Route[] {
  const needOrder = (call: Call): T => {
    const order = orders.shelf(call.world).get(call.params[0] ?? '');
    if (!order) throw new ActionError(404, 'ORDER_NOT_FOUND', 'No such order.');
    return order;
  };
  /** Pressed again, or after a step back, the page only shows how it ended. */
  const takeStep = async (call: Call): Promise<Response> => {
    const [key = '', step = ''] = call.params;
    if (needOrder(call).status !== 'paid') await steps[step]?.(call.world, key, {}, call.url.origin);
    return seeOther(call.url.pathname.slice(0, -step.length - 1));
  };
  return [
    {
      method: 'GET',
      path: new RegExp(`^${path}$`),
      answer: (call) => answerPage(show(needOrder(call), call.world.now())),
    },
    { method: 'POST', path: new RegExp(`^${path}/(${Object.keys(steps).join('|')})$`), answer: takeStep },
  ];
}
