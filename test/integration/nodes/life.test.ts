import { expect, test } from 'bun:test';
import { openData, SERVER_LEAVE } from '../../../src/cli/open.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts';
import { isInstaller, renewInstaller } from '../../../src/people/installer.ts';
import { createFirstOwner } from '../../../src/people/people.ts';
import { createSessions } from '../../../src/people/sessions.ts';
import { loadConfig } from '../../../src/program.ts';
import { exampleOrder } from '../../support/app.ts';
import { createClock, START } from '../../support/clock.ts';
import { dropPlace, makeEmptyPlace } from '../../support/engines.ts';
import { describeNodes, type TwoNodes } from '../../support/node-pair.ts';
import { present } from '../../support/parts.ts';
import { makeFolder } from '../../support/store.ts';

/** Two nodes on one PostgreSQL, which share nothing else. */

const OFF = { env: { PAYCORE_RATE_LIMIT: 'off' } };
const OWNER = { email: 'owner@shop.example', name: 'Owner', password: 'correct horse battery' };

/** Time goes by, and one node alone lives. */
async function outlive({ one }: TwoNodes, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5 * SECOND) {
    one.clock.advance(5 * SECOND);
    await one.work();
    await one.program.settled();
  }
}

describeNodes('a request and its twins on two nodes', (start) => {
  test('run once, and all get the same answer to the byte', async () => {
    const { one, two } = await start(OFF);
    const order = exampleOrder(one.shop.url);
    const path = '/api/paycore/pay/ecpay/atm';
    const key = { 'idempotency-key': 'twins' };
    const ask = async (n: number) => {
      if (n % 2 === 0) return (({ status, text }) => [status, text])(await one.call(path, order, key));
      const response = await two.post(path, order, key);
      return [response.status, await response.text()];
    };
    const answers = await Promise.all([0, 1, 2, 3, 4, 5].map(ask));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.[0]).toBe(201);
    expect(one.gateway.received.filter(({ path }) => path.endsWith('GenPaymentCode')).length).toBe(1);
  });
});

describeNodes('what a node had taken that was killed', (start) => {
  test('is done by the other within 30 seconds', async () => {
    const nodes = await start(OFF);
    const { one, two } = nodes;
    const { json } = await one.create('ecpay/cvs');
    await one.simulate(String(json.data.gateway_order_no), 'pay');
    await outlive(nodes, 10 * SECOND);
    one.shop.received.length = 0;
    const { json: again } = await one.create('ecpay/cvs');
    await one.simulate(String(again.data.gateway_order_no), 'pay');
    const claim = { now: one.clock.now(), limit: 9, owner: two.program.deps.processId, leaseMs: MINUTE };
    await two.program.jobs.nodes.run();
    expect(await two.program.deps.store.claimDueNotifications(claim)).toHaveLength(1);
    let passed = 0;
    for (; one.shop.received.length === 0 && passed < MINUTE; passed += 5 * SECOND) await outlive(nodes, 5 * SECOND);
    expect(one.shop.received.map(({ body }) => JSON.parse(body).event)).toEqual(['payment.paid']);
    expect(passed).toBeLessThanOrEqual(20 * SECOND);
    expect(one.log.join()).toContain('"node":"two:8080"');
  });

  test('stays its own when it was the database that was away', async () => {
    const nodes = await start(OFF);
    const { one, two } = nodes;
    await outlive(nodes, 10 * SECOND);
    await two.program.scheduler.tick(['nodes']);
    one.clock.advance(30 * SECOND);
    await one.work();
    await two.program.scheduler.tick(['nodes']);
    await outlive(nodes, 10 * SECOND);
    expect((await one.deps.store.listNodes(one.clock.now())).map(({ name }) => name)).toContain('two:8080');
    expect(one.log.join()).not.toContain('not seen any more');
  });
});

