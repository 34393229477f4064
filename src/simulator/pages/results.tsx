import type { VNode } from 'preact';
import type { Order } from '../order.ts';
import { BackToShop, nameOfMethod, OrderHead } from './cashier.tsx';
import { Layout, type Row, Rows } from './layout.tsx';
import { pagePath } from './orders.tsx';

const infoLabels: Readonly<Record<string, string>> = {
  BankCode: 'Bank code 銀行代碼',
  vAccount: 'Account 帳號',
  PaymentNo: 'Code 繳費代碼',
  Barcode1: 'Barcode 1',
  Barcode2: 'Barcode 2',
  Barcode3: 'Barcode 3',
  ExpireDate: 'Pay before 繳費期限',
};

export function infoRows(order: Order): Row[] {
  return Object.entries(infoLabels).flatMap(([field, name]) => {
    const value = order.info[field];
    return value ? [{ name, value: <code data-field={field}>{value}</code> }] : [];
  });
}

export function paidPage(order: Order): VNode {
  return (
    <Layout title="Paid">
      <OrderHead order={order} />
      <h1 class="good">Paid 付款成功</h1>
      <Rows rows={[{ name: 'Trade number 交易編號', value: order.tradeNo }]} />
      <BackToShop order={order} />
    </Layout>
  );
}

export function numberPage(order: Order): VNode {
  return (
    <Layout title={nameOfMethod(order.method)}>
      <OrderHead order={order} />
      <h1>{nameOfMethod(order.method)}</h1>
      <Rows rows={infoRows(order)} />
      <p class="quiet">
        Nobody has to go to a counter: <a href={pagePath(order)}>pay this order here</a>.
      </p>
      <BackToShop order={order} />
    </Layout>
  );
}

/** The browser carries a result to the shop by itself; the button is for browsers without script. */
export function handOverPage(
  order: Order,
  target: string,
  fields: Readonly<Record<string, string>>,
  title: string,
): VNode {
  return (
    <Layout title={title} hasScript>
      <OrderHead order={order} />
      <h1>{title}</h1>
      <p class="quiet">Going back to the shop…</p>
      <form class="stack" method="post" action={target} accept-charset="utf-8" data-auto-submit>
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <button type="submit" class="button">
          Continue to the shop 繼續
        </button>
      </form>
    </Layout>
  );
}

/** What CVSInfo.PaymentURL leads to. */
export function storeCodePage(order: Order): VNode {
  return (
    <Layout title="Convenience store code">
      <OrderHead order={order} />
      <h1>Show this code at the store</h1>
      <Rows rows={infoRows(order)} />
    </Layout>
  );
}
