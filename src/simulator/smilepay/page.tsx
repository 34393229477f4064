import type { VNode } from 'preact';
import { Amount, Layout, Rows } from '../pages/layout.tsx';
import { findMethod } from './methods.ts';
import { payEndDate, payerPath, type SmilePayOrder, statusAt } from './order.ts';

interface Place {
  readonly title: string;
  readonly pay: string;
}

const places: Readonly<Record<string, Place>> = {
  atm: { title: 'ATM transfer 轉帳', pay: 'Transfer the money 轉帳' },
  barcode: { title: 'Store barcode 超商條碼', pay: 'Pay at the counter 繳費' },
  ibon: { title: 'ibon code ibon 代碼', pay: 'Pay at the counter 繳費' },
  famiport: { title: 'FamiPort code FamiPort 代碼', pay: 'Pay at the counter 繳費' },
};

const labels: Readonly<Record<string, string>> = {
  AtmBankNo: 'Bank code 銀行代碼',
  AtmNo: 'Account 帳號',
  IbonNo: 'Code 代碼',
  FamiNO: 'Code 代碼',
  Barcode1: 'Barcode 1',
  Barcode2: 'Barcode 2',
  Barcode3: 'Barcode 3',
};

function Head({ order }: { readonly order: SmilePayOrder }) {
  return (
    <header class="order-head">
      <p class="quiet">Merchant {order.dcvc}</p>
      <p>
        <Amount value={order.amount} isLarge />
      </p>
      <p>{order.sent.od_sob ?? ''}</p>
      <p class="quiet">Order {order.dataId || order.smilePayNo}</p>
    </header>
  );
}

function Choice(props: {
  readonly order: SmilePayOrder;
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

const notes: Readonly<Record<string, { css: string; text: string }>> = {
  declined: { css: 'bad', text: 'The bank declined. The number can still be paid.' },
  expired: { css: 'warn', text: 'The deadline is over. Paid now, the money comes in late.' },
};

/** Stands in for the cash machine and the shop's counter, where SmilePay's payers go. */
export function payerPage(order: SmilePayOrder, now: number): VNode {
  const place = places[findMethod(order.payZg)?.name ?? ''];
  const status = statusAt(order, now);
  const note = notes[status];
  const numbers = Object.entries(order.numbers).map(([name, value]) => ({
    name: labels[name] ?? name,
    value: <code data-field={name}>{value}</code>,
  }));
  const deadline = payEndDate(order);
  return (
    <Layout title={place?.title ?? 'SmilePay'}>
      <Head order={order} />
      <h1 class={status === 'paid' ? 'good' : ''}>{status === 'paid' ? 'Paid 繳費完成' : (place?.title ?? '')}</h1>
      <Rows rows={deadline === '' ? numbers : [...numbers, { name: 'Pay before 繳費期限', value: deadline }]} />
      {note && <p class={note.css}>{note.text}</p>}
      {status === 'paid' ? null : (
        <div class="stack">
          <Choice order={order} step="pay" label={place?.pay ?? 'Pay'} css="button" />
          <Choice order={order} step="decline" label="Let it fail 失敗" css="button plain" />
        </div>
      )}
    </Layout>
  );
}

export function unknownPage(): VNode {
  return (
    <Layout title="SmilePay">
      <h1>No such order 查無資料</h1>
    </Layout>
  );
}
