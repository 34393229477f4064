import type { ComponentChildren } from 'preact';

function Icon(props: { name: string; size: number; children: ComponentChildren }) {
  const { name, size, children } = props;
  return (
    <svg class={`icon icon-${name}`} viewBox={`0 0 ${size} ${size}`} width={size} height={size} aria-hidden="true">
      {children}
    </svg>
  );
}

export function Lock() {
  return (
    <Icon name="lock" size={16}>
      <rect x="3" y="7" width="10" height="7" rx="1.5" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </Icon>
  );
}

/** A globe: found by who cannot read the word beside it. */
export function Globe() {
  return (
    <Icon name="globe" size={16}>
      <circle cx="8" cy="8" r="6.25" />
      <path d="M1.75 8h12.5M8 1.75c2 1.8 2.9 3.9 2.9 6.25S10 12.45 8 14.25C6 12.45 5.1 10.35 5.1 8S6 3.55 8 1.75" />
    </Icon>
  );
}

export type Mark = 'tick' | 'clock' | 'cross' | 'dots' | 'line';

/** The one picture of an outcome. `pathLength` lets the style sheet draw any stroke from 1 to 0. */
export function OutcomeMark(props: { mark: Mark }) {
  return (
    <Icon name={props.mark} size={72}>
      <circle cx="36" cy="36" r="34" />
      {props.mark === 'tick' && <path class="stroke" pathLength="1" d="M22 37l10 10 19-22" />}
      {props.mark === 'clock' && <path d="M36 18v18l11 8" />}
      {props.mark === 'cross' && <path d="M26 26l20 20M46 26L26 46" />}
      {props.mark === 'line' && <path d="M24 36h24" />}
      {props.mark === 'dots' && <path class="dots" d="M22 36h0M36 36h0M50 36h0" />}
    </Icon>
  );
}

/** Ways to pay, drawn by us: no sign of any vendor. */
const KIND_PICTURES = {
  card: [
    'M4 6h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H4a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 4 6z',
    'M2.5 10h19',
    'M6 14.5h4',
  ],
  bank: ['M3.5 9.5L12 4.5l8.5 5z', 'M6 12.5v5M10 12.5v5M14 12.5v5M18 12.5v5', 'M3.5 20h17'],
  code: ['M6 3.5h12v17l-2-1.3-2 1.3-2-1.3-2 1.3-2-1.3-2 1.3z', 'M9 8h6M9 11.5h6', 'M9 15h3'],
  barcode: ['M3.5 6v12M6.5 6v12M11 6v12M14 6v12M17 6v12M20.5 6v12'],
  qr: ['M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4z', 'M14 14h2.5v2.5M20 14v2.5M14 20h2.5M20 20h0'],
  wallet: [
    'M18.5 8.5v-2A1.5 1.5 0 0 0 17 5H5.5a2 2 0 0 0 0 4H19a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 19 19H5.5a2 2 0 0 1-2-2V7',
    'M16.5 14h0',
  ],
  several: ['M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z'],
} as const;
export type KindPicture = keyof typeof KIND_PICTURES;

export function KindIcon({ picture }: { picture: KindPicture }) {
  return (
    <Icon name={picture} size={24}>
      {KIND_PICTURES[picture].map((line) => (
        <path d={line} key={line} />
      ))}
    </Icon>
  );
}
