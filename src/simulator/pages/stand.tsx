import type { VNode } from 'preact';
import { formatTaipei } from '../clock.ts';
import type { Stand, StandOrder } from '../stand.ts';
import { Layout, Rows } from './layout.tsx';

function pathOf(order: StandOrder, action: string): string {
  return `/simulator/orders/${order.tradeNo || order.orderNo}/${action}?gateway=${order.gateway}`;
}

function Money({ order, isLarge = false }: { readonly order: StandOrder; readonly isLarge?: boolean }) {
  return (
    <span class={isLarge ? 'amount large' : 'amount'}>
      <small>{order.currency} </small>
      {order.amount}
    </span>
  );
}

function StandStatus({ order }: { readonly order: StandOrder }) {
  return <span class={`status ${order.isPaid ? 'paid' : 'issued'}`}>{order.status}</span>;
}

function Button({ order, action }: { readonly order: StandOrder; readonly action: string }) {
  return (
    <form method="post" action={pathOf(order, action)}>
      <button type="submit" class={action === 'pay' ? 'button small' : 'button small plain'} data-action={action}>
        {action.charAt(0).toUpperCase() + action.slice(1)}
      </button>
    </form>
  );
}

/** Orders of the gateways besides ECPay, in the list of all. */
export function StandRows({ orders }: { readonly orders: readonly StandOrder[] }) {
  if (orders.length === 0) return null;
  return (
    <ul class="orders">
      {orders.map((order) => (
        <li class="order" key={`${order.gateway}:${order.tradeNo}`}>
          <div class="what">
            <a href={pathOf(order, 'page')}>{order.orderNo || order.tradeNo}</a>
            <span class="quiet item">{order.item}</span>
            <span class="quiet">
              {order.gateway} · {order.method} · {formatTaipei(order.createdAt).slice(5, 16)}
            </span>
          </div>
          <div class="state">
            <Money order={order} />
            <StandStatus order={order} />
          </div>
          <div class="actions">
            {order.payerPage && (
              <a class="button small plain" href={order.payerPage}>
                Payer’s page
              </a>
            )}
            {(order.isPaid ? ['repeat'] : ['pay', 'decline', 'expire']).map((action) => (
              <Button key={action} order={order} action={action} />
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** One order with everything that can be done to it. */
export function standOrderPage(order: StandOrder, stand: Stand): VNode {
  const actions = Object.keys(stand.actions).filter((name) => name !== 'forge');
  const info = Object.entries(order.info).map(([name, value]) => ({ name, value }));
  return (
    <Layout title={order.orderNo || order.tradeNo} isWide>
      <h1>{order.orderNo || order.tradeNo}</h1>
      <p>
        <Money order={order} isLarge /> <StandStatus order={order} />
      </p>
      <Rows
        rows={[
          { name: 'Gateway', value: stand.name },
          { name: 'Method', value: order.method },
          { name: 'Its own number', value: order.tradeNo },
          { name: 'Made', value: formatTaipei(order.createdAt) },
          ...info,
        ]}
      />
      {order.payerPage && (
        <p>
          <a href={order.payerPage}>Payer’s page</a>
        </p>
      )}
      <div class="actions">
        {actions.map((action) => (
          <Button key={action} order={order} action={action} />
        ))}
      </div>
      {stand.forgeKinds.length > 0 && (
        <form class="fields" id="forge" method="post" action={pathOf(order, 'forge')}>
          <label>
            <span class="quiet">Forged callback</span>
            <select name="kind">
              {stand.forgeKinds.map((kind) => (
                <option key={kind} value={kind}>
                  {kind}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="button small plain">
            Forge
          </button>
        </form>
      )}
      <h2>Callbacks</h2>
      {order.callbacks.length === 0 ? (
        <p class="quiet">None yet.</p>
      ) : (
        <Rows
          rows={order.callbacks.map((record, i) => ({
            name: `${i + 1}. ${record.kind}, ${formatTaipei(record.at).slice(5)}`,
            value: `${record.status ?? record.error ?? 'failed'} ${record.answer.slice(0, 80)}`,
          }))}
        />
      )}
      <h2>Request</h2>
      <pre>{JSON.stringify(order.fields, null, 2)}</pre>
    </Layout>
  );
}
