import type { ComponentChildren, VNode } from 'preact';
import { Layout } from '../pages/layout.tsx';
import { orderNoOf, type PaypalOrder, unitOf } from './order.ts';
import { outcomes } from './plans.ts';
import { brandOf } from './views.ts';

function Head({ order }: { readonly order: PaypalOrder }) {
  const { description } = unitOf(order);
  return (
    <header class="order-head">
      <p class="quiet">PayPal · {brandOf(order)}</p>
      <p>
        <span class="amount large">
          <small>{order.amount.currency_code} </small>
          {order.amount.value}
        </span>
      </p>
      {description === undefined ? null : (
        <ul class="items">
          <li>{description}</li>
        </ul>
      )}
      <p class="quiet">Order {orderNoOf(order)}</p>
    </header>
  );
}

interface StepProps {
  readonly order: PaypalOrder;
  readonly step: string;
  readonly label: string;
  readonly isPlain?: boolean;
  readonly children?: ComponentChildren;
}

function Step({ order, step, label, isPlain = true, children }: StepProps) {
  return (
    <form class="stack" method="post" action={`/checkoutnow/${step}?token=${order.id}`}>
      {children}
      <button type="submit" class={isPlain ? 'button plain' : 'button'} data-action={step}>
        {label}
      </button>
    </form>
  );
}

function OutcomeChoice({ order }: { readonly order: PaypalOrder }) {
  return (
    <label>
      <span class="quiet">When the shop captures</span>
      <select name="outcome">
        {outcomes.map(([value, name]) => (
          <option key={value} value={value} selected={value === order.plan.kind}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Approve, decline or cancel; `isDeclined` after the payer's bank just refused. */
export function approvePage(order: PaypalOrder, isDeclined: boolean): VNode {
  return (
    <Layout title={isDeclined ? 'Declined' : 'PayPal'}>
      <Head order={order} />
      {isDeclined ? <h1 class="bad">The bank declined</h1> : <h1>Pay with PayPal</h1>}
      <p class="quiet">
        {isDeclined
          ? 'The shop is not told. Approve with something else, or go back.'
          : 'No account is needed here: choose what the payer does.'}
      </p>
      <div class="stack">
        <Step order={order} step="approve" label="Approve 同意付款" isPlain={false}>
          <OutcomeChoice order={order} />
        </Step>
        <Step order={order} step="decline" label="Let the bank decline 拒絕" />
        <Step order={order} step="cancel" label="Cancel and go back 取消" />
      </div>
    </Layout>
  );
}

/** Where an order is that a payer can do nothing about. */
export function statePage(order: PaypalOrder, title: string, back: string | null): VNode {
  return (
    <Layout title={title}>
      <Head order={order} />
      <h1>{title}</h1>
      {back === null ? null : (
        <a class="button plain" data-back href={back}>
          Back to shop 返回商店
        </a>
      )}
    </Layout>
  );
}
