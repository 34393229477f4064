import { isForm, readInput } from './console-input.ts';
import { ANY_ROUTE, type FaultKind, type FaultWish, faultKinds, isApplicable, viewFault } from './faults.ts';
import { ActionError, answerJson, seeOther } from './http.ts';
import { readChoice, readCount, readText } from './input.ts';
import { limits } from './options.ts';
import { viewRequest } from './request-log.ts';
import { gatewayList } from './stands.ts';
import type { Call, Route } from './world.ts';

const HOUR_S = 3600;
const LIST_STANDARD = 100;
const TIMES_CAP = 10_000;
const QUERIES_CAP = 100_000;
const PAGE = '/simulator#faults';

/** Routes by name, in the order a person reads them. */
export const faultRoutes: readonly string[] = [ANY_ROUTE, ...gatewayList.map((gateway) => gateway.name)];

function isKind(text: string): text is FaultKind {
  return faultKinds.some((kind) => kind === text);
}

/** A number that may be left out. */
function readOptional(input: Readonly<Record<string, unknown>>, name: string, low: number, high: number) {
  const value = input[name];
  return value === undefined || value === null || value === '' ? null : readCount(input, name, low, high, low);
}

function readWish(call: Call): FaultWish {
  const input = readInput(call);
  const route = readChoice(input, 'route', faultRoutes) ?? ANY_ROUTE;
  const kind = readChoice(input, 'kind', faultKinds);
  if (kind === null || !isKind(kind)) {
    throw new ActionError(400, 'INVALID_ARGUMENT', `kind must be one of ${faultKinds.join(', ')}.`);
  }
  if (!gatewayList.some((one) => (one.name === route || route === ANY_ROUTE) && isApplicable(kind, one))) {
    throw new ActionError(422, 'FAULT_NOT_APPLICABLE', `${kind} cannot happen to ${route}.`);
  }
  return {
    route,
    kind,
    times: readCount(input, 'times', 0, TIMES_CAP, 1),
    seconds: readOptional(input, 'seconds', 0, HOUR_S),
    status: readOptional(input, 'status', 400, 599),
    code: readText(input, 'code', /^(?!1$)\d{1,10}$/),
    message: readText(input, 'message', /^.{1,200}$/u),
  };
}

function addFault(call: Call): Response {
  const fault = call.world.faults.add(readWish(call));
  return isForm(call) ? seeOther(PAGE) : answerJson(viewFault(fault), 201);
}

function clearFaults(call: Call): Response {
  const cleared = call.world.faults.clear();
  return isForm(call) ? seeOther(PAGE) : answerJson({ cleared });
}

function viewLimits(call: Call): Record<string, unknown> {
  const { limiter, now } = call.world;
  const { queriesPerMinute, restSeconds } = limiter.limit();
  return {
    queries_per_minute: queriesPerMinute,
    rest_seconds: restSeconds,
    resting: limiter
      .resting(now())
      .map(({ merchantId, until }) => ({ merchant_id: merchantId, until: new Date(until).toISOString() })),
  };
}

function changeLimits(call: Call): Response {
  const input = readInput(call);
  const current = call.world.limiter.limit();
  call.world.limiter.change({
    queriesPerMinute: readCount(input, 'queries_per_minute', 0, QUERIES_CAP, current.queriesPerMinute),
    restSeconds: readCount(input, 'rest_seconds', 1, 24 * HOUR_S, current.restSeconds),
  });
  return answerJson(viewLimits(call));
}

function listRequests(call: Call): Response {
  const { searchParams } = call.url;
  const limit = readCount({ limit: searchParams.get('limit') }, 'limit', 1, limits.requestsKept, LIST_STANDARD);
  const route = searchParams.get('route');
  const merchantTradeNo = searchParams.get('merchant_trade_no');
  const requests = call.world.requests.newest(
    limit,
    (record) =>
      (route === null || record.route === route) &&
      (merchantTradeNo === null || record.merchantTradeNo === merchantTradeNo),
  );
  return answerJson({ requests: requests.map(viewRequest) });
}

/** What a test needs to put its shop on trial: faults, limits, and a log of what was called. */
export const trialRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/simulator\/faults$/,
    answer: (call) =>
      answerJson({ faults: call.world.faults.list().map(viewFault), kinds: faultKinds, routes: faultRoutes }),
  },
  { method: 'POST', path: /^\/simulator\/faults$/, answer: addFault },
  { method: 'DELETE', path: /^\/simulator\/faults$/, answer: clearFaults },
  { method: 'POST', path: /^\/simulator\/faults\/clear$/, answer: clearFaults },
  { method: 'GET', path: /^\/simulator\/limits$/, answer: (call) => answerJson(viewLimits(call)) },
  { method: 'POST', path: /^\/simulator\/limits$/, answer: changeLimits },
  { method: 'GET', path: /^\/simulator\/requests$/, answer: listRequests },
];
