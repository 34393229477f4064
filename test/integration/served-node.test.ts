import { expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '../../src/core/version.ts';
import { createStore } from '../../src/store/index.ts';
import { seedRandom } from '../support/clock.ts';
import { openDatabaseAt } from '../support/engines.ts';
import { serveFor } from '../support/served.ts';

test('a server is written down as a node by host and port while it serves, and leaves with a stop', async () => {
  const { server, folder } = await serveFor({}, { isEmpty: true });
  const nodes = await server.deps.store.listNodes(Date.now());
  expect(nodes).toMatchObject([
    { name: `${hostname()}:${server.port}`, version: VERSION, publicUrl: server.publicUrl },
  ]);
  await server.stop();
  const { engine } = await openDatabaseAt(join(folder, 'paycore.db'));
  expect(await createStore(engine, seedRandom('a')).listNodes(Date.now())).toEqual([]);
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});
