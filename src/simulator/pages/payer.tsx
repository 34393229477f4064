import type { ComponentChildren } from 'preact';
import { Layout, type Row, Rows } from './layout.tsx';

const grouped = new Intl.NumberFormat('en');

interface PayerPageProps {
  readonly merchant: string;
  /** Whole TWD. */
  readonly amount: number;
  readonly items: readonly string[];
  readonly orderNo: string;
  readonly title: string;
  /** The title when left out. */
  readonly heading?: string;
  readonly css?: string;
  readonly rows?: readonly Row[];
  readonly note?: string;
  readonly noteCss?: string;
  /** Of the order, as its payer sees it. */
  readonly path?: string;
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

/** What a payer is asked for: amount, items line by line, and the order's number. */
function Head({ merchant, amount, items, orderNo }: PayerPageProps) {
  return (
    <header class="order-head">
      <p class="quiet">Merchant {merchant}</p>
      <p>
        <span class="amount large">
          <small>NT$</small>
          {grouped.format(amount)}
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
export function PayerPage(props: PayerPageProps) {
  const { title, heading = title, css = '', rows = [], note, noteCss = 'quiet', path, steps = [] } = props;
  return (
    <Layout title={title} hasScript={props.hasScript ?? false}>
      <Head {...props} />
      <h1 class={css}>{heading}</h1>
      {rows.length > 0 && <Rows rows={rows} />}
      {note && <p class={noteCss}>{note}</p>}
      {props.children}
      <div class="stack">
        {steps.map(([name, label], at) => (
          <form key={name} class="stack" method="post" action={`${path}/${name}`}>
            {at === 0 && props.fields}
            <button type="submit" class={at === 0 ? 'button' : 'button plain'} data-action={name}>
              {label}
            </button>
          </form>
        ))}
        {props.back && (
          <a class="button plain" data-back href={props.back}>
            Back to shop 返回商店
          </a>
        )}
      </div>
    </Layout>
  );
}
