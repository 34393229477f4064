/** The API's document, made from the routes without a server: what is written from it is written from this. */
import { Database } from 'bun:sqlite';
import { randomBytes } from 'node:crypto';
import { VERSION } from '../src/core/version.ts';
import { createApi } from '../src/http/api.ts';
import { documentedRoutes } from '../src/http/app.ts';
import { LIMITS } from '../src/http/limits.ts';
import { buildOpenApi } from '../src/http/openapi/index.ts';
import type { Document } from '../src/http/openapi/types.ts';
import { createLog } from '../src/log.ts';
import { createProgram, loadConfig } from '../src/program.ts';
import { createVault } from '../src/security/vault.ts';
import { createSqliteEngine } from '../src/store/engines/sqlite.ts';
import { createStore } from '../src/store/index.ts';

/** Nothing is read or written: the database is an empty one in memory. */
export async function buildDocument(publicUrl = 'https://pay.shop.example'): Promise<Document> {
  const database = new Database(':memory:');
  const { deps, services } = createProgram(loadConfig({}), {
    store: createStore(createSqliteEngine(database, database), randomBytes),
    vault: createVault(new Uint8Array(32), randomBytes),
    clock: { now: Date.now, elapsed: () => performance.now() },
    random: randomBytes,
    sleep: (ms) => Bun.sleep(ms),
    log: createLog({ level: 'error', now: Date.now, write: console.error }),
    publicUrl,
    peerOf: () => null,
  });
  return buildOpenApi(documentedRoutes(deps, createApi(deps, LIMITS), services), deps, VERSION);
}
