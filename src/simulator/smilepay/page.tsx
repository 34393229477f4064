import type { VNode } from 'preact';
import { statusAt } from '../order.ts';
import { Head, Layout, labelled, Rows, Step } from '../pages/layout.tsx';
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
};

const notes: Readonly<Record<string, { css: string; text: string }>> = {
  declined: { css: 'bad', text: 'The bank declined. The number can still be paid.' },
  expired: { css: 'warn', text: 'The deadline is over. Paid now, the money comes in late.' },
};

/** Stands in for the cash machine and the shop's counter, where SmilePay's payers go. */
export function payerPage(order: SmilePayOrder, now: number): VNode {
  const [title, pay] = places[findMethod(order.payZg)?.name ?? ''] ?? ['SmilePay', 'Pay'];
  const status = statusAt(order, now);
  const note = notes[status];
  const deadline = payEndDate(order);
  const numbers = labelled(labels, order.numbers);
  const path = payerPath(order);
  return (
    <Layout title={title}>
      <Head
        merchant={order.dcvc}
        amount={order.amount}
        items={order.sent.od_sob ? [order.sent.od_sob] : []}
        orderNo={order.dataId || order.smilePayNo}
      />
      <h1 class={status === 'paid' ? 'good' : ''}>{status === 'paid' ? 'Paid 繳費完成' : title}</h1>
      <Rows rows={deadline === '' ? numbers : [...numbers, { name: 'Pay before 繳費期限', value: deadline }]} />
      {note && <p class={note.css}>{note.text}</p>}
      {status === 'paid' ? null : (
        <div class="stack">
          <Step path={path} name="pay" label={pay} />
          <Step path={path} name="decline" label="Let it fail 失敗" isPlain />
        </div>
      )}
    </Layout>
  );
}
