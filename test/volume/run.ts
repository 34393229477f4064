/**
 * `npm run volume`: how long a shop with a million payments waits for its lists, timelines and figures. Takes the number of
 * payments as its argument. Ends with 1 when anything is slower than it may be.
 */
import { startApp } from '../support/app.ts';
import { signInOwner } from '../support/desk.ts';
import { describeCases } from './cases.ts';
import { describeDeskCases } from './desk-cases.ts';
import { fillVolume } from './fill.ts';

const GOAL_MS = 100;
const REQUESTS = 1000;
const payments = Number(process.argv[2] ?? 1_000_000);

const app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off', PAYCORE_LOG_LEVEL: 'error' } });
const begun = performance.now();
const volume = await fillVolume(app, payments);
console.log(`${payments} payments in ${Math.round((performance.now() - begun) / 1000)} s\n`);

const widths = [44, 9, 9, 9] as const;
const line = (...cells: readonly string[]) =>
  console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[1]))).join(''));
const ms = (value: number | undefined) => (value ?? 0).toFixed(1);

line(`${REQUESTS} requests each, milliseconds`, 'median', 'p99', 'slowest');
const slow: string[] = [];
const owner = await signInOwner(app);
const cookie = [...owner.cookies, ['paycore_view', '0.live.zh-tw']]
  .map(([name, value]) => `${name}=${value}`)
  .join('; ');
const [desk, key] = [{ cookie }, { 'x-api-key': app.keys.live.api_key }];
for (const { name, path, isDesk } of [...describeDeskCases(app, volume), ...describeCases(app, volume)]) {
  const times: number[] = [];
  for (let index = 0; index < REQUESTS; index += 1) {
    const target = await path();
    const start = performance.now();
    const response = await app.request(target, { headers: isDesk ? desk : key });
    await response.arrayBuffer();
    times.push(performance.now() - start);
    if (!response.ok && response.status !== 303) throw new Error(`${target} answered ${response.status}`);
  }
  times.sort((a, b) => a - b);
  const p99 = times[Math.ceil(times.length * 0.99) - 1];
  line(name, ms(times[times.length >> 1]), ms(p99), ms(times.at(-1)));
  if ((p99 ?? 0) > GOAL_MS) slow.push(name);
}
await app.stop();
console.log(slow.length === 0 ? `\nall within ${GOAL_MS} ms` : `\nslower than ${GOAL_MS} ms: ${slow.join(', ')}`);
process.exit(slow.length === 0 ? 0 : 1);
