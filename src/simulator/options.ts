/** An account the simulated gateway knows: what a merchant finds in ECPay's back office. */
export interface SimulatorAccount {
  readonly merchantId: string;
  readonly hashKey: string;
  readonly hashIv: string;
}

export type Log = (line: Record<string, unknown>) => void;

/** Origins; the pages link to no other. */
export interface Home {
  /** Of PayCore's payment pages. */
  readonly payments?: string;
  readonly shop?: string;
}

export interface SimulatorOptions {
  /** Milliseconds since 1970; `Date.now` when absent. */
  readonly now?: () => number;
  readonly random?: (bytes: number) => Uint8Array;
  /** How callbacks go out. */
  readonly fetch?: typeof fetch;
  /** Returns its own cancellation. */
  readonly setTimer?: (run: () => void, ms: number) => () => void;
  /** JSON-lines file that survives a restart; memory only when absent. */
  readonly dataFile?: string;
  /** Pause before an unacknowledged callback comes again. ECPay itself waits 5 to 15 minutes. */
  readonly retrySeconds?: number;
  readonly accounts?: readonly SimulatorAccount[];
  readonly log?: Log;
  /** Its pages are for payers only; see `forPayers`. */
  readonly isPublic?: boolean;
  /** Where people come from and go back to, as far as that is known by now. */
  readonly home?: () => Home;
  /** Queries of one merchant in a minute before it gets 403; 0 = no limit. */
  readonly queriesPerMinute?: number;
  /** How long the 403 lasts. */
  readonly restSeconds?: number;
  /** Breaks the TCP connection of a request. Without it the answer's stream fails, which Bun turns into a reset. */
  readonly abort?: (request: Request) => void;
}

export interface Simulator {
  fetch(request: Request): Promise<Response>;
  stop(): void;
}

/** Printed for everybody in ECPay's documents (developer docs p=2856) and in its SDKs. */
export const stageAccounts: readonly SimulatorAccount[] = [
  { merchantId: '3002607', hashKey: 'pwFHCqoQZGmho4w6', hashIv: 'EkRm7iFT261dpevs' },
  { merchantId: '2000132', hashKey: '5294y06JbISpM5x9', hashIv: 'v77hoKGq4kWxNNIS' },
  { merchantId: '2000214', hashKey: '5294y06JbISpM5x9', hashIv: 'v77hoKGq4kWxNNIS' },
];

export const limits = {
  bodyBytes: 256 * 1024,
  answerBytes: 4096,
  orders: 100_000,
  usedNumbers: 1_000_000,
  accounts: 1000,
  callbacksKept: 200,
  pendingPerOrder: 20,
  waiting: 100_000,
  times: 100,
  delayMs: 24 * 3600 * 1000,
  callbackTimeoutMs: 10_000,
  retries: 4,
  faults: 100,
  faultsKept: 200,
  requestsKept: 1000,
  tokens: 10_000,
  held: 1000,
  hugeBytes: 10 * 1024 * 1024,
} as const;
