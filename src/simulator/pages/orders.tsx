import type { VNode } from 'preact';
import { formatTaipei } from '../clock.ts';
import type { Fault } from '../faults.ts';
import { orderPath, type StandOrder } from '../stand.ts';
import type { StandRef } from '../stands.ts';
import { FaultSection } from './faults.tsx';
import { Layout } from './layout.tsx';

/** An action or an option as a person reads it. */
export const nameOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

export function Money({ order, isLarge = false }: { readonly order: StandOrder; readonly isLarge?: boolean }) {
  return (
    <span class={isLarge ? 'amount large' : 'amount'}>
      <small>{order.currency} </small>
      {order.amount}
    </span>
  );
}

export function Status({ order }: { readonly order: StandOrder }) {
  return <span class={`status ${order.isPaid ? 'paid' : order.status}`}>{order.status}</span>;
}

interface ActionButtonProps {
  readonly order: StandOrder;
  readonly action: string;
  /** An option that goes along unseen. */
  readonly flag?: string;
}

export function ActionButton({ order, action, flag }: ActionButtonProps) {
  const isMain = action === 'pay' && flag === undefined;
  return (
    <form method="post" action={orderPath(order, action)}>
      {flag && <input type="hidden" name={flag} value="1" />}
      <button type="submit" class={isMain ? 'button small' : 'button small plain'} data-action={action}>
        {flag ? `${nameOf(action)} ${flag}` : nameOf(action)}
      </button>
    </form>
  );
}

function OrderRow({ stand, order }: StandRef) {
  return (
    <li class="order">
      <div class="what">
        <a href={orderPath(order, 'page')}>{order.orderNo || order.tradeNo}</a>
        <span class="quiet item">{order.item}</span>
        <span class="quiet">
          {order.gateway} · {order.method} · {formatTaipei(order.createdAt).slice(5, 16)}
        </span>
      </div>
      <div class="state">
        <Money order={order} />
        <Status order={order} />
        {order.retryAt ? <span class="warn">callback waiting</span> : null}
      </div>
      <div class="actions">
        {order.payerPage && (
          <a class="button small plain" href={order.payerPage}>
            Payer’s page
          </a>
        )}
        {order.isPaid ? null : <ActionButton order={order} action="pay" />}
        {order.isPaid
          ? null
          : stand.payFlags?.map((flag) => <ActionButton key={flag} order={order} action="pay" flag={flag} />)}
        {(order.isPaid ? ['repeat'] : ['decline', 'expire']).map((action) => (
          <ActionButton key={action} order={order} action={action} />
        ))}
        <a class="button small plain" href={`${orderPath(order, 'page')}#forge`}>
          Forge…
        </a>
      </div>
    </li>
  );
}

export const ordersPage = (refs: readonly StandRef[], faults: readonly Fault[], sections: readonly VNode[]): VNode => (
  <Layout title="Orders" isWide>
    <h1>Orders</h1>
    {refs.length === 0 ? (
      <p class="quiet">No order yet. Create a payment in the shop and it appears here.</p>
    ) : (
      <ul class="orders">
        {refs.map(({ stand, order }) => (
          <OrderRow key={orderPath(order, 'page')} stand={stand} order={order} />
        ))}
      </ul>
    )}
    <FaultSection faults={faults} />
    {sections}
    <form method="post" action="/simulator/reset">
      <button type="submit" class="button small plain bad">
        Forget all orders
      </button>
    </form>
  </Layout>
);
