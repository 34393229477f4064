import { describe, expect, test } from 'bun:test';
import { checkEngine } from '../../../src/cli/doctor/engine.ts';
import type { Finding } from '../../../src/cli/doctor/finding.ts';
import { checkNodes } from '../../../src/cli/doctor/nodes.ts';
import { checkWork } from '../../../src/cli/doctor/work.ts';
import { run } from '../../../src/cli/doctor.ts';
import { CommandFailure } from '../../../src/cli/failure.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import type { DueFacts, NodeFacts } from '../../../src/store/integrity/node-facts.ts';
import { addRow, insertRow } from '../../../src/store/table.ts';
import { dropPlace, ENGINES, type EngineName, makePlace, openDatabaseAt } from '../../support/engines.ts';
import { makeFolder } from '../../support/store.ts';

const states = (findings: readonly Finding[]) => findings.map(({ check, state }) => [check, state]);
const notOk = (findings: readonly Finding[]) => states(findings).filter(([, state]) => state !== 'ok');

describe('what the server of the database is set to', () => {
  const SOUND = { server_encoding: 'UTF8', fsync: 'on', synchronous_commit: 'on', max_connections: '100' };
  const postgres = (settings: Readonly<Record<string, string>>, nodes = 1) =>
    checkEngine({ name: 'postgres', version: '16.3', settings }, { nodes, pool: 16 });

  test('is well with its usual settings', () => {
    expect(notOk(postgres(SOUND))).toEqual([]);
    expect(postgres(SOUND)[0]).toMatchObject({ check: 'engine', message: 'PostgreSQL 16.3' });
    expect(notOk(postgres({ ...SOUND, synchronous_commit: 'remote_apply' }))).toEqual([]);
  });

  test('is bad for money when what is committed may not be on the disk', () => {
    const [one] = postgres({ ...SOUND, synchronous_commit: 'off' }).filter(({ state }) => state === 'bad');
    expect(one).toMatchObject({ check: 'durability', message: expect.stringContaining('synchronous_commit is off') });
    const [both] = postgres({ ...SOUND, fsync: 'off', synchronous_commit: 'off' }).filter(
      ({ state }) => state === 'bad',
    );
    expect(both?.message).toContain('fsync and synchronous_commit are off');
  });

  test('is bad when it does not know every letter', () => {
    expect(notOk(postgres({ ...SOUND, server_encoding: 'SQL_ASCII' }))).toEqual([['encoding', 'bad']]);
  });

  test('is to be looked at when the nodes may want more connections than it gives', () => {
    expect(notOk(postgres(SOUND, 5))).toEqual([]);
    const [found] = postgres(SOUND, 6).filter(({ state }) => state === 'warn');
    expect(found).toMatchObject({ check: 'connections', remedy: expect.stringContaining('113') });
  });

  test('is not asked for where a server does not say it, nor of SQLite', () => {
    expect(states(postgres({}))).toEqual([['engine', 'ok']]);
    const sqlite = checkEngine({ name: 'sqlite', version: '3.54.0', settings: {} }, { nodes: 1, pool: 16 });
    expect(states(sqlite)).toEqual([['engine', 'ok']]);
  });
});

describe('nodes', () => {
  const node = (change: Partial<NodeFacts> = {}): NodeFacts => ({
    ...{ name: 'one:8080', version: '1.0.0', publicUrl: 'https://pay.example', startedAt: 1_782_115_200_000 },
    ...{ unseenMs: 2000, aheadMs: 0, ...change },
  });

  test('each that serves is told of, with version, since when, and its clock', () => {
    const findings = checkNodes([node(), node({ name: 'two:8080' })]);
    expect(findings[0]).toMatchObject({ check: 'nodes', message: '2 serve' });
    expect(findings[1]?.message).toMatch(
      /^one:8080, PayCore 1\.0\.0, since 2026-06-22T.*, seen 2 s ago, its clock is right$/,
    );
    expect(notOk(findings)).toEqual([]);
  });

  test('a clock that is more than 5 s off is to be set', () => {
    expect(notOk(checkNodes([node({ aheadMs: 5000 }), node({ aheadMs: -5000 })]))).toEqual([]);
    const [ahead, behind] = [6000, -7400].map((aheadMs) => checkNodes([node({ aheadMs })])[1]);
    expect([ahead?.state, ahead?.message]).toEqual(['warn', expect.stringContaining('6 s ahead of the database’s')]);
    expect([behind?.state, behind?.message]).toEqual(['warn', expect.stringContaining('7 s behind the database’s')]);
  });

  test('of different versions, or with different addresses, are to be made alike', () => {
    const other = node({ name: 'two:8080', version: '1.1.0', publicUrl: 'https://other.example' });
    expect(notOk(checkNodes([node(), other]))).toEqual([
      ['node_versions', 'warn'],
      ['node_public_urls', 'warn'],
    ]);
    expect(notOk(checkNodes([node(), { ...other, unseenMs: HOUR }]))).toEqual([['node', 'warn']]);
  });

  test('one that is gone is to be looked at when the others had time to take over what it had', () => {
    expect(notOk(checkNodes([node(), node({ name: 'two:8080', unseenMs: 20 * SECOND })]))).toEqual([]);
    const findings = checkNodes([node(), node({ name: 'two:8080', unseenMs: 31 * SECOND })]);
    expect(notOk(findings)).toEqual([['node', 'warn']]);
    expect(findings.find(({ state }) => state === 'warn')?.message).toContain('two:8080 has not been seen for 31 s');
  });

  test('that none serves is said, and nothing bad', () => {
    expect(checkNodes([])).toMatchObject([{ state: 'ok', message: 'none serves at the moment' }]);
    expect(checkNodes([node({ unseenMs: HOUR })])).toMatchObject([
      { state: 'ok', message: 'none serves at the moment; one:8080 was seen last, 3600 s ago' },
    ]);
  });
});

