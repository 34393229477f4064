import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { runNodes } from '../chaos/nodes-run.ts';
import { HAS_POSTGRES } from '../support/postgres.ts';
import { stopAll } from './support/process.ts';

setDefaultTimeout(180_000);
afterAll(stopAll);

if (!HAS_POSTGRES) console.log('not checked: this machine has no PostgreSQL');

test.skipIf(!HAS_POSTGRES)(
  'two nodes on one PostgreSQL do everything once, while they are killed, and their database with them',
  async () => {
    const report = await runNodes({
      ...{ kills: 2, databaseKills: 1, seconds: 6, pauseMs: 150, refunders: 0 },
      ...{ scenarios: ['after'], endsLeases: true },
    });
    expect(report?.wrong).toEqual([]);
    expect([report?.kills, report?.databaseKills]).toEqual([2, 1]);
    expect(report?.paid).toBeGreaterThan(10);
    expect(report?.notifications).toBeGreaterThanOrEqual(report?.paid ?? Number.NaN);
  },
);
