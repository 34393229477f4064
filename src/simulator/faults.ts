import { ActionError } from './http.ts';
import { limits } from './options.ts';

/** What can go wrong, and whether that can happen to every route or only to those that name it. */
const kinds = {
  refuse: 'some',
  duplicate: 'some',
  forbidden: 'any',
  unavailable: 'any',
  html: 'any',
  huge: 'any',
  hang: 'any',
  reset: 'any',
  lost: 'any',
  slow: 'any',
  trickle: 'any',
  half: 'any',
  charset: 'some',
  clock: 'any',
  'wrong-key': 'some',
  'other-order': 'some',
} as const;

export type FaultKind = keyof typeof kinds;
export const faultKinds = Object.keys(kinds) as readonly FaultKind[];
export const ANY_ROUTE = '*';

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

/** A fault as somebody asked for it, and how often it happened. */
export interface Fault {
  readonly id: number;
  /** A gateway's name, or `*` for every route the kind can happen to. */
  readonly route: string;
  readonly kind: FaultKind;
  /** 0 = until cleared. */
  readonly times: number;
  readonly fired: number;
  readonly seconds: number | null;
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string | null;
}

export type FaultWish = Omit<Fault, 'id' | 'fired'>;

export function isApplicable({ route, kind }: FaultWish, gateway: Gateway): boolean {
  const isHere = route === gateway.name || route === ANY_ROUTE;
  return isHere && (kinds[kind] === 'any' || (gateway.faults ?? []).includes(kind));
}

export const isSpent = (fault: Fault): boolean => fault.times > 0 && fault.fired >= fault.times;

export class Faults {
  #kept: readonly Fault[] = [];
  #count = 0;

  add(wish: FaultWish): Fault {
    const armed = this.#kept.filter((fault) => !isSpent(fault));
    if (armed.length >= limits.faults) {
      throw new ActionError(409, 'TOO_MANY_FAULTS', `At most ${limits.faults} faults at a time.`);
    }
    this.#count += 1;
    const fault: Fault = { ...wish, id: this.#count, fired: 0 };
    // Spent ones stay visible for their count, but not for ever.
    this.#kept = [...(this.#kept.length >= limits.faultsKept ? armed : this.#kept), fault];
    return fault;
  }

  /** The first fault that fits the route, counted as fired; null when nothing is to go wrong. */
  take(gateway: Gateway): Fault | null {
    const found = this.#kept.find((fault) => !isSpent(fault) && isApplicable(fault, gateway));
    if (!found) return null;
    const fired = { ...found, fired: found.fired + 1 };
    this.#kept = this.#kept.map((fault) => (fault.id === found.id ? fired : fault));
    return fired;
  }

  list(): readonly Fault[] {
    return this.#kept;
  }

  /** Answers how many there were. */
  clear(): number {
    const cleared = this.#kept.length;
    this.#kept = [];
    return cleared;
  }
}
