import type { ComponentChildren } from 'preact';
import { splitMoney } from '../../format.ts';
import type { Problem } from '../frame.ts';

/** A row of a list of facts; nothing at all when there is nothing to say. */
export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  if (children === null || children === undefined || children === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Text that somebody else has written, kept apart from ours in either direction. */
export function Foreign({ children }: { readonly children: string }) {
  return <bdi>{children}</bdi>;
}

export function Amount({ minor, currency }: { readonly minor: number; readonly currency: string }) {
  const { sign, digits } = splitMoney(minor, currency);
  return (
    <p class="amount">
      <small>{sign}</small>
      {digits}
    </p>
  );
}

/** What went wrong with one of the page's forms. */
export interface FormTrouble {
  readonly action: 'sync' | 'resend' | 'cancel' | 'refund';
  readonly problem: Problem;
  /** Which of several forms of this action it was. */
  readonly which: string;
}
