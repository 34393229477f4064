/**
 * `npm run bench`: how PayCore with many payments compares with the same answers written by hand (see baseline.ts),
 * measured in turns in one run, and how fast and how large the binary is. The ratios are what counts; the figures depend
 * on the machine.
 */
import { cpus } from 'node:os';
import { getBinary, makeFolder } from '../binary/support/binary.ts';
import { stopAll } from '../binary/support/process.ts';
import {
  aimsOfCallbacks,
  aimsOfCreate,
  aimsOfIdle,
  aimsOfNotify,
  aimsOfPage,
  aimsOfQuery,
  aimsOfStart,
} from './aims.ts';
import { CALLBACK_PATH, CASES, callbackJob, compareCallbacks, paidBody, type Stage, sizeRounds } from './callbacks.ts';
import { fillPayCore, keptPorts } from './filled.ts';
import { measureNotifications } from './notify.ts';
import { type Options, type Part, readOptions } from './options.ts';
import { makePool, shuffle } from './pools.ts';
import { printAims, printCallbacks, printOthers, type Result, summarize } from './report.ts';
import { compareCreates, comparePages, compareQueries } from './requests.ts';
import { runScript } from './script.ts';
import { type Installation, install, load, SERVER_ENV, stopBaselines } from './servers.ts';
import { openShops, type ShopName, type Shops } from './shops.ts';
import { measureIdle, measureStart } from './start.ts';
import type { StatementJob, Statements } from './statements.ts';
import { memoryMb } from './usage.ts';

const SMALL_ROWS = 1000;
const QUERIES = 6000;
const PAGES = 6000;
/** Payers who have the page open: it is asked for again and again. */
const PAYERS = 100;
/** A first view draws the codes of the page and asks the gateway, which here nobody can reach. */
const FIRST_PAGES = 300;
const CREATES = 2000;
const NOTIFIED = 10_000;
/** Of each shop's payments, for callbacks in order of creation. */
const ORDERED_SHARE = 0.3;
const COUNTED = 200;

