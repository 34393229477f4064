/**
 * `npm run chaos:nodes -- [--kills 20] [--database-kills 5] [--seconds 120]`: two nodes on one PostgreSQL, behind a
 * round-robin, under load; the nodes are killed in turn and the database now and then. What was acknowledged must be there
 * afterwards, once. The database is its own, and keeps what it commits.
 */
import { parseArgs } from 'node:util';
import { stopAll } from '../binary/support/process.ts';
import { runNodes } from './nodes-run.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '20' },
      'database-kills': { type: 'string', default: '5' },
      seconds: { type: 'string', default: '120' },
      pause: { type: 'string', default: '60' },
    },
  });
  const options = {
    kills: Number(values.kills),
    databaseKills: Number(values['database-kills']),
    seconds: Number(values.seconds),
    pauseMs: Number(values.pause),
    say: (text: string) => console.error(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${text}`),
  };
  const begun = Date.now();
  const report = await runNodes(options).finally(stopAll);
  if (!report) {
    console.error('there is no PostgreSQL on this machine: neither initdb in PATH nor in /usr/lib/postgresql');
    process.exitCode = 3;
    return;
  }
  console.log(JSON.stringify(report, null, 2));
  const seconds = Math.round((Date.now() - begun) / 1000);
  const { wrong, kills, databaseKills } = report;
  console.log(
    wrong.length === 0
      ? `${kills} kills of nodes and ${databaseKills} of the database in ${seconds} s: nothing acknowledged was lost, nothing happened twice`
      : `${wrong.length} things are wrong (${seconds} s)`,
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

if (import.meta.main) await main();
