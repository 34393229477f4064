import type { VNode } from 'preact';
import { formatTaipei } from '../clock.ts';
import { type CallbackRecord, cardStageAt, type Order, statusAt } from '../order.ts';
import { nameOfMethod } from './cashier.tsx';
import { Amount, Layout, Rows } from './layout.tsx';
import { ActionButton, actionPath, Status } from './orders.tsx';
import { infoRows } from './results.tsx';

/** What a person may choose beside the defaults when paying by hand. */
function PayForm({ order }: { readonly order: Order }) {
  return (
    <form class="fields" method="post" action={actionPath(order, 'pay')}>
      <label class="check">
        <input type="checkbox" name="simulated" value="1" /> Simulated
      </label>
      <label>
        <span class="quiet">Callbacks</span>
        <input type="number" name="times" value="1" min="1" max="100" />
      </label>
      <label class="check">
        <input type="checkbox" name="parallel" value="1" /> All at once
      </label>
      <label>
        <span class="quiet">Delay, ms</span>
        <input type="number" name="delay_ms" value="0" min="0" max="86400000" />
      </label>
      <button type="submit" class="button small">
        Pay
      </button>
    </form>
  );
}

function ForgeForm({ order, kinds }: { readonly order: Order; readonly kinds: readonly string[] }) {
  return (
    <form class="fields" id="forge" method="post" action={actionPath(order, 'forge')}>
      <label>
        <span class="quiet">Forged callback</span>
        <select name="kind">
          {kinds.map((kind) => (
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
  );
}

function Answer({ record }: { readonly record: CallbackRecord }) {
  const text = record.error ?? `${record.status ?? ''} ${record.answer}`;
  // A forged callback that the shop takes is the bad case.
  const isForged = record.kind.startsWith('forged:');
  return <span class={record.acknowledged === isForged ? 'bad' : 'good'}>{text}</span>;
}

function CallbackLog({ records }: { readonly records: readonly CallbackRecord[] }) {
  if (records.length === 0) return <p class="quiet">None yet.</p>;
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>When</th>
            <th>What</th>
            <th>Answer</th>
            <th>Where</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record, at) => (
            <tr key={`${record.at}-${at}`}>
              <td>{formatTaipei(record.at)}</td>
              <td>{record.kind}</td>
              <td>
                <Answer record={record} />
              </td>
              <td class="quiet">{record.url}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function orderPage(order: Order, kinds: readonly string[], now: number): VNode {
  const status = statusAt(order, now);
  const stage = cardStageAt(order, now);
  const waiting = order.pending.map((item) => item.at);
  return (
    <Layout title={order.merchantTradeNo} isWide>
      <p class="quiet">{order.merchantTradeNo}</p>
      <p>
        <Amount value={order.amount} isLarge />
      </p>
      <p>
        <Status status={status} isSimulated={order.simulated} />
      </p>
      <Rows
        rows={[
          { name: 'Item', value: order.itemName.split('#').join(' · ') },
          { name: 'Method', value: `${nameOfMethod(order.method)} (${order.kind})` },
          { name: 'Merchant', value: order.merchantId },
          { name: 'Trade number', value: order.tradeNo },
          { name: 'Created', value: formatTaipei(order.createdAt) },
          ...(order.paidAt === null ? [] : [{ name: 'Paid', value: formatTaipei(order.paidAt) }]),
          ...(stage === null ? [] : [{ name: 'Card', value: `${stage}, NT$${order.card?.refunded ?? 0} paid back` }]),
          ...infoRows(order),
        ]}
      />
      <h2>Do</h2>
      {status === 'paid' ? null : <PayForm order={order} />}
      <div class="actions">
        {order.last ? <ActionButton order={order} action="repeat" label="Repeat last callback" /> : null}
        {status === 'paid' ? null : <ActionButton order={order} action="decline" label="Decline" />}
        {status === 'paid' ? null : <ActionButton order={order} action="expire" label="Expire" />}
      </div>
      <ForgeForm
        order={order}
        kinds={order.kind === 'aio' ? kinds : kinds.filter((kind) => kind !== 'duplicate-field')}
      />
      <h2>Callbacks</h2>
      {waiting.length > 0 ? <p class="warn">Next try {formatTaipei(Math.min(...waiting))}</p> : null}
      <CallbackLog records={[...order.callbacks].reverse()} />
      <details>
        <summary>Request as sent</summary>
        <pre>{JSON.stringify(order.fields, null, 2)}</pre>
      </details>
    </Layout>
  );
}
