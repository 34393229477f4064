import { answerJson } from './http.ts';
import { readCount } from './input.ts';
import { limits } from './options.ts';
import type { RequestRecord } from './request-log.ts';
import { route } from './route.ts';
import type { Call, Route } from './world.ts';

const viewRequest = (record: RequestRecord): Record<string, unknown> => ({
  at: new Date(record.at).toISOString(),
  route: record.route,
  merchant_id: record.merchantId,
  merchant_trade_no: record.orderNo,
  ...(record.fault === null ? {} : { fault: record.fault }),
  status: record.status,
});

const LIST_STANDARD = 100;

function listRequests({ url, world }: Call): Response {
  const query = Object.fromEntries(url.searchParams);
  const limit = readCount(query, 'limit', 1, limits.requestsKept, LIST_STANDARD);
  const { route, merchant_trade_no: number } = query;
  const requests = world.requests
    .newest()
    .filter((record) => route === undefined || record.route === route)
    .filter((record) => number === undefined || record.orderNo === number);
  return answerJson({ requests: requests.slice(0, limit).map(viewRequest) });
}

export const requestConsole: readonly Route[] = [route('GET', '/simulator/requests', listRequests)];
