import { statusAt } from '../order.ts';
import { labelled } from '../pages/layout.tsx';
import { PayerPage, saleInTwd } from '../pages/payer.tsx';
import { findMethod } from './methods.ts';
import { payEndDate, payerPath, type SmilePayOrder } from './order.ts';

/** Title of the page, and what a payer presses there. */
const places: Readonly<Record<string, readonly [string, string]>> = {
  atm: ['ATM transfer 轉帳', 'Transfer the money 轉帳'],
  barcode: ['Store barcode 超商條碼', 'Pay at the counter 繳費'],
  ibon: ['ibon code ibon 代碼', 'Pay at the counter 繳費'],
  famiport: ['FamiPort code FamiPort 代碼', 'Pay at the counter 繳費'],
};

const labels = {
  AtmBankNo: 'Bank code 銀行代碼',
  AtmNo: 'Account 帳號',
  IbonNo: 'Code 代碼',
  FamiNO: 'Code 代碼',
  Barcode1: 'Barcode 1',
  Barcode2: 'Barcode 2',
  Barcode3: 'Barcode 3',
  PayEndDate: 'Pay before 繳費期限',
};

const notes: Readonly<Record<string, { noteCss: string; note: string }>> = {
  declined: { noteCss: 'bad', note: 'The bank declined. The number can still be paid.' },
  expired: { noteCss: 'warn', note: 'The deadline is over. Paid now, the money comes in late.' },
};

/** Stands in for the cash machine and the shop's counter, where SmilePay's payers go. */
export function payerPage(order: SmilePayOrder, now: number) {
  const [title, pay] = places[findMethod(order.payZg)?.name ?? ''] ?? ['SmilePay', 'Pay'];
  const status = statusAt(order, now);
  const isPaid = status === 'paid';
  const item = order.sent.od_sob;
  const numbers = { ...order.numbers, PayEndDate: payEndDate(order) };
  return (
    <PayerPage
      sale={saleInTwd(order.dcvc, order.amount, item ? [item] : [], order.dataId || order.smilePayNo)}
      title={title}
      heading={isPaid ? 'Paid 繳費完成' : title}
      css={isPaid ? 'good' : ''}
      rows={labelled(labels, numbers)}
      {...notes[status]}
      path={payerPath(order)}
      steps={isPaid ? [] : [['pay', pay] as const, ['decline', 'Let it fail 失敗'] as const]}
    />
  );
}
