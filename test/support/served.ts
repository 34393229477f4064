import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, startServer } from '../../src/cli/server.ts';
import { createKey } from '../../src/payments/projects/keys.ts';
import { loadConfig } from '../../src/program.ts';
import { present } from './parts.ts';

export interface Served {
  readonly server: RunningServer;
  readonly folder: string;
  readonly keys: { readonly live: string; readonly test: string };
  readonly projectId: number;
  call(path: string, body?: unknown, key?: string): Promise<{ readonly status: number; readonly body: unknown }>;
  stop(): Promise<void>;
}

/** PayCore as `paycore serve` runs it, on free ports over a data folder of its own. */
export async function serveFor(env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'paycore-served-'));
  const config = loadConfig({
    PAYCORE_DATA_DIR: folder,
    PAYCORE_PORT: '0',
    PAYCORE_SIMULATOR_PORT: '0',
    PAYCORE_LOG_LEVEL: 'error',
    ...env,
  });
  const server = await startServer(config, { echo: false });
  const live = await createKey(server.deps, 'shop', 'live');
  const test = await createKey(server.deps, 'shop', 'test');
  const project = present(await server.deps.store.findProjectByName('shop'), 'the project');
  return {
    server,
    folder,
    keys: { live: live.api_key, test: test.api_key },
    projectId: project.id,
    async call(path, body, key = test.api_key) {
      const response = await fetch(`http://127.0.0.1:${server.port}/api/paycore/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
