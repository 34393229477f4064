import type { Database } from 'bun:sqlite';
import type { EndReason, NotificationEvent } from '../../src/core/payment.ts';
import type { Engine } from '../../src/store/engines/engine.ts';
import type { TableName } from '../../src/store/kit.ts';
import { statement } from '../../src/store/statement.ts';
import { patchRows } from '../../src/store/table.ts';

const emptied = (name: TableName) => statement(({ db, t }, _: object) => db.delete(t[name] as never) as never);

const FIGURES = ['figureDeltas', 'paymentCounts', 'paidSums', 'methodSums', 'outcomeCounts'] as const;

/** What tests do to the tables behind the store's back: things that only time, an older version or a fault would do. */
export function createTamper(connect: () => { readonly engine: Engine; readonly writer: Database | null }) {
  const patch = async (...[name, known, change]: DropFirst<Parameters<typeof patchRows>>): Promise<void> => {
    await connect().engine.write((tx) => patchRows(tx, name, known, change));
  };
  const empty = async (...names: readonly TableName[]): Promise<void> => {
    await connect().engine.write(async (tx) => {
      for (const name of names) await tx.run(emptied(name), {});
    });
  };
  const run = async (sql: string): Promise<void> => {
    const { writer } = connect();
    if (!writer) throw new Error('this can be done to SQLite only');
    // Not in the middle of a turn, whose reads share a transaction.
    await new Promise((resolve) => setImmediate(resolve));
    writer.run(sql);
  };

  return {
    /** Of one project, or of all. */
    setNotifyEvents: (events: string, projectId?: number) =>
      patch('projects', projectId === undefined ? {} : { id: projectId }, {
        events: events.split(',') as NotificationEvent[],
      }),
    /** Settings that would not be taken any more. */
    setSettings: (project: string, settings: object) => patch('projects', { name: project }, { settings }),
    breakNotificationSecrets: () => patch('projects', {}, { notificationSecret: new Uint8Array([0]) }),
    /** Every attempt is to be asked about then. */
    setCheckAt: (checkAt: number) => patch('attempts', {}, { checkAt }),
    endAttempt: (id: number, endReason: EndReason) => patch('attempts', { id }, { status: 'ended', endReason }),
    /** A shop has heard of it. */
    deliver: (id: number) => patch('outbox', { id }, { state: 'delivered' }),
    /** Nothing is known of any credentials. */
    unprove: () => patch('credentials', {}, { proved: false }),
    /** As in a database from before they were kept. */
    forgetPlatforms: () => patch('credentials', {}, { platformId: null }),
    forgetCooldowns: () => empty('cooldowns'),
    /** Number of the last payment of a day, which is yyyymmdd. */
    setLastPayment: (day: string, last: number) => patch('paymentSequences', { day }, { last }),
    /** Payments and all that hangs on them. */
    forgetPayments: () => empty('searchTerms', 'outbox', 'events', 'attempts', 'payments', 'troubles', ...FIGURES),

    /** Nothing can be written until `allowWrites`: somebody made the folder read-only. */
    refuseWrites: () => run('PRAGMA query_only = ON'),
    allowWrites: () => run('PRAGMA query_only = OFF'),
    /** No new page any more. What the pages that are there have room for still fits, as on a real disk. */
    async fillDisk(): Promise<void> {
      const row = connect()
        .writer?.query<{ pages: number }, []>('SELECT page_count AS pages FROM pragma_page_count')
        .get();
      await run(`PRAGMA max_page_count = ${row?.pages ?? 1}`);
    },
    makeRoom: () => run('PRAGMA max_page_count = 1000000'),
    /** Commits do not wait for the disk, for tests that make thousands of them about something else. */
    hurryCommits: async () => {
      if (connect().writer) await run('PRAGMA synchronous = OFF');
    },
    /** They do again. */
    waitForCommits: async () => {
      if (connect().writer) await run('PRAGMA synchronous = FULL');
    },
  };
}

type DropFirst<Args extends readonly unknown[]> = Args extends readonly [unknown, ...infer Rest] ? Rest : never;

export type Tamper = ReturnType<typeof createTamper>;
