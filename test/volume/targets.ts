/**
 * `bun test/volume/targets.ts [TARGETS]`: so many shops, each with one notification that is due. First they all answer, then
 * all but a few hang and have failed before. Says how long a wake of the work takes, how long the event loop stood still,
 * and how soon shops that answer were told. PAYCORE_TEST_ENGINE=postgres: on the server of PAYCORE_TEST_DATABASE_URL.
 */
import type { Job } from '../../src/jobs/job.ts';
import { insertRows } from '../../src/store/table.ts';
import { startApp } from '../support/app.ts';
import { present } from '../support/parts.ts';

const TARGETS = Number(process.argv[2] ?? 25_000);
const HEALTHY = 20;
const ROUNDS = 300;
const ROUND_MS = 100;
const ROWS_AT_ONCE = 500;

/** Answers a host that is called `shop…`, and no other, after 20 ms. */
const SHOPS = `
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, async fetch(request) {
    if (!request.headers.get('host').startsWith('shop')) return new Promise(() => {});
    await Bun.sleep(20);
    process.stdout.write(request.headers.get('webhook-id') + ' ' + Date.now() + '\\n');
    return new Response(null, { status: 204 });
  } });
  process.stdout.write(server.port + ' 0\\n');`;

const app = await startApp({
  env: { PAYCORE_RATE_LIMIT: 'off', PAYCORE_LOG_LEVEL: 'error' },
  lookup: async () => [{ address: '127.0.0.1', family: 4 }],
});
const heard = new Map<string, number>();
const child = Bun.spawn([process.execPath, '-e', SHOPS], { stdout: 'pipe' });
const port = await new Promise<string>((resolve) => void listen(resolve));

async function listen(began: (port: string) => void): Promise<void> {
  let rest = '';
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [word = '', at] = line.split(' ');
      if (at === '0') began(word);
      else heard.set(word, Number(at));
    }
  }
}

await app.create('ecpay/atm');
const { id: paymentId, projectId } = present((await app.rows.payments())[0]);
await app.tamper.hurryCommits();
let told = 0;

/** Gives their ids. */
async function tell(hosts: readonly string[], tries = 0): Promise<readonly string[]> {
  const now = Date.now();
  const rows = hosts.map((host) => ({
    ...{ webhookId: `msg_${++told}`, paymentId, projectId, event: 'payment.attention' as const, about: `${told}` },
    ...{ url: `http://${host}.example:${port}/`, target: `${projectId} http://${host}.example:${port}` },
    ...{ body: JSON.stringify({ filling: 'x'.repeat(600) }), state: 'pending' as const, tries },
    ...{ dueAt: now, createdAt: now, updatedAt: now },
  }));
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await app.engine.write((tx) => insertRows(tx, 'outbox', rows.slice(at, at + ROWS_AT_ONCE)));
  }
  return rows.map(({ webhookId }) => webhookId);
}

const names = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}-${n}`);
const times: number[] = [];
const stalls: number[] = [];

/** How long a call takes, what else goes on meanwhile included. */
function timed<T>(call: () => Promise<T>): () => Promise<T> {
  return async () => {
    const begun = performance.now();
    try {
      return await call();
    } finally {
      times.push(performance.now() - begun);
    }
  };
}

const job = app.program.jobs.notifications as { -readonly [Name in keyof Job]: Job[Name] };
job.run = timed(job.run);
job.nextDue = timed(job.nextDue);

function report(title: string, values: readonly number[]): void {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  console.log(`${title.padEnd(44)} median ${at(0.5)}  p99 ${at(0.99)}  most ${at(1)} ms  (${sorted.length})`);
}

setInterval(() => app.clock.set(Date.now()), 2);
/** In processor time too: on a machine that is busy with other things the clock tells little. */
const spent: number[] = [];
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
let before = { at: performance.now(), cpu: cpu() };
setInterval(() => {
  const now = { at: performance.now(), cpu: cpu() };
  stalls.push(Math.max(0, now.at - before.at - 2));
  spent.push(now.cpu - before.cpu);
  before = now;
}, 2);

async function measureAnswering(): Promise<void> {
  const ids = await tell(names('shop', TARGETS));
  forget();
  const begun = performance.now();
  app.program.scheduler.wake();
  while (ids.some((id) => !heard.has(id))) await Bun.sleep(50);
  console.log(`\n${TARGETS} shops that answer were told in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  reportWork();
}

/** Shops that hang and have failed before, and a few others that are told something again and again. */
async function measureHanging(name: string, count: number, each: number): Promise<void> {
  for (let n = 0; n < each; n += 1) await tell(names(name, count), 1);
  forget();
  const asked = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const now = Date.now();
    for (const id of await tell(names('shop', HEALTHY))) asked.set(id, now);
    app.program.scheduler.wake();
    await Bun.sleep(ROUND_MS);
  }
  while ([...asked.keys()].some((id) => !heard.has(id))) await Bun.sleep(50);
  console.log(`\n${count} shops that hang with ${each} each, ${HEALTHY} others told every ${ROUND_MS} ms`);
  reportWork();
  report(
    'until a shop that answers was told',
    [...asked].map(([id, at]) => (heard.get(id) ?? 0) - at),
  );
}

function forget(): void {
  for (const values of [times, stalls, spent]) values.length = 0;
}

function reportWork(): void {
  report('a wake, one of its two questions', times.splice(0));
  report('the event loop stood still for', stalls.splice(0));
  report('processor time of its turns', spent.splice(0));
}

app.program.scheduler.start();
await measureHanging('small', 100, 10);
await measureAnswering();
await measureHanging('many', TARGETS, 1);
child.kill();
process.exit(0);
