import type { VNode } from 'preact';
import { orderPath } from '../stand.ts';
import type { StandRef } from '../stands.ts';
import { Layout, Rows } from './layout.tsx';
import { ActionButton, Money, Status } from './orders.tsx';

/** An order for whoever pays it: it can be paid by a press, or not. `back`: his payment page; empty: it is not known. */
export function payersOrderPage({ stand, order }: StandRef, back: string, hasConsole: boolean): VNode {
  const title = order.orderNo || order.tradeNo;
  const [main = '', ...others] = order.isPaid
    ? []
    : ['pay', 'decline', 'expire'].filter((name) => Object.hasOwn(stand.actions, name));
  return (
    <Layout title={title}>
      <h1>{order.isPaid ? 'Paid 付款成功' : `Pay at ${stand.name} 付款`}</h1>
      <p>
        <Money order={order} isLarge /> <Status order={order} />
      </p>
      {order.number && <p class="number">{order.number}</p>}
      <Rows
        rows={[
          { name: 'Order', value: title },
          { name: 'Item', value: order.item },
          { name: 'Gateway', value: `${stand.name}, ${order.method}` },
        ]}
      />
      {main && <ActionButton order={order} action={main} back={back} isLarge />}
      {others.length > 0 && (
        <div class="actions apart">
          {others.map((action) => (
            <ActionButton key={action} order={order} action={action} back={back} />
          ))}
        </div>
      )}
      {back && (
        <a class="button plain" href={back} data-back>
          Back to the payment page 返回付款頁
        </a>
      )}
      {hasConsole && (
        <p class="more">
          <a href={orderPath(order, 'page')}>Everything about this order</a>
        </p>
      )}
    </Layout>
  );
}
