import type { ComponentChildren } from 'preact';
import { Layout, type Row, Rows } from './layout.tsx';

const grouped = new Intl.NumberFormat('en');

/** What a payer is asked for. */
interface Sale {
  readonly payee: string;
  /** Before the amount. */
  readonly unit: string;
  readonly amount: string;
  readonly items: readonly string[];
  readonly orderNo: string;
}

export const saleInTwd = (merchant: string, amount: number, items: readonly string[], orderNo: string): Sale => ({
  payee: `Merchant ${merchant}`,
  unit: 'NT$',
  amount: grouped.format(amount),
  items,
  orderNo,
});

/** What a page says about the order of a sale. */
export interface PayerParts {
  readonly title: string;
  /** The title when left out. */
  readonly heading?: string;
  readonly css?: string;
  readonly rows?: readonly Row[];
  readonly note?: string | undefined;
  readonly noteCss?: string;
  /** Of the order, as its payer sees it, and what follows the name of a step there. */
  readonly path?: string;
  readonly query?: string;
  /** What the payer can press there: its name in the path, and what it is called. The first one is the main one. */
  readonly steps?: readonly (readonly [name: string, label: string])[];
  /** Fields of the first step. */
  readonly fields?: ComponentChildren;
  /** The shop's own address. */
  readonly back?: string | null;
  /** The page carries something to the shop by itself. */
  readonly hasScript?: boolean;
  readonly children?: ComponentChildren;
}

function Head({ payee, unit, amount, items, orderNo }: Sale) {
  return (
    <header class="order-head">
      <p class="quiet">{payee}</p>
      <p>
        <span class="amount large">
          <small>{unit}</small>
          {amount}
        </span>
      </p>
      {items.length > 0 && (
        <ul class="items">
          {items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      )}
      <p class="quiet">Order {orderNo}</p>
    </header>
  );
}

/** A page about one order for whoever pays it. */
export function PayerPage({ sale, ...parts }: PayerParts & { readonly sale: Sale }) {
  const { title, heading = title, css = '', rows = [], note, noteCss = 'quiet', path, query = '', steps = [] } = parts;
  return (
    <Layout title={`${title} · ${sale.orderNo}`} hasScript={parts.hasScript ?? false}>
      <Head {...sale} />
      <h1 class={css}>{heading}</h1>
      {rows.length > 0 && <Rows rows={rows} />}
      {note && <p class={noteCss}>{note}</p>}
      {parts.children}
      <div class="stack">
        {steps.map(([name, label], at) => (
          <form key={name} class="stack" method="post" action={`${path}/${name}${query}`}>
            {at === 0 && parts.fields}
            <button type="submit" class={at === 0 ? 'button' : 'button plain'} data-action={name}>
              {label}
            </button>
          </form>
        ))}
        {parts.back && (
          <a class="button plain" data-back href={parts.back}>
            Back to shop 返回商店
          </a>
        )}
      </div>
    </Layout>
  );
}
