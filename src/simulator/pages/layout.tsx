import type { ComponentChildren, VNode } from 'preact';

interface LayoutProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly isWide?: boolean;
  /** Of the console: payers have nothing to do there. */
  readonly hasConsole?: boolean;
  readonly hasScript?: boolean;
  /** Where its orders come from. */
  readonly shop?: string | undefined;
}

/** The frame of every page. It says on each one that nothing here is real. */
export function Layout(props: LayoutProps) {
  const { title, children, isWide = false, hasConsole = isWide, hasScript = false, shop } = props;
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
        {hasConsole && (
          <footer>
            <a href="/simulator">Orders</a>
            {shop && <a href={shop}>Shop</a>}
            <a href="/simulator/api">JSON API</a>
          </footer>
        )}
      </body>
    </html>
  );
}

export const messagePage = (title: string, text: string): VNode => (
  <Layout title={title}>
    <h1>{title}</h1>
    <p>{text}</p>
  </Layout>
);

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

/** The values that have a label, in the order of the labels. */
export const labelled = (labels: Readonly<Record<string, string>>, values: Readonly<Record<string, string>>): Row[] =>
  Object.entries(labels).flatMap(([field, name]) => {
    const value = values[field];
    return value ? [{ name, value: <code data-field={field}>{value}</code> }] : [];
  });

interface TableProps {
  readonly heads: readonly string[];
  readonly children: ComponentChildren;
}

export function Table({ heads, children }: TableProps) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  /** Each with the text that a person reads, when that is another one. */
  readonly values: readonly (string | readonly [value: string, text: string])[];
  readonly chosen?: string;
}

export function Choice({ name, label, values, chosen }: ChoiceProps) {
  const options = values.map((one) => (typeof one === 'string' ? ([one, one] as const) : one));
  return (
    <label>
      <span class="quiet">{label}</span>
      <select name={name}>
        {options.map(([value, text]) => (
          <option key={value} value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