describe('work', () => {
  const NOTHING: DueFacts = { looks: null, refundLooks: null, alerts: null, leases: null };
  const NOW = 1_782_115_200_000;

  test('says for how long the oldest has been due, and what to do when that is too long', () => {
    expect(notOk(checkWork(NOTHING, 0, NOW))).toEqual([]);
    const later = checkWork({ ...NOTHING, looks: NOW + HOUR }, 0, NOW);
    const soon = checkWork({ ...NOTHING, looks: NOW - 30 * SECOND }, 0, NOW);
    expect([later, soon].map(([first]) => first?.message)).toEqual(['', 'the oldest has been due for 30 s']);
    const late = {
      looks: NOW - 2 * HOUR,
      refundLooks: NOW - 2 * HOUR,
      alerts: NOW - 2 * HOUR,
      leases: NOW - 6 * MINUTE,
    };
    const findings = checkWork(late, 20_000, NOW);
    expect(notOk(findings).map(([check]) => check)).toEqual([
      'waiting_looks',
      'waiting_refund_looks',
      'waiting_alerts',
      'lost_leases',
      'waiting_figures',
    ]);
    for (const { remedy } of findings) expect(remedy).toMatch(/^Start the server/);
  });
});

describe.each([...ENGINES])('paycore doctor on %s', (engine: EngineName) => {
  async function examine(place: string, dataDir: string): Promise<readonly Finding[]> {
    const env = { PAYCORE_DATA_DIR: dataDir, ...(engine === 'postgres' ? { PAYCORE_DATABASE_URL: place } : {}) };
    Object.assign(process.env, env);
    const lines: string[] = [];
    try {
      await run(['--json'], (line) => lines.push(line));
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
    } finally {
      for (const name of Object.keys(env)) Reflect.deleteProperty(process.env, name);
    }
    return (JSON.parse(lines.join('\n')) as { checks: readonly Finding[] }).checks;
  }

  test('tells of the engine, of nodes by the clock that they share, and of work that waits', async () => {
    using folder = makeFolder();
    const place = await makePlace(engine, folder.path);
    try {
      const { engine: opened } = await openDatabaseAt(place);
      const now = Date.now();
      await opened.write(async (tx) => {
        const node = { version: '1.0.0', publicUrl: 'https://pay.example', startedAt: now - HOUR, aheadMs: 9000 };
        await addRow(tx, 'nodes', { ...node, id: 'proc_1', name: 'one:8080', seenAt: now });
        await addRow(tx, 'nodes', { ...node, id: 'proc_2', name: 'two:8080', seenAt: now - HOUR });
        const alert = {
          kind: 'clock_skew',
          about: 'x',
          projectId: null,
          paymentNo: null,
          data: {},
          state: 'pending',
        } as const;
        const stamps = { createdAt: now - 3 * HOUR, updatedAt: now - 3 * HOUR };
        const channel = { config: {}, secret: null, notBefore: 0, lastDay: null, updatedAt: now };
        await addRow(tx, 'alertChannels', { ...channel, name: 'email', isOn: false });
        await addRow(tx, 'alertChannels', { ...channel, name: 'webhook', isOn: true });
        await insertRow(tx, 'alerts', { ...alert, ...stamps, channel: 'email', dueAt: now - 3 * HOUR });
        await insertRow(tx, 'alerts', { ...alert, ...stamps, channel: 'webhook', dueAt: now - 2 * HOUR });
      });
      await opened.close();
      const checks = await examine(place, folder.path);
      const find = (name: string) => checks.filter(({ check }) => check === name);
      expect(find('engine')[0]?.message).toMatch(engine === 'sqlite' ? /^SQLite 3/ : /^PostgreSQL \d/);
      expect(find('node').map(({ state, message }) => [state, message.split(/,| has/)[0]])).toEqual([
        ['warn', 'one:8080'],
        ['warn', 'two:8080'],
      ]);
      expect(find('waiting_work')).toEqual([]);
      expect(find('waiting_alerts')).toMatchObject([{ state: 'warn' }]);
      expect(
        [...find('waiting_figures'), ...find('waiting_looks'), ...find('lost_leases')].map(({ state }) => state),
      ).toEqual(['ok', 'ok', 'ok']);
      // The server for tests writes nothing to its disk.
      if (engine === 'postgres') expect(find('encoding')[0]?.state).toBe('ok');
      if (engine === 'postgres') expect(find('durability')[0]?.message).toContain('off');
    } finally {
      await dropPlace(place);
    }
  });
});