/** Says what is being done, since a run takes minutes. */
const say = (text: string) => console.error(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${text}`);

/** Takes what was measured at once, so that a run that breaks off has told what it had. */
type Add = (result: Result) => void;

async function startResults(add: Add): Promise<void> {
  say('start and idle memory');
  const idleMb = await measureIdle();
  const startMs = await measureStart();
  add({ name: 'start', aims: aimsOfStart(startMs), values: { ms: startMs } });
  add({ name: 'idle memory', aims: aimsOfIdle(idleMb), values: { mb: idleMb } });
}

/** Statements a callback, by how many callbacks are in flight. */
async function countStatements(shops: Shops): Promise<ReadonlyMap<number, Statements>> {
  const counts = new Map<number, Statements>();
  for (const inFlight of new Set(CASES.map((one) => one.inFlight))) {
    const { dataDir, payments } = await fillPayCore(makeFolder('statements'), SMALL_ROWS, shops);
    const bodies = shuffle(
      payments.filter((one) => one.payokUrl === shops.hangs.url),
      3,
    ).map(paidBody);
    const job: StatementJob = {
      env: { ...SERVER_ENV, PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '0' },
      inFlight,
      warmUp: bodies.slice(0, COUNTED),
      bodies: bodies.slice(COUNTED, 2 * COUNTED),
    };
    const output = await runScript('statements.ts', job);
    counts.set(inFlight, JSON.parse(output.trim().split('\n').at(-1) ?? ''));
  }
  return counts;
}

async function smallResults(rounds: number, shops: Shops, add: Add): Promise<void> {
  say(`query at ${SMALL_ROWS} payments`);
  const small = await install(SMALL_ROWS, shops, ['single']);
  const comparison = await compareQueries(small, small.payments, { rounds, size: QUERIES });
  await small.stop();
  add({ name: `query at ${SMALL_ROWS}`, comparison, aims: aimsOfQuery('small', comparison) });
}

async function requestResults(
  { rows, rounds, parts }: Options,
  installation: Installation,
  shops: Shops,
  add: Add,
): Promise<void> {
  // Each asked about once a round, from all over the table.
  const some = shuffle(installation.payments, 11);
  if (parts.has('query')) {
    say(`query at ${rows} payments`);
    const comparison = await compareQueries(installation, some.slice(0, QUERIES), { rounds, size: QUERIES });
    add({ name: `query at ${rows}`, comparison, aims: aimsOfQuery('full', comparison) });
  }
  if (parts.has('page')) {
    say('payer page');
    const payers = some.slice(-PAYERS);
    await comparePages(installation, payers, { rounds: 1, size: PAYERS });
    const again = await comparePages(installation, payers, { rounds, size: PAGES });
    const first = await comparePages(installation, some.slice(0, rounds * FIRST_PAGES), { rounds, size: FIRST_PAGES });
    add({ name: 'payer page, seen before', comparison: again, aims: aimsOfPage(again) });
    add({ name: 'payer page, first view', comparison: first, aims: [] });
  }
  if (parts.has('create')) {
    say('create');
    const comparison = await compareCreates(installation, shops.hangs.url, { rounds, size: CREATES });
    add({ name: 'create', comparison, aims: aimsOfCreate(comparison) });
  }
}

function stageOf(installation: Installation, shops: Shops): Stage {
  const poolOf = (shop: ShopName) =>
    makePool(
      installation.payments.filter((one) => one.payokUrl === shops[shop].url),
      ORDERED_SHARE,
    );
  return { installation, shops, pools: { hangs: poolOf('hangs'), answers: poolOf('answers') } };
}

async function callbackResults(rounds: number, stage: Stage, add: Add): Promise<void> {
  say('statements of a callback');
  const statements = await countStatements(stage.shops);
  const sizes = {
    hangs: sizeRounds(stage.pools.hangs, 'hangs', rounds),
    answers: sizeRounds(stage.pools.answers, 'answers', rounds),
  };
  await warmUp(stage, sizes.hangs);
  for (const one of CASES) {
    const { shop, order, inFlight } = one;
    const name = `shop ${shop}, ${order}, ${inFlight}`;
    say(`callbacks: ${name}, ${rounds} rounds of ${sizes[shop]}`);
    const comparison = await compareCallbacks(stage, one, { rounds, size: sizes[shop] });
    const perCallback = statements.get(inFlight)?.perCallback;
    add({
      name,
      comparison,
      aims: aimsOfCallbacks(one, comparison),
      ...(perCallback === undefined ? {} : { statements: perCallback }),
    });
  }
}

/** A round that does not count, so that every server has compiled what it runs. */
async function warmUp({ installation, pools }: Stage, size: number): Promise<void> {
  const bodies = pools.hangs.take('random', size).map(paidBody);
  const { paycore, single, group } = installation;
  await load(callbackJob({ port: paycore.port, path: CALLBACK_PATH, inFlight: 32 }, bodies));
  for (const server of [single, group])
    if (server) await load(callbackJob({ port: server.port, path: '/callback', inFlight: 32 }, bodies));
}

async function notifyResult(stage: Stage, add: Add): Promise<void> {
  const count = Math.min(NOTIFIED, stage.pools.answers.left('random'));
  say(`notifications while ${count} callbacks come in`);
  const notified = await measureNotifications(stage, count);
  add({ name: 'notifications', aims: aimsOfNotify(notified), values: { ...notified } });
}

function printNotified({ values = {} }: Result): void {
  const { callbacks, rushSeconds, heardInRush, allSeconds, rate, rushRate } = values;
  const all = allSeconds === null ? 'not all within a minute' : `all after ${allSeconds?.toFixed(1)} s`;
  console.log(
    `notifications: ${callbacks} callbacks in ${rushSeconds?.toFixed(1)} s, meanwhile ${heardInRush} heard ` +
      `(${rushRate?.toFixed(0)}/s), ${all} (${rate?.toFixed(0)}/s over all)\n`,
  );
}

async function largeResults(options: Options, shops: Shops, add: Add): Promise<void> {
  const { rows, rounds, parts } = options;
  say(`filling ${rows} payments`);
  const installation = await install(rows, shops, ['single', 'group'], options.reuse);
  await requestResults(options, installation, shops, add);
  const stage = stageOf(installation, shops);
  if (parts.has('callbacks')) await callbackResults(rounds, stage, add);
  // Last: where it cannot keep up, it goes on telling for long.
  if (parts.has('notify')) await notifyResult(stage, add);
  const { paycore, single, group } = installation;
  say(
    `memory after the load: PayCore ${memoryMb(paycore.pid).toFixed(0)} MB, single ${memoryMb(single.pid).toFixed(0)} MB, ` +
      `group ${memoryMb(group?.pid ?? single.pid).toFixed(0)} MB`,
  );
  await installation.stop();
}

async function printStatements(shops: Shops): Promise<void> {
  for (const [inFlight, { perCallback, texts }] of await countStatements(shops)) {
    console.log(`${perCallback.toFixed(1)} statements a callback, ${inFlight} in flight:`);
    for (const [text, times] of texts) console.log(`  ${times.toFixed(2).padStart(6)}  ${text.slice(0, 150)}`);
    console.log('');
  }
}

const LARGE: readonly Part[] = ['query', 'page', 'create', 'callbacks', 'notify'];

async function runParts(options: Options, shops: Shops, add: Add): Promise<void> {
  const { parts, rounds } = options;
  if (parts.has('start')) await startResults(add);
  if (options.showStatements) await printStatements(shops);
  if (parts.has('query')) await smallResults(rounds, shops, add);
  if (LARGE.some((part) => parts.has(part))) await largeResults(options, shops, add);
}

function print(results: readonly Result[]): void {
  const compared = results.filter((one) => one.comparison !== undefined);
  const callbacks = compared.filter((one) => one.name.startsWith('shop '));
  const others = compared.filter((one) => !callbacks.includes(one));
  if (callbacks.length > 0) printCallbacks(callbacks);
  if (others.length > 0) printOthers(others);
  for (const one of results) if (one.name === 'notifications') printNotified(one);
  if (results.length > 0) printAims(results);
}

if (import.meta.main) {
  const options = readOptions(process.argv.slice(2), process.env);
  const shops = openShops(keptPorts(options.reuse));
  const results: Result[] = [];
  const add: Add = (result) => {
    results.push(result);
    say(`  ${summarize(result)}`);
  };
  try {
    getBinary();
    await runParts(options, shops, add);
    print(results);
    console.log(
      `${options.rows} payments, ${options.rounds} rounds, ${cpus().length} cores, ` +
        `${(performance.now() / 1000).toFixed(0)} s; load generator and servers are a process each`,
    );
    if (options.json) console.log(JSON.stringify({ rows: options.rows, rounds: options.rounds, results }));
  } finally {
    await Promise.all([stopAll(), stopBaselines()]);
    shops.stop();
  }
}
