import type { VNode } from 'preact';
import { type Order, sentField } from '../order.ts';
import { Amount, Layout } from './layout.tsx';

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

export function nameOfMethod(method: string): string {
  return methodNames[method] ?? method;
}

export function cashierPath(order: Order, step: string): string {
  return `/Cashier/Order/${order.merchantId}/${order.merchantTradeNo}/${step}`;
}

/** Amount, items line by line (`#` separates them) and the order number. */
export function OrderHead({ order }: { readonly order: Order }) {
  return (
    <header class="order-head">
      <p class="quiet">Merchant {order.merchantId}</p>
      <p>
        <Amount value={order.amount} isLarge />
      </p>
      <ul class="items">
        {order.itemName.split('#').map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
      <p class="quiet">Order {order.merchantTradeNo}</p>
    </header>
  );
}

/** OrderResultURL makes ECPay ignore ClientBackURL (developer docs p=2862), and so does ClientRedirectURL. */
export function BackToShop({ order }: { readonly order: Order }) {
  const target = sentField(order, 'ClientBackURL').trim();
  const isIgnored = sentField(order, 'OrderResultURL') !== '' || sentField(order, 'ClientRedirectURL') !== '';
  if (target === '' || (isIgnored && order.status === 'paid')) return null;
  return (
    <a class="button plain" data-back href={target}>
      Back to shop 返回商店
    </a>
  );
}

/** Periods the shop asked for, and the payer's own instalments, which ECPay offers from 1,000 on. */
function installmentPlans(order: Order): { value: string; label: string }[] {
  if (order.method !== 'Credit') return [];
  const asked = sentField(order, 'CreditInstallment').split(',').filter(Boolean);
  const own = order.amount >= 1000 ? ['6', '12', '24', '30'] : [];
  return [
    ...asked.map((period) => ({ value: period, label: `${period} instalments` })),
    ...own.map((period) => ({ value: `flexible:${period}`, label: `${period} instalments, paid for by the payer` })),
  ];
}

function PlanChoice({ order }: { readonly order: Order }) {
  const plans = installmentPlans(order);
  if (plans.length === 0) return null;
  return (
    <label>
      <span class="quiet">How to pay</span>
      <select name="plan">
        <option value="0">At once</option>
        {plans.map((plan) => (
          <option key={plan.value} value={plan.value}>
            {plan.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function CardForms({ order }: { readonly order: Order }) {
  return (
    <div class="stack">
      <form class="stack" method="post" action={cashierPath(order, 'pay')}>
        <PlanChoice order={order} />
        <button type="submit" class="button" data-action="pay">
          Pay 付款
        </button>
      </form>
      <form class="stack" method="post" action={cashierPath(order, 'decline')}>
        <button type="submit" class="button plain" data-action="decline">
          Let the bank decline 拒絕
        </button>
      </form>
      <BackToShop order={order} />
    </div>
  );
}

export function cardPage(order: Order): VNode {
  return (
    <Layout title={nameOfMethod(order.method)}>
      <OrderHead order={order} />
      <h1>{nameOfMethod(order.method)}</h1>
      <p class="quiet">No card number is needed here: choose how the bank answers.</p>
      <CardForms order={order} />
    </Layout>
  );
}

export function declinedPage(order: Order): VNode {
  return (
    <Layout title="Declined">
      <OrderHead order={order} />
      <h1 class="bad">The bank declined</h1>
      <p class="quiet">The shop was told. The same order can still be paid.</p>
      <CardForms order={order} />
    </Layout>
  );
}

export function expiredPage(order: Order): VNode {
  return (
    <Layout title="Expired">
      <OrderHead order={order} />
      <h1 class="warn">This order has expired</h1>
      <BackToShop order={order} />
    </Layout>
  );
}

export function choosePage(order: Order, methods: readonly string[]): VNode {
  return (
    <Layout title="Choose how to pay">
      <OrderHead order={order} />
      <h1>Choose how to pay</h1>
      <form class="stack" method="post" action={cashierPath(order, 'choose')}>
        {methods.map((method) => (
          <button key={method} type="submit" class="button plain" name="method" value={method}>
            {nameOfMethod(method)}
          </button>
        ))}
      </form>
      <BackToShop order={order} />
    </Layout>
  );
}
