import type { VNode } from 'preact';
import { formatTaipei } from '../clock.ts';
import type { SimulatorAccount } from '../options.ts';
import { type Order, type OrderStatus, statusAt } from '../order.ts';
import type { StandOrder } from '../stand.ts';
import { nameOfMethod } from './cashier.tsx';
import { type FaultList, FaultSection } from './faults.tsx';
import { Amount, Layout } from './layout.tsx';
import { StandRows } from './stand.tsx';

export function Status({ status, isSimulated }: { readonly status: OrderStatus; readonly isSimulated: boolean }) {
  return (
    <span class={`status ${status}`}>
      {status}
      {isSimulated ? ' (simulated)' : ''}
    </span>
  );
}

export function actionPath(order: Order, action: string): string {
  return `/simulator/orders/${order.merchantTradeNo}/${action}?merchant_id=${order.merchantId}`;
}

export function pagePath(order: Order): string {
  return actionPath(order, 'page');
}

/** A form of one button; `fields` go along unseen. */
export function ActionButton(props: {
  readonly order: Order;
  readonly action: string;
  readonly label: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly isMain?: boolean;
}) {
  return (
    <form method="post" action={actionPath(props.order, props.action)}>
      {Object.entries(props.fields ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={props.isMain ? 'button small' : 'button small plain'} data-action={props.action}>
        {props.label}
      </button>
    </form>
  );
}

function QuickActions({ order, status }: { readonly order: Order; readonly status: OrderStatus }) {
  const forgeLink = (
    <a class="button small plain" href={`${pagePath(order)}#forge`}>
      Forge…
    </a>
  );
  if (status === 'paid') {
    return (
      <div class="actions">
        <ActionButton order={order} action="repeat" label="Repeat" />
        {forgeLink}
      </div>
    );
  }
  return (
    <div class="actions">
      <ActionButton order={order} action="pay" label="Pay" isMain />
      <ActionButton order={order} action="pay" label="Pay simulated" fields={{ simulated: '1' }} />
      <ActionButton order={order} action="decline" label="Decline" />
      <ActionButton order={order} action="expire" label="Expire" />
      {forgeLink}
    </div>
  );
}

function OrderRow({ order, now }: { readonly order: Order; readonly now: number }) {
  const status = statusAt(order, now);
  const isUnheard = order.pending.length > 0;
  return (
    <li class="order">
      <div class="what">
        <a href={pagePath(order)}>{order.merchantTradeNo}</a>
        <span class="quiet item">{order.itemName.split('#').join(' · ')}</span>
        <span class="quiet">
          {nameOfMethod(order.method)} · {order.kind} · {formatTaipei(order.createdAt).slice(5, 16)}
        </span>
      </div>
      <div class="state">
        <Amount value={order.amount} />
        <Status status={status} isSimulated={order.simulated} />
        {isUnheard ? <span class="warn">callback waiting</span> : null}
      </div>
      <QuickActions order={order} status={status} />
    </li>
  );
}

function Accounts({ accounts }: { readonly accounts: readonly SimulatorAccount[] }) {
  return (
    <details>
      <summary>Accounts ({accounts.length})</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>MerchantID</th>
              <th>HashKey</th>
              <th>HashIV</th>
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => (
              <tr key={account.merchantId}>
                <td>{account.merchantId}</td>
                <td>{account.hashKey}</td>
                <td>{account.hashIv}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <form class="fields" method="post" action="/simulator/accounts">
        <input name="merchant_id" aria-label="MerchantID" placeholder="MerchantID" required maxLength={10} />
        <input name="hash_key" aria-label="HashKey" placeholder="HashKey" required maxLength={16} />
        <input name="hash_iv" aria-label="HashIV" placeholder="HashIV" required maxLength={16} />
        <button type="submit" class="button small plain">
          Add account
        </button>
      </form>
    </details>
  );
}

export function ordersPage(
  orders: readonly Order[],
  others: readonly StandOrder[],
  accounts: readonly SimulatorAccount[],
  faultList: FaultList,
  now: number,
): VNode {
  return (
    <Layout title="Orders" isWide>
      <h1>Orders</h1>
      {orders.length + others.length === 0 ? (
        <p class="quiet">No order yet. Create a payment in the shop and it appears here.</p>
      ) : (
        <ul class="orders">
          {orders.map((order) => (
            <OrderRow key={`${order.merchantId}:${order.merchantTradeNo}`} order={order} now={now} />
          ))}
        </ul>
      )}
      <StandRows orders={others} />
      <FaultSection list={faultList} />
      <Accounts accounts={accounts} />
      <form method="post" action="/simulator/reset">
        <button type="submit" class="button small plain bad">
          Forget all orders
        </button>
      </form>
    </Layout>
  );
}
