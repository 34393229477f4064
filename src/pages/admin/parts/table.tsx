import type { ComponentChildren } from 'preact';

/** Where a cell stands in the card of two lines that a row is on a phone. */
export type PhonePlace = 'first' | 'first-end' | 'second' | 'second-end';

export interface Column<Row> {
  /** Tells the columns of a table apart. */
  readonly name: string;
  readonly label: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Figures stand at the end of their cell, one under the other. */
  readonly isNumber?: boolean;
  /** Left out: a phone does without it. Each place takes one column. */
  readonly phone?: PhonePlace;
  /** Only where there is room: a small desktop does without it too. */
  readonly isWide?: boolean;
  /** Gets no more room than it needs to be told apart. */
  readonly isNarrow?: boolean;
  /** Takes what room is left, two such columns half of it each; long texts end in dots. */
  readonly isLong?: boolean;
}

/**
 * Rows of 44 px on a desktop, cards of two lines on a phone. The row is the link: that of its first column covers it, so
 * that a screen reader hears one link a row, with the words of that column.
 */
export function Table<Row>(props: {
  /** What the rows are, for those who do not see them. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** Where a row leads; null: nowhere. */
  readonly hrefOf?: (row: Row) => string | null;
  /** `data-…` of a row. */
  readonly dataOf?: (row: Row) => Readonly<Record<`data-${string}`, string>>;
}) {
  const { label, columns, rows, keyOf, hrefOf, dataOf } = props;
  return (
    <table class={columns.filter(({ isLong }) => isLong).length > 1 ? 'rows two-long' : 'rows'}>
      <caption class="unseen">{label}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.name} scope="col" class={classOf(column)}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} {...dataOf?.(row)}>
            {columns.map((column, at) => (
              <td key={column.name} class={classOf(column)}>
                <Cell href={at === 0 ? (hrefOf?.(row) ?? null) : null}>{column.cell(row)}</Cell>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ href, children }: { readonly href: string | null; readonly children: ComponentChildren }) {
  if (href === null) return <div class="cell">{children}</div>;
  return (
    <a class="cell row-link" href={href}>
      {children}
    </a>
  );
}

function classOf<Row>({ isNumber, phone, isWide, isNarrow, isLong }: Column<Row>): string | undefined {
  const classes = [
    isNumber && 'number',
    isLong && 'long',
    isWide && 'wide-only',
    isNarrow && 'narrow',
    phone ? `phone-${phone}` : 'no-phone',
  ].filter(Boolean);
  return classes.join(' ') || undefined;
}

/** What stands where there are no rows: what this is, and the one next action. */
export function Empty(props: { readonly message: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>{props.message}</p>
      {props.children}
    </div>
  );
}
