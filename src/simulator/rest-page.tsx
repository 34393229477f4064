import type { ComponentChildren } from 'preact';
import { Layout } from './pages/layout.tsx';

interface PayerPageProps {
  readonly title: string;
  /** Class of the heading that says how it stands. */
  readonly css?: string;
  readonly heading?: string;
  /** Who asks for the money. */
  readonly payee: string;
  readonly currency: string;
  readonly amount: string;
  readonly item: string | undefined;
  readonly orderNo: string;
  readonly children?: ComponentChildren;
}

/** The page of a payer at the vendor: what is to be paid, and what can be done about it. */
export function PayerPage({ title, css, heading = title, children, ...sale }: PayerPageProps) {
  return (
    <Layout title={title}>
      <header class="order-head">
        <p class="quiet">{sale.payee}</p>
        <p>
          <span class="amount large">
            <small>{sale.currency} </small>
            {sale.amount}
          </span>
        </p>
        {sale.item === undefined ? null : (
          <ul class="items">
            <li>{sale.item}</li>
          </ul>
        )}
        <p class="quiet">Order {sale.orderNo}</p>
      </header>
      <h1 class={css}>{heading}</h1>
      {children}
    </Layout>
  );
}

interface StepProps {
  readonly action: string;
  readonly name: string;
  readonly label: string;
  readonly isMain?: boolean;
  readonly children?: ComponentChildren;
}

/** A button that a payer can press there. */
export function Step({ action, name, label, isMain = false, children }: StepProps) {
  return (
    <form class="stack" method="post" action={action}>
      {children}
      <button type="submit" class={isMain ? 'button' : 'button plain'} data-action={name}>
        {label}
      </button>
    </form>
  );
}

/** The way back to the shop, if it gave an address. */
export function WayBack({ href }: { readonly href: string | null }) {
  if (href === null) return null;
  return (
    <a class="button plain" data-back href={href}>
      Back to shop 返回商店
    </a>
  );
}
