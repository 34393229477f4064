import type { VNode } from 'preact';
import type { Order } from '../order.ts';
import { OrderHead } from './cashier.tsx';
import { Layout } from './layout.tsx';

const titles: Readonly<Record<string, string>> = {
  UnionPay: 'UnionPay 銀聯卡',
  Credit: 'Verify the card 3D 驗證',
};

function StepForm(props: {
  readonly path: string;
  readonly step: string;
  readonly label: string;
  readonly css: string;
}) {
  return (
    <form class="stack" method="post" action={`${props.path}/${props.step}`}>
      <button type="submit" class={props.css} data-action={props.step}>
        {props.label}
      </button>
    </form>
  );
}

/** Stands in for the bank's 3-D Secure page and for UnionPay's. */
export function securePage(order: Order, path: string): VNode {
  const title = titles[order.method] ?? order.method;
  return (
    <Layout title={title}>
      <OrderHead order={order} />
      <h1>{title}</h1>
      <p class="quiet">The bank would send a one-time code now. Nobody has to type one here.</p>
      <div class="stack">
        <StepForm path={path} step="confirm" label="The code is right 驗證成功" css="button" />
        <StepForm path={path} step="fail" label="The code is wrong 驗證失敗" css="button plain" />
      </div>
    </Layout>
  );
}

export function declinedResultPage(order: Order): VNode {
  return (
    <Layout title="Declined">
      <OrderHead order={order} />
      <h1 class="bad">The bank declined 付款失敗</h1>
      <p class="quiet">The shop was told. Go back to it to pay in another way.</p>
    </Layout>
  );
}
