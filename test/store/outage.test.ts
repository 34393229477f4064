import { afterEach, describe, expect, test } from 'bun:test';
import type { Engine } from '../../src/store/engines/engine.ts';
import { connect, openPostgres, type PostgresPorts } from '../../src/store/engines/postgres-open.ts';
import type { PoolLimits } from '../../src/store/engines/postgres-pool.ts';
import { fixedStatement } from '../../src/store/statement.ts';
import type { Tx } from '../../src/store/tx.ts';
import { dropPlace, makePlace, migrationsOf, SERVER_URL } from '../support/engines.ts';
import { rejection } from '../support/parts.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

/** A PostgreSQL that is cut off, silent, gone, or changed behind the back of who works on it. */

const UNAVAILABLE = { code: 'STORAGE_UNAVAILABLE' };
const NOTE = fixedStatement("INSERT INTO settings (name, value) VALUES ('note', '1')");
const LIMITS: Partial<PoolLimits> = { size: 2, patienceMs: 300 };

const openers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of openers.splice(0).reverse()) await close();
});

async function open(ports: Partial<PostgresPorts> = {}) {
  const place = await makePlace('postgres', '');
  openers.push(() => dropPlace(place));
  const proxy = await startTcpProxy(place);
  openers.push(async () => proxy[Symbol.asyncDispose]());
  const engine = await openOn(proxy.url, ports);
  const outside = connect(place);
  openers.push(() => outside.end());
  const countNotes = async () => Number((await outside.unsafe('SELECT count(*) AS n FROM settings'))[0]?.n);
  return { place, proxy, engine, outside, countNotes };
}

async function openOn(url: string, ports: Partial<PostgresPorts> = {}): Promise<Engine> {
  const parts = { sleep: (ms: number) => Bun.sleep(ms), chance: Math.random, limits: LIMITS, ...ports };
  const { engine } = await openPostgres(url, migrationsOf('postgres'), parts);
  openers.push(() => engine.close());
  return engine;
}

const note = (tx: Tx) => tx.run(NOTE, {});
const works = (engine: Engine) => engine.write(async () => true);
/** Until it does, and no test waits for ever. */
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await Bun.sleep(20);
}
const back = (engine: Engine) => until(() => works(engine).catch(() => false));

describe.skipIf(SERVER_URL === null)('a command on PostgreSQL', () => {
  test('has its connection for itself, however many begin at once and whatever is read between them', async () => {
    const { engine, outside } = await open({ limits: { size: 3 } });
    await outside.unsafe('CREATE TABLE seen (transaction bigint, process integer)');
    const see = fixedStatement('INSERT INTO seen SELECT txid_current(), pg_backend_pid()');
    const command = (tx: Tx) => tx.run(see, {}).then(() => tx.run(see, {}));
    const read = () => engine.reader.all(fixedStatement(`SELECT repeat('x', 5000) AS filler`), {});
    const all = Array.from({ length: 300 }, (_, at) => (at % 3 === 0 ? engine.write(command) : read()));
    expect((await Promise.allSettled(all)).filter(({ status }) => status === 'rejected')).toEqual([]);
    const [found] = await outside.unsafe(
      'SELECT count(*)::int AS transactions, sum(rows)::int AS rows, max(processes)::int AS processes FROM ' +
        '(SELECT transaction, count(*) AS rows, count(DISTINCT process) AS processes FROM seen GROUP BY 1) AS each',
    );
    expect(found).toMatchObject({ transactions: 100, rows: 200, processes: 1 });
    const [left] = await outside.unsafe(
      "SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'",
    );
    expect(left).toMatchObject({ open: 0 });
  });

  test('whose connection is lost before its end runs once more, as a whole', async () => {
    const { engine, proxy, countNotes } = await open();
    let runs = 0;
    await engine.write(async (tx) => {
      runs += 1;
      if (runs === 1) proxy.cut();
      await note(tx);
    });
    expect([runs, await countNotes()]).toEqual([2, 1]);
  });

  test('that loses its connection again and again is given up, and none of its statements ran outside of it', async () => {
    const { engine, proxy, countNotes } = await open();
    let runs = 0;
    const lost = engine.write(async (tx) => {
      runs += 1;
      await note(tx);
      proxy.cut();
      await tx.run(fixedStatement('DELETE FROM settings'), {});
      await tx.run(NOTE, {});
    });
    expect(await rejection(lost)).toMatchObject(UNAVAILABLE);
    expect([runs, await countNotes()]).toEqual([2, 0]);
    await back(engine);
  });

  test('whose end nobody knows, since the answer to COMMIT was lost, is not run again', async () => {
    const { engine, proxy, countNotes } = await open();
    let runs = 0;
    proxy.cutAt('COMMIT');
    const unknown = engine.write(async (tx) => {
      runs += 1;
      await note(tx);
    });
    expect(await rejection(unknown)).toMatchObject(UNAVAILABLE);
    await proxy.restore();
    expect([runs, await countNotes()]).toEqual([1, 1]);
    await back(engine);
  });

  test('cannot leave a statement behind that runs after its end', async () => {
    const { engine, countNotes } = await open();
    let left: Tx | null = null;
    await engine.write(async (tx) => {
      left = tx;
    });
    expect(String(await rejection(note(left as unknown as Tx)))).toContain('after the end of its transaction');
    expect(await countNotes()).toBe(0);
  });

  test('fails as a whole when one of its statements did, whatever it makes of that', async () => {
    const { engine, countNotes } = await open();
    const careless = engine.write(async (tx) => {
      await note(tx);
      await note(tx).catch(() => {});
    });
    expect(await rejection(careless)).toMatchObject({ code: '23505' });
    expect(await countNotes()).toBe(0);
  });
});

