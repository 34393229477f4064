import type { VNode } from 'preact';
import { Amount, Layout, Rows } from '../pages/layout.tsx';
import { expireAt, type PlusOrder, type PlusStatus, payerPath, statusAt } from './order.ts';

interface Heading {
  readonly text: string;
  readonly css: string;
}

const headings: Readonly<Record<PlusStatus, Heading>> = {
  waiting: { text: 'ATM transfer 轉帳', css: '' },
  paid: { text: 'Paid 付款成功', css: 'good' },
  declined: { text: 'The bank declined 付款失敗', css: 'bad' },
  expired: { text: 'The time is over 已逾期', css: 'warn' },
};

function Choice(props: {
  readonly order: PlusOrder;
  readonly step: string;
  readonly label: string;
  readonly css: string;
}) {
  return (
    <form class="stack" method="post" action={`${payerPath(props.order)}/${props.step}`}>
      <button type="submit" class={props.css} data-action={props.step}>
        {props.label}
      </button>
    </form>
  );
}

/** What pay_url leads to. */
export function payerPage(order: PlusOrder, now: number): VNode {
  const status = statusAt(order, now);
  const heading = headings[status];
  return (
    <Layout title={heading.text}>
      <header class="order-head">
        <p class="quiet">Merchant {order.appid}</p>
        <p>
          <Amount value={order.money} isLarge />
        </p>
        <p class="quiet">Order {order.orderNo}</p>
      </header>
      <h1 class={heading.css}>{heading.text}</h1>
      <Rows
        rows={[
          { name: 'Bank code 銀行代碼', value: <code data-field="bank_code">{order.bankCode}</code> },
          { name: 'Account 帳號', value: <code data-field="account_code">{order.accountCode}</code> },
          { name: 'Pay before 繳費期限', value: expireAt(order) },
        ]}
      />
      <div class="stack">
        {status === 'paid' ? null : (
          <>
            <Choice order={order} step="approve" label="Transfer the money 轉帳" css="button" />
            <Choice order={order} step="decline" label="Let the bank decline 拒絕" css="button plain" />
          </>
        )}
        <a class="button plain" data-back href={order.returnUrl}>
          Back to shop 返回商店
        </a>
      </div>
    </Layout>
  );
}
