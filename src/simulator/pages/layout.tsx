import type { ComponentChildren } from 'preact';

interface LayoutProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly isWide?: boolean;
  readonly hasScript?: boolean;
}

/** The frame of every page. It says on each one that nothing here is real. */
export function Layout({ title, children, isWide = false, hasScript = false }: LayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Simulator`}</title>
        <link rel="stylesheet" href="/simulator/assets/simulator.css" />
        {hasScript ? <script src="/simulator/assets/simulator.js" defer /> : null}
      </head>
      <body>
        <p class="band">Simulator — no real money</p>
        <main class={isWide ? 'wide' : 'narrow'}>{children}</main>
        <footer>
          <a href="/simulator">Orders</a>
          <a href="/simulator/api">JSON API</a>
        </footer>
      </body>
    </html>
  );
}

const grouped = new Intl.NumberFormat('en');

export function Amount({ value, isLarge = false }: { readonly value: number; readonly isLarge?: boolean }) {
  return (
    <span class={isLarge ? 'amount large' : 'amount'}>
      <small>NT$</small>
      {grouped.format(value)}
    </span>
  );
}

export interface Row {
  readonly name: string;
  readonly value: ComponentChildren;
}

export function Rows({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <dl class="rows">
      {rows.map((row) => (
        <div key={row.name}>
          <dt>{row.name}</dt>
          <dd>{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}
