import { ActionError, answerJson, seeOther } from './http.ts';
import { type Input, isAbsent, isForm, needChoice, readChoice, readCount, readInput, readText } from './input.ts';
import { limits } from './options.ts';
import { route } from './route.ts';
import { gatewayList } from './stands.ts';
import type { Call, Gateway, Route } from './world.ts';

const HOUR_S = 3600;
const TIMES_CAP = 10_000;
const PAGE = '/simulator#faults';

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
const ANY_ROUTE = '*';

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

type FaultWish = Omit<Fault, 'id' | 'fired'>;

function isApplicable({ route, kind }: FaultWish, gateway: Gateway): boolean {
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

function viewFault({ id, route, kind, times, fired, ...extras }: Fault): Record<string, unknown> {
  const given = Object.entries(extras).filter(([, value]) => value !== null);
  const active = times === 0 || fired < times;
  return { id, route, kind, times, fired, active, ...Object.fromEntries(given) };
}

/** Routes by name, in the order a person reads them. */
export const faultRoutes: readonly string[] = [ANY_ROUTE, ...gatewayList.map((gateway) => gateway.name)];

const readOptional = (input: Input, name: string, low: number, high: number): number | null =>
  isAbsent(input[name]) ? null : readCount(input, name, low, high, low);

function readWish(input: Input): FaultWish {
  const wish: FaultWish = {
    route: readChoice(input, 'route', faultRoutes) ?? ANY_ROUTE,
    kind: needChoice(input, 'kind', faultKinds),
    times: readCount(input, 'times', 0, TIMES_CAP, 1),
    seconds: readOptional(input, 'seconds', 0, HOUR_S),
    status: readOptional(input, 'status', 400, 599),
    code: readText(input, 'code', /^(?!1$)\d{1,10}$/),
    message: readText(input, 'message', /^.{1,200}$/u),
  };
  if (gatewayList.some((gateway) => isApplicable(wish, gateway))) return wish;
  throw new ActionError(422, 'FAULT_NOT_APPLICABLE', `${wish.kind} cannot happen to ${wish.route}.`);
}

function addFault(call: Call): Response {
  const fault = call.world.faults.add(readWish(readInput(call)));
  return isForm(call) ? seeOther(PAGE) : answerJson(viewFault(fault), 201);
}

function clearFaults(call: Call): Response {
  const cleared = call.world.faults.clear();
  return isForm(call) ? seeOther(PAGE) : answerJson({ cleared });
}

const listFaults = ({ world }: Call): Response =>
  answerJson({ faults: world.faults.list().map(viewFault), kinds: faultKinds, routes: faultRoutes });

/** What a test puts its shop on trial with. */
export const faultConsole: readonly Route[] = [
  route('GET', '/simulator/faults', listFaults),
  route('POST', '/simulator/faults', addFault),
  route('DELETE', '/simulator/faults', clearFaults),
  route('POST', '/simulator/faults/clear', clearFaults),
];
