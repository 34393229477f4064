import type { EngineFacts } from '../../store/integrity/node-facts.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

/** The database that PayCore stands on, and what its server is set to. */

/** Connections of one node besides those of its pool: the one that holds the schema and listens, and the one that numbers come from. */
const BESIDES_POOL = 2;
/** For commands that run beside the nodes, and for people. */
const SPARE = 5;

export interface Needs {
  /** Nodes that serve; at least one will. */
  readonly nodes: number;
  /** Connections in the pool of each. */
  readonly pool: number;
}

export function checkEngine({ name, version, settings }: EngineFacts, needs: Needs): readonly Finding[] {
  if (name === 'sqlite') return [ok('engine', `SQLite ${version}, for one node`)];
  return [
    ok('engine', `PostgreSQL ${version}`),
    ...checkDurability(settings),
    ...checkEncoding(settings),
    ...checkConnections(settings, needs),
  ];
}

type Settings = EngineFacts['settings'];

/** What the server calls written must be on its disk: a gateway is told that its callback is kept. */
function checkDurability({ fsync, synchronous_commit }: Settings): readonly Finding[] {
  if (fsync === undefined && synchronous_commit === undefined) return [];
  const off = Object.entries({ fsync, synchronous_commit }).filter(([, value]) => value === 'off');
  if (off.length === 0) return [ok('durability', `fsync ${fsync}, synchronous_commit ${synchronous_commit}`)];
  const names = off.map(([name]) => name).join(' and ');
  return [
    bad(
      'durability',
      `${names} ${off.length === 1 ? 'is' : 'are'} off: a payment that a gateway was told is kept can be lost when the server stops`,
      `Set ${names} to on, for the server, this database and its user.`,
    ),
  ];
}

function checkEncoding({ server_encoding }: Settings): readonly Finding[] {
  if (server_encoding === undefined) return [];
  if (/^utf-?8$/i.test(server_encoding)) return [ok('encoding', server_encoding)];
  return [
    bad(
      'encoding',
      `the database keeps its texts as ${server_encoding}: not every name can be stored, or found again`,
      "Make a database with ENCODING 'UTF8' and move there: paycore move --to URL.",
    ),
  ];
}

function checkConnections({ max_connections }: Settings, { nodes, pool }: Needs): readonly Finding[] {
  if (max_connections === undefined) return [];
  const needed = Math.max(nodes, 1) * (pool + BESIDES_POOL) + SPARE;
  const message = `the server takes ${max_connections}, ${Math.max(nodes, 1)} × ${pool + BESIDES_POOL} and ${SPARE} besides may be wanted`;
  if (needed <= Number(max_connections)) return [ok('connections', message)];
  return [
    warn(
      'connections',
      `${message}: a node that gets none answers 503`,
      `Set max_connections of the server to ${needed} at least, or give each node fewer.`,
    ),
  ];
}
