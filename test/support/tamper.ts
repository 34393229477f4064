import type { Database } from 'bun:sqlite';

/** What tests do to the tables behind the store's back: things that only time, an older version or a fault would do. */
export function createTamper(connect: () => Database) {
  const run = async (sql: string, ...values: (string | number)[]): Promise<void> => {
    connect().run(sql, values);
  };

  return {
    /** Of one project, or of all. */
    setNotifyEvents: (events: string, projectId?: number) =>
      projectId === undefined
        ? run('UPDATE projects SET notify_events = ?', events)
        : run('UPDATE projects SET notify_events = ? WHERE id = ?', events, projectId),
    /** Settings that would not be taken any more. */
    setSettings: (project: string, settings: object) =>
      run('UPDATE projects SET settings = ? WHERE name = ?', JSON.stringify(settings), project),
    breakNotificationSecrets: () => run("UPDATE projects SET notification_secret = x'00'"),
    /** Every attempt is to be looked at then. */
    setCheckAt: (checkAt: number) => run('UPDATE attempts SET check_at = ?', checkAt),
    forgetCooldowns: () => run('DELETE FROM gateway_rests'),
    /** Number of the last payment of a day, which is yyyymmdd. */
    setLastPayment: (day: string, last: number) =>
      run('UPDATE payment_sequences SET last = ? WHERE day = ?', last, day),
    /** Payments and all that hangs on them. */
    async forgetPayments(): Promise<void> {
      const tables = ['inbox', 'outbox', 'events', 'attempts', 'payments', 'payment_counts', 'paid_sums'];
      for (const table of tables) await run(`DELETE FROM ${table}`);
    },

    /** Nothing can be written until `allowWrites`: somebody made the folder read-only. */
    refuseWrites: () => run('PRAGMA query_only = ON'),
    allowWrites: () => run('PRAGMA query_only = OFF'),
    /** No new page any more. What the pages that are there have room for still fits, as on a real disk. */
    async fillDisk(): Promise<void> {
      const row = connect().query<{ pages: number }, []>('SELECT page_count AS pages FROM pragma_page_count').get();
      await run(`PRAGMA max_page_count = ${row?.pages ?? 1}`);
    },
    makeRoom: () => run('PRAGMA max_page_count = 1000000'),
    /** Commits do not wait for the disk, for tests that make thousands of them about something else. */
    hurryCommits: () => run('PRAGMA synchronous = OFF'),
  };
}

export type Tamper = ReturnType<typeof createTamper>;
