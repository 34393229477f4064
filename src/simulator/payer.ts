import type { VNode } from 'preact';
import { answerPage, refuseAction, seeOther } from './http.ts';
import type { KeptOrder, Orders } from './order.ts';
import { route } from './route.ts';
import type { Work } from './stand.ts';
import type { Call, Route } from './world.ts';

interface PayerPage<T extends KeptOrder> {
  /** Of a path, with the order's key in brackets. */
  readonly path: string;
  readonly orders: Orders<T>;
  readonly show: (order: T, now: number) => VNode;
  /** What a payer can press there, by its name in the path. */
  readonly steps: Readonly<Record<string, Work<T>>>;
}

/** A page on which a payer sees an order and chooses how it ends. */
export function payerRoutes<T extends KeptOrder>({ path, orders, show, steps }: PayerPage<T>): readonly Route[] {
  const needOrder = ({ world, params }: Call): T =>
    orders.shelf(world).get(params[0] ?? '') ?? refuseAction('ORDER_NOT_FOUND', 'No such order.', 404);
  /** Pressed again, or after a step back, the page only shows how it ended. */
  const takeStep = async (call: Call): Promise<Response> => {
    const { world, url, params } = call;
    const step = params[1] ?? '';
    const order = needOrder(call);
    if (order.status !== 'paid') await steps[step]?.(world, order, {}, url.origin);
    return seeOther(url.pathname.slice(0, -step.length - 1));
  };
  return [
    route('GET', path, (call) => answerPage(show(needOrder(call), call.world.now()))),
    route('POST', `${path}/(${Object.keys(steps).join('|')})`, takeStep),
  ];
}
