import type { VNode } from 'preact';
import { formatTaipei } from '../clock.ts';
import type { Home } from '../options.ts';
import type { CallbackRecord } from '../sender.ts';
import { orderPath } from '../stand.ts';
import type { StandRef } from '../stands.ts';
import { Choice, Layout, Rows, Table } from './layout.tsx';
import { ActionButton, Money, nameOf, Status } from './orders.tsx';

/** What a person may choose beside the defaults when paying by hand. */
function PayForm({ stand, order }: StandRef) {
  return (
    <form class="fields" method="post" action={orderPath(order, 'pay')}>
      {[...(stand.payFlags ?? []), 'parallel'].map((flag) => (
        <label key={flag} class="check">
          <input type="checkbox" name={flag} value="1" /> {nameOf(flag)}
        </label>
      ))}
      <label>
        <span class="quiet">Callbacks</span>
        <input type="number" name="times" value="1" min="1" max="100" />
      </label>
      <label>
        <span class="quiet">Delay, ms</span>
        <input type="number" name="delay_ms" value="0" min="0" max="86400000" />
      </label>
      <button type="submit" class="button small" data-action="pay">
        Pay
      </button>
    </form>
  );
}

function ForgeForm({ stand, order }: StandRef) {
  return (
    <form class="fields" id="forge" method="post" action={orderPath(order, 'forge')}>
      <Choice name="kind" label="Forged callback" values={order.forgeKinds ?? stand.forgeKinds} />
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
    <Table heads={['When', 'What', 'Answer', 'Where']}>
      {[...records].reverse().map((record, at) => (
        <tr key={`${record.at}-${at}`}>
          <td>{formatTaipei(record.at)}</td>
          <td>{record.kind}</td>
          <td>
            <Answer record={record} />
          </td>
          <td class="quiet">{record.url}</td>
        </tr>
      ))}
    </Table>
  );
}

/** One order with everything that can be done to it. */
export function orderPage(ref: StandRef, home: Home): VNode {
  const { stand, order } = ref;
  const elsewhere = ['pay', 'forge', ...(order.isPaid ? ['decline', 'expire'] : [])];
  const others = Object.keys(stand.actions).filter((name) => !elsewhere.includes(name));
  return (
    <Layout title={order.orderNo || order.tradeNo} shop={home.shop} isWide>
      <h1>{order.orderNo || order.tradeNo}</h1>
      <p>
        <Money order={order} isLarge /> <Status order={order} />
      </p>
      {order.number && <p class="number">{order.number}</p>}
      <Rows
        rows={[
          { name: 'Gateway', value: stand.name },
          { name: 'Item', value: order.item },
          { name: 'Method', value: order.method },
          { name: 'Its own number', value: order.tradeNo },
          { name: 'Made', value: formatTaipei(order.createdAt) },
          ...Object.entries(order.info).map(([name, value]) => ({ name, value })),
        ]}
      />
      {order.payerPage && (
        <p>
          <a href={order.payerPage}>Payer’s page</a>
        </p>
      )}
      <h2>Do</h2>
      {order.isPaid ? null : <PayForm {...ref} />}
      <div class="actions">
        {others.map((action) => (
          <ActionButton key={action} order={order} action={action} />
        ))}
      </div>
      <ForgeForm {...ref} />
      <h2>Callbacks</h2>
      {order.retryAt ? <p class="warn">Next try {formatTaipei(order.retryAt)}</p> : null}
      <CallbackLog records={order.callbacks} />
      <details>
        <summary>Request as sent</summary>
        <pre>{JSON.stringify(order.fields, null, 2)}</pre>
      </details>
    </Layout>
  );
}
