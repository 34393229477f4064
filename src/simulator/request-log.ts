import { limits } from './options.ts';

export interface RequestRecord {
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
