export interface Load {
  readonly waiting: number;
  readonly underWay: number;
}

/** Work over rows with due times. A job keeps nothing in memory that a restart would lose. */
export interface Job {
  readonly name: string;
  /** When there is work next, milliseconds since the epoch; null when there is none. */
  nextDue(): Promise<number | null>;
  /** What waits for a place, and what has one, where places are limited. */
  load?(): Load;
  /** Starts what is due and resolves when it has been started or done; a second call while one runs is not made. */
  run(): Promise<void>;
}
