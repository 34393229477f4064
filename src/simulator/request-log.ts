import { answerJson } from './http.ts';
import { readCount } from './input.ts';
import { limits } from './options.ts';
import { route } from './route.ts';
import type { Call, Route } from './world.ts';

interface RequestRecord {
  readonly at: number;
  readonly route: string;
  readonly merchantId: string;
  readonly orderNo: string;
  readonly fault: string | null;
  /** Null while it runs, and when the connection broke instead of an answer. */
  readonly status: number | null;
}

export class RequestLog {
  readonly #kept = new Map<number, RequestRecord>();
  #count = 0;

  /** Writes a call down as it arrives; what comes back writes down how it ended. */
  open(record: Omit<RequestRecord, 'status'>): (status: number | null) => void {
    this.#count += 1;
    const id = this.#count;
    this.#kept.set(id, { ...record, status: null });
    this.#kept.delete(id - limits.requestsKept);
    return (status) => {
      const current = this.#kept.get(id);
      if (current) this.#kept.set(id, { ...current, status });
    };
  }

  newest(): RequestRecord[] {
    return [...this.#kept.values()].reverse();
  }

  clear(): void {
    this.#kept.clear();
  }
}

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
