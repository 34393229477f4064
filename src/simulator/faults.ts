import type { Gateway } from './gateways.ts';
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

/** A fault as somebody asked for it. */
export interface FaultWish {
  /** A gateway's name, or `*` for every route the kind can happen to. */
  readonly route: string;
  readonly kind: FaultKind;
  /** 0 = until cleared. */
  readonly times: number;
  readonly seconds: number | null;
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string | null;
}

export interface Fault extends FaultWish {
  readonly id: number;
  readonly fired: number;
}

export function isApplicable(kind: FaultKind, gateway: Gateway): boolean {
  return kinds[kind] === 'any' || (gateway.faults ?? []).includes(kind);
}

export function isSpent(fault: Fault): boolean {
  return fault.times > 0 && fault.fired >= fault.times;
}

/** What is to go wrong, in the order it was asked for, and how often it did. */
export interface Faults {
  add(wish: FaultWish): Fault;
  /** The first fault that fits the route, counted as fired; null when nothing is to go wrong. */
  take(gateway: Gateway): Fault | null;
  list(): readonly Fault[];
  /** Answers how many there were. */
  clear(): number;
}

export function openFaults(): Faults {
  let kept: readonly Fault[] = [];
  let count = 0;
  return {
    add: (wish) => {
      const armed = kept.filter((fault) => !isSpent(fault));
      if (armed.length >= limits.faults) {
        throw new ActionError(409, 'TOO_MANY_FAULTS', `At most ${limits.faults} faults at a time.`);
      }
      count += 1;
      const fault: Fault = { ...wish, id: count, fired: 0 };
      // Spent ones stay visible for their count, but not for ever.
      const old = kept.length >= limits.faultsKept ? armed : kept;
      kept = [...old, fault];
      return fault;
    },
    take: (gateway) => {
      const isFor = (fault: Fault) => fault.route === gateway.name || fault.route === ANY_ROUTE;
      const found = kept.find((fault) => !isSpent(fault) && isFor(fault) && isApplicable(fault.kind, gateway));
      if (!found) return null;
      const fired = { ...found, fired: found.fired + 1 };
      kept = kept.map((fault) => (fault.id === found.id ? fired : fault));
      return fired;
    },
    list: () => kept,
    clear: () => {
      const cleared = kept.length;
      kept = [];
      return cleared;
    },
  };
}

export function viewFault(fault: Fault): Record<string, unknown> {
  const { id, route, kind, times, fired } = fault;
  const extras = { seconds: fault.seconds, status: fault.status, code: fault.code, message: fault.message };
  const given = Object.entries(extras).filter(([, value]) => value !== null);
  return { id, route, kind, times, fired, active: !isSpent(fault), ...Object.fromEntries(given) };
}
