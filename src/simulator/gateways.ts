import type { FaultKind } from './faults.ts';

/** A route of a gateway under the name that faults and the request log use. */
export interface Gateway {
  readonly name: string;
  /** The stand whose calls these are. */
  readonly stand: string;
  /** How ECPay answers there: `page` for the payer, `form` signed text, `sealed` a JSON envelope. */
  readonly shape?: 'page' | 'form' | 'sealed';
  /** Counts against the limit of queries. */
  readonly isQuery?: boolean;
  /** What can go wrong with it beside what can go wrong with every route. */
  readonly faults?: readonly FaultKind[];
}
