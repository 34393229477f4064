import { limits } from './options.ts';

/** One call of a gateway route. */
export interface RequestRecord {
  readonly at: number;
  readonly route: string;
  readonly merchantId: string;
  readonly merchantTradeNo: string;
  readonly fault: string | null;
  /** Null while it runs, and when the connection broke instead of an answer. */
  readonly status: number | null;
}

export interface RequestLog {
  /** Writes a call down as it arrives; what comes back writes down how it ended. */
  open(record: Omit<RequestRecord, 'status'>): (status: number | null) => void;
  /** Newest first. */
  newest(count: number, fits: (record: RequestRecord) => boolean): RequestRecord[];
  clear(): void;
}

export function openRequestLog(): RequestLog {
  const kept = new Map<number, RequestRecord>();
  let count = 0;
  return {
    open: (record) => {
      count += 1;
      const id = count;
      kept.set(id, { ...record, status: null });
      kept.delete(id - limits.requestsKept);
      return (status) => {
        const current = kept.get(id);
        if (current) kept.set(id, { ...current, status });
      };
    },
    newest: (wanted, fits) => [...kept.values()].reverse().filter(fits).slice(0, wanted),
    clear: () => kept.clear(),
  };
}

export function viewRequest(record: RequestRecord): Record<string, unknown> {
  return {
    at: new Date(record.at).toISOString(),
    route: record.route,
    merchant_id: record.merchantId,
    merchant_trade_no: record.merchantTradeNo,
    ...(record.fault === null ? {} : { fault: record.fault }),
    status: record.status,
  };
}
