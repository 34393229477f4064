import type { VNode } from 'preact';
import type { SimulatorAccount } from '../options.ts';
import { Choice, Layout, labelled, Rows, Table } from '../pages/layout.tsx';
import { PayerPage, type PayerParts, saleInTwd } from '../pages/payer.tsx';
import { orderPath } from '../stand.ts';
import type { Fault } from './fields.ts';
import { cashierPath, type EcpayOrder, keyOf, sentField } from './order.ts';

const methodNames: Readonly<Record<string, string>> = {
  ALL: 'Payer’s choice',
  Credit: 'Credit card',
  ATM: 'ATM transfer',
  CVS: 'Convenience store code',
  BARCODE: 'Convenience store barcode',
  WebATM: 'Web ATM',
  ApplePay: 'Apple Pay',
  TWQR: 'TWQR',
  BNPL: 'Buy now, pay later',
  WeiXin: 'WeChat Pay',
  DigitalPayment: 'Wallet',
  UnionPay: 'UnionPay',
};

const nameOfMethod = (method: string): string => methodNames[method] ?? method;

const infoLabels = {
  BankCode: 'Bank code 銀行代碼',
  vAccount: 'Account 帳號',
  PaymentNo: 'Code 繳費代碼',
  Barcode1: 'Barcode 1',
  Barcode2: 'Barcode 2',
  Barcode3: 'Barcode 3',
  ExpireDate: 'Pay before 繳費期限',
};

/** A page about an order; `#` separates items. */
const showOrder = ({ merchantId, amount, itemName, merchantTradeNo }: EcpayOrder, parts: PayerParts): VNode => (
  <PayerPage sale={saleInTwd(merchantId, amount, itemName.split('#'), merchantTradeNo)} {...parts} />
);

/** OrderResultURL makes ECPay ignore ClientBackURL (developer docs p=2862), and so does ClientRedirectURL. */
function backOf(order: EcpayOrder): string | null {
  const isIgnored = sentField(order, 'OrderResultURL') !== '' || sentField(order, 'ClientRedirectURL') !== '';
  return isIgnored && order.status === 'paid' ? null : sentField(order, 'ClientBackURL').trim();
}

/** Periods the shop asked for, and the payer's own instalments, which ECPay offers from 1,000 on. */
function PlanChoice({ order }: { readonly order: EcpayOrder }) {
  if (order.method !== 'Credit') return null;
  const asked = sentField(order, 'CreditInstallment').split(',').filter(Boolean);
  const own = order.amount >= 1000 ? ['6', '12', '24', '30'] : [];
  const plans = [
    ...asked.map((period) => [period, `${period} instalments`] as const),
    ...own.map((period) => [`flexible:${period}`, `${period} instalments, paid for by the payer`] as const),
  ];
  return plans.length === 0 ? null : <Choice name="plan" label="How to pay" values={[['0', 'At once'], ...plans]} />;
}

/** A card, also after the bank declined it once. */
export function cardPage(order: EcpayOrder): VNode {
  const isDeclined = order.status === 'declined';
  const name = nameOfMethod(order.method);
  return showOrder(order, {
    title: isDeclined ? 'Declined' : name,
    heading: isDeclined ? 'The bank declined' : name,
    css: isDeclined ? 'bad' : '',
    note: isDeclined
      ? 'The shop was told. The same order can still be paid.'
      : 'No card number is needed here: choose how the bank answers.',
    path: cashierPath(order),
    steps: [
      ['pay', 'Pay 付款'],
      ['decline', 'Let the bank decline 拒絕'],
    ],
    fields: <PlanChoice order={order} />,
    back: backOf(order),
  });
}

export const expiredPage = (order: EcpayOrder): VNode =>
  showOrder(order, { title: 'Expired', heading: 'This order has expired', css: 'warn', back: backOf(order) });

export function choosePage(order: EcpayOrder, methods: readonly string[]): VNode {
  const form = (
    <form class="stack" method="post" action={`${cashierPath(order)}/choose`}>
      {methods.map((method) => (
        <button key={method} type="submit" class="button plain" name="method" value={method}>
          {nameOfMethod(method)}
        </button>
      ))}
    </form>
  );
  return showOrder(order, { title: 'Choose how to pay', children: form, back: backOf(order) });
}

