import type { VNode } from 'preact';
import { statusAt } from '../order.ts';
import { BackLink, Head, Layout, Rows, Step } from '../pages/layout.tsx';
import { expireAt, type PlusOrder, payerPath } from './order.ts';

const headings: Readonly<Record<PlusOrder['status'], { readonly text: string; readonly css: string }>> = {
  waiting: { text: 'ATM transfer 轉帳', css: '' },
  paid: { text: 'Paid 付款成功', css: 'good' },
  declined: { text: 'The bank declined 付款失敗', css: 'bad' },
  expired: { text: 'The time is over 已逾期', css: 'warn' },
};

/** What pay_url leads to. */
export function payerPage(order: PlusOrder, now: number): VNode {
  const status = statusAt(order, now);
  const { text, css } = headings[status];
  const path = payerPath(order);
  return (
    <Layout title={text}>
      <Head merchant={order.appid} amount={order.money} items={[]} orderNo={order.orderNo} />
      <h1 class={css}>{text}</h1>
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
            <Step path={path} name="approve" label="Transfer the money 轉帳" />
            <Step path={path} name="decline" label="Let the bank decline 拒絕" isPlain />
          </>
        )}
        <BackLink href={order.returnUrl} />
      </div>
    </Layout>
  );
}