describeNodes('a node that starts beside another', (start) => {
  test('does not measure its plans by a clock of its own that is behind', async () => {
    const behind = createClock(START - 2 * HOUR);
    const { one } = await start(OFF);
    await one.create('ecpay/cvs');
    const planned = (await one.rows.attempts()).map(({ checkAt }) => checkAt);
    const late = one.createTwin({ clock: behind, processId: 'proc_late', nodeName: 'late:8080' });
    await late.open();
    expect((await one.rows.attempts()).map(({ checkAt }) => checkAt)).toEqual(planned);
    // After all others have gone it would: nobody has a better clock.
    for (const id of ['proc_two', 'proc_late', one.deps.processId]) {
      await one.deps.store.leaveNode({ owner: id, now: one.clock.now(), lookMs: 0, limit: 9 });
    }
    await late.open();
    expect((await one.rows.attempts()).map(({ checkAt }) => checkAt)).toEqual(
      planned.map((at) => (at ?? 0) - 2 * HOUR),
    );
  });

  test('shows a link for the first administrator beside that of the other, and both are good until one was used', async () => {
    const { one, two } = await start(OFF);
    const links = [present(await renewInstaller(one.deps)), present(await renewInstaller(two.program.deps))];
    for (const { deps } of [one, two.program]) {
      expect(await Promise.all(links.map((link) => isInstaller(deps, link)))).toEqual([true, true]);
    }
    // It starts anew: its own link is another, the other's stays.
    await renewInstaller(two.program.deps);
    expect(await Promise.all(links.map((link) => isInstaller(one.deps, link)))).toEqual([true, false]);
    await createFirstOwner(two.program.deps, OWNER);
    expect(await isInstaller(one.deps, present(links[0]))).toBe(false);
  });

  test('knows who is signed in on the other, until he signs out on either', async () => {
    const { one, two } = await start(OFF);
    await createFirstOwner(one.deps, OWNER);
    const person = present(await one.deps.store.findPersonByEmail(OWNER.email));
    const [here, there] = [createSessions(one.deps), createSessions(two.program.deps)];
    const cookie = await here.open(person, { address: '192.0.2.1', userAgent: 'a browser' });
    const session = present(await there.read(cookie));
    expect(session.person.email).toBe(OWNER.email);
    await there.end(session);
    expect(await here.read(cookie)).toBeNull();
  });

  test('takes no API key for longer than a second that was revoked on the other', async () => {
    const { one, two } = await start(OFF);
    const ask = async () => (await two.post('/api/paycore/checkout', exampleOrder(one.shop.url))).status;
    expect(await ask()).toBe(201);
    for (const { id } of await one.deps.store.listKeys()) await one.deps.store.revokeKey(id, one.clock.now());
    one.clock.advance(SECOND);
    expect(await ask()).toBe(401);
  });

  test('leaves what is done for all to whoever came first', async () => {
    const { one, two } = await start(OFF);
    const pruned: string[] = [];
    const watch = (program: typeof one.program, name: string) => {
      const { prune } = program.deps.store;
      program.deps.store.prune = async (...given) => {
        pruned.push(name);
        return prune(...given);
      };
    };
    watch(one.program, 'one');
    watch(two.program, 'two');
    for (let hour = 0; hour < 3; hour += 1) {
      await Promise.all([one.program.scheduler.tick(['prune']), two.program.scheduler.tick(['prune'])]);
      one.clock.advance(HOUR);
    }
    expect(pruned.length).toBe(3);
  });
});

describeNodes('the master key of a database that is new', () => {
  const configOf = (place: string, folder: string, key?: number) =>
    loadConfig({
      ...{ PAYCORE_DATA_DIR: folder, PAYCORE_DATABASE_URL: place },
      ...(key === undefined ? {} : { PAYCORE_MASTER_KEY: Buffer.alloc(32, key).toString('base64') }),
    });

  test('is the first one’s of two nodes that come at once, and whoever has none is told which variable to set', async () => {
    using folder = makeFolder();
    using other = makeFolder();
    const place = await makeEmptyPlace('postgres', folder.path);
    try {
      const opened = await Promise.allSettled(
        [1, 2].map((key) => openData(configOf(place, folder.path, key), SERVER_LEAVE)),
      );
      const refused = opened.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
      expect(refused.length).toBe(1);
      expect(refused[0]).toContain('PAYCORE_MASTER_KEY');
      for (const one of opened) if (one.status === 'fulfilled') await one.value.store.close();
      const without = await openData(configOf(place, other.path), SERVER_LEAVE).catch(String);
      expect(without).toContain('Set PAYCORE_MASTER_KEY');
    } finally {
      await dropPlace(place);
    }
  });
});