export function paidPage(order: EcpayOrder): VNode {
  const rows = [{ name: 'Trade number 交易編號', value: order.tradeNo }];
  return showOrder(order, { title: 'Paid', heading: 'Paid 付款成功', css: 'good', rows, back: backOf(order) });
}

/** Nobody has to go to a counter. */
const PayHere = ({ order }: { readonly order: EcpayOrder }) => (
  <form class="stack" method="post" action={orderPath({ gateway: 'ecpay', key: keyOf(order) }, 'pay', '')}>
    <button type="submit" class="button" data-action="pay">
      Pay 繳費
    </button>
  </form>
);

export function numberPage(order: EcpayOrder): VNode {
  const rows = labelled(infoLabels, order.info);
  const pay = <PayHere order={order} />;
  return showOrder(order, { title: nameOfMethod(order.method), rows, children: pay, back: backOf(order) });
}

/** What CVSInfo.PaymentURL leads to. */
export function storeCodePage(order: EcpayOrder): VNode {
  const rows = labelled(infoLabels, order.info);
  if (order.status === 'paid') return showOrder(order, { title: 'Paid', heading: 'Paid 付款成功', css: 'good', rows });
  const pay = <PayHere order={order} />;
  return showOrder(order, {
    title: 'Convenience store code',
    heading: 'Show this code at the store',
    rows,
    children: pay,
  });
}

/** The browser carries a result to the shop by itself; the button is for browsers without script. */
export function handOverPage(
  order: EcpayOrder,
  target: string,
  fields: Readonly<Record<string, string>>,
  title: string,
): VNode {
  const form = (
    <form class="stack" method="post" action={target} accept-charset="utf-8" data-auto-submit>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class="button">
        Continue to the shop 繼續
      </button>
    </form>
  );
  return showOrder(order, { title, note: 'Going back to the shop…', children: form, hasScript: true });
}

/** Stands in for the bank's 3-D Secure page and for UnionPay's. */
export const securePage = (order: EcpayOrder, path: string): VNode =>
  showOrder(order, {
    title: order.method === 'UnionPay' ? 'UnionPay 銀聯卡' : 'Verify the card 3D 驗證',
    note: 'The bank would send a one-time code now. Nobody has to type one here.',
    path,
    steps: [
      ['confirm', 'The code is right 驗證成功'],
      ['fail', 'The code is wrong 驗證失敗'],
    ],
  });

export function declinedPage(order: EcpayOrder): VNode {
  const note = 'The shop was told. Go back to it to pay in another way.';
  return showOrder(order, { title: 'Declined', heading: 'The bank declined 付款失敗', css: 'bad', note });
}

/** ECPay's refusal of an order, with its code and its words. */
export const errorPage = (fault: Fault): VNode => (
  <Layout title="Transaction refused">
    <section data-error-code={fault.code}>
      <h1>Transaction refused</h1>
      <p class="quiet">交易失敗</p>
      <Rows
        rows={[
          { name: 'Error code 錯誤代碼', value: <strong>{fault.code}</strong> },
          { name: 'Message 錯誤訊息', value: fault.message },
        ]}
      />
      <p class="quiet">Nothing was ordered. Go back to the shop and try again.</p>
    </section>
  </Layout>
);

export function accountSection(accounts: readonly SimulatorAccount[]): VNode {
  const inputs = [
    { name: 'merchant_id', label: 'MerchantID', length: 10 },
    { name: 'hash_key', label: 'HashKey', length: 16 },
    { name: 'hash_iv', label: 'HashIV', length: 16 },
  ];
  return (
    <details key="ecpay">
      <summary>ECPay accounts ({accounts.length})</summary>
      <Table heads={inputs.map(({ label }) => label)}>
        {accounts.map(({ merchantId, hashKey, hashIv }) => (
          <tr key={merchantId}>
            <td>{merchantId}</td>
            <td>{hashKey}</td>
            <td>{hashIv}</td>
          </tr>
        ))}
      </Table>
      <form class="fields" method="post" action="/simulator/accounts">
        {inputs.map(({ name, label, length }) => (
          <input key={name} name={name} aria-label={label} placeholder={label} required maxLength={length} />
        ))}
        <button type="submit" class="button small plain">
          Add account
        </button>
      </form>
    </details>
  );
}
