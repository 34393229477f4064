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

export type Mark = 'tick' | 'clock' | 'cross' | 'dots';

/** The one picture of an outcome. `pathLength` lets the style sheet draw any stroke from 1 to 0. */
export function OutcomeMark(props: { mark: Mark }) {
  return (
    <Icon name={props.mark} size={72}>
      <circle cx="36" cy="36" r="34" />
      {props.mark === 'tick' && <path class="stroke" pathLength="1" d="M22 37l10 10 19-22" />}
      {props.mark === 'clock' && <path d="M36 18v18l11 8" />}
      {props.mark === 'cross' && <path d="M26 26l20 20M46 26L26 46" />}
      {props.mark === 'dots' && <path class="dots" d="M22 36h0M36 36h0M50 36h0" />}
    </Icon>
  );
}
