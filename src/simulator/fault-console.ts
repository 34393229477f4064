import { ANY_ROUTE, type Fault, type FaultWish, faultKinds, isApplicable } from './faults.ts';
import { ActionError, answerJson, seeOther } from './http.ts';
import { type Input, isAbsent, isForm, needChoice, readChoice, readCount, readInput, readText } from './input.ts';
import { route } from './route.ts';
import { gatewayList } from './stands.ts';
import type { Call, Route } from './world.ts';

const HOUR_S = 3600;
const TIMES_CAP = 10_000;
const PAGE = '/simulator#faults';

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
