import type { VNode } from 'preact';
import { formatTaipei } from '../clock.ts';
import type { Fault } from '../faults.ts';
import type { Home } from '../options.ts';
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
  /** Of a payer, who goes back there; see `orderPath`. */
  readonly back?: string;
  readonly isLarge?: boolean;
}

export function ActionButton({ order, action, flag, back, isLarge = false }: ActionButtonProps) {
  const css = ['button', isLarge ? '' : 'small', action === 'pay' && flag === undefined ? '' : 'plain'];
  return (
    <form method="post" action={orderPath(order, action, back)}>
      {flag && <input type="hidden" name={flag} value="1" />}
      <button type="submit" class={css.filter(Boolean).join(' ')} data-action={action}>
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
        {order.number && <span class="number">{order.number}</span>}
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

/** By whatever is known of it: the order's number, the account or code, the payment's number, the item. */
function FindForm({ wanted }: { readonly wanted: string }) {
  return (
    <form class="find" method="get" action="/simulator">
      <input
        type="search"
        name="q"
        value={wanted}
        maxLength={200}
        aria-label="Find an order"
        placeholder="Order, account, code, payment or item"
      />
      <button type="submit" class="button small">
        Find
      </button>
      {wanted !== '' && (
        <a class="button small plain" href="/simulator">
          All orders
        </a>
      )}
    </form>
  );
}

interface OrdersPage {
  readonly refs: readonly StandRef[];
  /** What was looked for; empty: nothing. */
  readonly wanted: string;
  readonly faults: readonly Fault[];
  readonly sections: readonly VNode[];
  readonly home: Home;
}

export const ordersPage = ({ refs, wanted, faults, sections, home }: OrdersPage): VNode => (
  <Layout title={wanted === '' ? 'Orders' : `${wanted} · Orders`} shop={home.shop} isWide>
    <h1>Orders</h1>
    {(refs.length > 0 || wanted !== '') && <FindForm wanted={wanted} />}
    {refs.length === 0 ? (
      <p class="quiet">
        {wanted === ''
          ? 'No order yet. Create a payment in the shop and it appears here.'
          : `No order has “${wanted}”.`}
      </p>
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
