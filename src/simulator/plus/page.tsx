import { statusAt } from '../order.ts';
import { labelled } from '../pages/layout.tsx';
import { PayerPage, saleInTwd } from '../pages/payer.tsx';
import { expireAt, type PlusOrder, payerPath } from './order.ts';

const headings: Readonly<Record<PlusOrder['status'], readonly [string, string]>> = {
  waiting: ['ATM transfer 轉帳', ''],
  paid: ['Paid 付款成功', 'good'],
  declined: ['The bank declined 付款失敗', 'bad'],
  expired: ['The time is over 已逾期', 'warn'],
};

const labels = { bank_code: 'Bank code 銀行代碼', account_code: 'Account 帳號', expire_at: 'Pay before 繳費期限' };

/** What pay_url leads to. */
export function payerPage(order: PlusOrder, now: number) {
  const status = statusAt(order, now);
  const [title, css] = headings[status];
  const numbers = { bank_code: order.bankCode, account_code: order.accountCode, expire_at: expireAt(order) };
  const steps = [
    ['approve', 'Transfer the money 轉帳'],
    ['decline', 'Let the bank decline 拒絕'],
  ] as const;
  return (
    <PayerPage
      sale={saleInTwd(order.appid, order.money, [], order.orderNo)}
      title={title}
      css={css}
      rows={labelled(labels, numbers)}
      path={payerPath(order)}
      steps={status === 'paid' ? [] : steps}
      back={order.returnUrl}
    />
  );
}
