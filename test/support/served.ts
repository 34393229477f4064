import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, startServer } from '../../src/cli/server.ts';
import { createKey } from '../../src/payments/projects/keys.ts';
import { loadConfig } from '../../src/program.ts';
import type { TestApp } from './app.ts';

export interface Served {
  readonly server: RunningServer;
  readonly folder: string;
  readonly keys: { readonly live: string; readonly test: string };
  readonly projectId: number;
  call(path: string, body?: unknown, key?: string): Promise<{ readonly status: number; readonly body: unknown }>;
  stop(): Promise<void>;
}

/** For a browser that is none: follows no redirects. */
export function serveAt({ server }: Served): Pick<TestApp, 'request' | 'deps'> {
  return {
    deps: server.deps,
    request: (path, init) => fetch(`http://127.0.0.1:${server.port}${path}`, { redirect: 'manual', ...init }),
  };
}

/** PayCore as `paycore serve` runs it, on free ports over a data folder of its own. */
export async function serveFor(
  env: Readonly<Record<string, string>> = {},
  { isEmpty = false, standIn }: { readonly isEmpty?: boolean; readonly standIn?: string } = {},
): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'paycore-served-'));
  const config = loadConfig({
    PAYCORE_DATA_DIR: folder,
    PAYCORE_PORT: '0',
    PAYCORE_SIMULATOR_PORT: '0',
    PAYCORE_LOG_LEVEL: 'error',
    ...env,
  });
  const server = await startServer(config, { echo: false, ...(standIn === undefined ? {} : { standIn }) });
  const keys = { live: '', test: '' };
  if (!isEmpty) {
    for (const kind of ['live', 'test'] as const) keys[kind] = (await createKey(server.deps, 'shop', kind)).api_key;
  }
  const [project] = await server.deps.store.listProjects();
  return {
    server,
    folder,
    keys,
    projectId: project?.id ?? 0,
    async call(path, body, key = keys.test) {
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
