/**
 * `npm run volume:export`: a list of a million payments as a file. Takes the number of payments as its argument. Ends with
 * 1 when it takes more memory, or makes others wait longer, than it may.
 */
import { startApp } from '../support/app.ts';
import { measureExport } from './exporting.ts';
import { fillVolume } from './fill.ts';

const MOST_MB = 200;
const MOST_PROBE_MS = 50;
const payments = Number(process.argv[2] ?? 1_000_000);

const app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off', PAYCORE_LOG_LEVEL: 'error' } });
await fillVolume(app, payments);
let isMet = true;
for (const [name, path] of [
  ['payments', '/admin/payments.csv'],
  ['books', '/admin/payments.csv?sheet=books'],
] as const) {
  const told = await measureExport(app, path);
  const { rows, bytes, seconds, beforeMb, peakMb, probeP99, probeSlowest, quietP99 } = told;
  console.log(
    `${name}: ${rows} rows, ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s; memory ${beforeMb.toFixed(0)} → ${peakMb.toFixed(0)} MB; ` +
      `probe p99 ${probeP99.toFixed(1)} ms, slowest ${probeSlowest.toFixed(1)} ms (p99 without it ${quietP99.toFixed(1)} ms)`,
  );
  isMet &&= peakMb < MOST_MB && probeP99 < MOST_PROBE_MS;
}
await app.stop();
console.log(isMet ? 'within the aims' : `not within ${MOST_MB} MB and ${MOST_PROBE_MS} ms`);
process.exit(isMet ? 0 : 1);
