import type { FaultKind } from './faults.ts';

/**
 * How a gateway route answers: `page` for the payer, `form` signed text, `sealed` a JSON envelope, `browser` for the
 * script on the pay page, `xml` and `json` for services that sign nothing.
 */
export type Shape = 'page' | 'form' | 'sealed' | 'browser' | 'xml' | 'json';

/** A route of a gateway under the name that faults and the request log use. */
export interface Gateway {
  readonly name: string;
  readonly shape: Shape;
  /** The stand whose calls these are. */
  readonly stand: string;
  /** Counts against the limit of queries. */
  readonly isQuery?: boolean;
  /** What can go wrong with it beside what can go wrong with every route. */
  readonly faults?: readonly FaultKind[];
}