describe.skipIf(SERVER_URL === null)('when PostgreSQL', () => {
  test('is busy, who waits too long or finds too many waiting is turned away', async () => {
    const { engine } = await open({ limits: { size: 2, patienceMs: 300, waiting: 3 } });
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const holding = [1, 2].map(() => engine.write(() => held));
    const waiting = [1, 2, 3].map(() => rejection(works(engine)));
    const begun = performance.now();
    expect(await rejection(works(engine))).toMatchObject(UNAVAILABLE);
    expect(performance.now() - begun).toBeLessThan(250);
    for (const turned of await Promise.all(waiting)) expect(turned).toMatchObject(UNAVAILABLE);
    finish();
    await Promise.all(holding);
    expect(await works(engine)).toBeTrue();
  });

  test('is silent without a word, what is under way is given up in time; it goes on when somebody speaks again', async () => {
    const { engine, proxy } = await open({ limitMs: 400, limits: { ...LIMITS, patienceMs: 1000, openMs: 500 } });
    proxy.swallow();
    const asked = [works(engine), engine.reader.all(fixedStatement('SELECT 1 AS x'), {})];
    for (const one of asked) expect(await rejection(one)).toMatchObject(UNAVAILABLE);
    await proxy.restore();
    await back(engine);
  });

  test('is away, that is said at once after a while, and it is found again when it is back', async () => {
    const { engine, proxy } = await open();
    await proxy.refuse();
    await until(
      () =>
        engine.findOutage() !== null ||
        works(engine).then(
          () => false,
          () => false,
        ),
    );
    expect(engine.findOutage()).toContain('PostgreSQL cannot be reached');
    const many = Array.from({ length: 500 }, () => rejection(works(engine)));
    for (const turned of await Promise.all(many)) expect(turned).toMatchObject(UNAVAILABLE);
    await proxy.restore();
    // Nobody asks for it meanwhile.
    await until(() => engine.findOutage() === null);
    await back(engine);
  });

  test('has a newer schema when a lost connection is made anew, nothing more is taken and the node is told to end', async () => {
    let reason = '';
    const { engine, proxy, outside } = await open({
      onUnusable: (why) => {
        reason = why;
      },
    });
    await works(engine);
    await outside.unsafe('UPDATE schema_version SET version = version + 1');
    expect(await works(engine)).toBeTrue();
    proxy.cut();
    await until(() => reason !== '');
    expect(reason).toContain('a newer PayCore has brought it up to date');
    expect(await rejection(works(engine))).toMatchObject(UNAVAILABLE);
    expect(engine.findOutage()).toBe(reason);
  });
});

describe.skipIf(SERVER_URL === null)('a signal', () => {
  test('reaches every other process, also after connections were lost, and not its own sender', async () => {
    const { place, engine, proxy } = await open();
    const other = await openOn(place);
    const heard = { own: 0, other: 0 };
    engine.signals.listen(() => {
      heard.own += 1;
    });
    other.signals.listen(() => {
      heard.other += 1;
    });
    for (let sent = 0; sent < 100; sent += 1) engine.signals.send();
    await until(() => heard.other > 0);
    expect(heard.other).toBeLessThan(20);
    expect(heard.own).toBe(0);

    proxy.cut();
    // What was said meanwhile may have been missed.
    await until(() => heard.own > 0);
    other.signals.send();
    await until(() => heard.own > 1);
  });

  test('that was sent at the very end still goes out', async () => {
    const { place, engine } = await open();
    let heard = 0;
    engine.signals.listen(() => {
      heard += 1;
    });
    await until(async () => {
      const before = heard;
      const brief = await openPostgres(place, migrationsOf('postgres'), {
        sleep: (ms) => Bun.sleep(ms),
        chance: Math.random,
      });
      brief.engine.signals.send();
      brief.engine.signals.send();
      await brief.engine.close();
      // The first of the two goes out at once, the second with the end.
      await Bun.sleep(50);
      return heard >= before + 2;
    });
  });
});
