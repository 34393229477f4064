import { randomBytes } from 'node:crypto';
import type { Config } from '../../config.ts';
import { formatInstant, HOUR, MINUTE } from '../../core/time.ts';
import { createVault } from '../../security/vault.ts';
import { type Checked, checkRules, type Inspector } from '../../store/integrity/check.ts';
import { type Facts, readFacts } from '../../store/integrity/facts.ts';
import { countDeltas, readDues, readEngine, readNodes } from '../../store/integrity/node-facts.ts';
import { readMasterKey } from '../open.ts';
import { checkEngine } from './engine.ts';
import { bad, type Finding, ok, warn } from './finding.ts';
import { checkNodes, isAlive } from './nodes.ts';
import { checkWork } from './work.ts';

/** What stands in the database. */

/** A database of another schema is left alone: its rules are those of another version. */
export async function checkDatabase(
  inspector: Inspector,
  config: Config,
  known: number,
  now: number,
): Promise<readonly Finding[]> {
  const schema = checkSchema(await inspector.readVersion(), known, inspector.engine);
  if (schema.state !== 'ok') return [schema];
  const facts = await readFacts(inspector);
  return [
    schema,
    ...(await tryTo('engine', () => lookAtNodes(inspector, config.databasePool, now))),
    ...(await checkLedger(inspector)),
    ...checkFacts(facts, now),
    ...(await tryTo('waiting_work', () => lookAtWork(inspector, now))),
    ...checkCalls(facts),
    checkMasterKey(config, facts),
  ];
}

async function lookAtNodes(inspector: Inspector, pool: number, now: number): Promise<readonly Finding[]> {
  const nodes = await readNodes(inspector, now);
  const needs = { nodes: nodes.filter(isAlive).length, pool };
  return [...checkEngine(await readEngine(inspector), needs), ...checkNodes(nodes)];
}

async function lookAtWork(inspector: Inspector, now: number): Promise<readonly Finding[]> {
  return checkWork(await readDues(inspector), await countDeltas(inspector), now);
}

/** Of a database that is damaged the rules say more than what cannot be read of it. */
async function tryTo(check: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    const remedy = 'Look at the other lines first; when they are well, try again.';
    return [bad(check, `it could not be read: ${(error as Error).message}`, remedy)];
  }
}

const ENGINES = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const;

function checkSchema(version: number, known: number, engine: Inspector['engine']): Finding {
  const message = `${ENGINES[engine]}, schema ${version}`;
  if (version === known) return ok('schema', message);
  const remedy =
    version > known
      ? 'It was written by a newer PayCore: use that version, also for its doctor.'
      : 'Stop the server and start it in this version, which brings the schema up to date; until then use the doctor of its own version.';
  return (version > known ? bad : warn)('schema', `${message}, this PayCore knows ${known}`, remedy);
}

async function checkLedger(inspector: Inspector): Promise<readonly Finding[]> {
  return (await checkRules(inspector)).map(describeRule);
}

export function describeRule({ name, fault, remedy, weight, found, rows }: Checked): Finding {
  if (found === 0) return ok(name, '');
  return { check: name, state: weight, message: `${fault} (${found} found)`, remedy, rows };
}

/** Clocks of several machines on one database are a little apart. */
const AHEAD = MINUTE;
const OVERDUE = HOUR;

function checkFacts({ deadNotifications, dueSince, newest }: Facts, now: number): readonly Finding[] {
  const isOverdue = dueSince !== null && dueSince < now - OVERDUE;
  const isAhead = newest !== null && newest > now + AHEAD;
  return [
    deadNotifications === 0
      ? ok('dead_notifications', '')
      : warn(
          'dead_notifications',
          `${deadNotifications} notifications were given up: the shop did not take them in three days`,
          'Ask the shop, then tell it again: paycore notifications resend --all.',
        ),
    isOverdue
      ? warn(
          'waiting_notifications',
          `the oldest one has been due since ${formatInstant(dueSince)}`,
          'Start the server, or look into its log for why it does not send.',
        )
      : ok('waiting_notifications', ''),
    isAhead
      ? bad(
          'clock',
          `something happened at ${formatInstant(newest)}, and it is ${formatInstant(now)} now: the clock was or is wrong`,
          'Set the clock of this machine right (NTP); payments expire by it.',
        )
      : ok('clock', ''),
  ];
}

/** A gateway whose last word was refused is most likely set up wrongly; one that never called may have nothing to tell yet. */
function checkCalls({ calls }: Facts): readonly Finding[] {
  return calls.map(({ gateway, acceptedAt, refusedAt, refusal }) => {
    const check = `last_callback_${gateway}`;
    const accepted =
      acceptedAt === null ? 'none was accepted yet' : `the last was accepted at ${formatInstant(acceptedAt)}`;
    if (refusedAt === null || refusedAt <= (acceptedAt ?? 0)) return ok(check, accepted);
    return warn(
      check,
      `${accepted}, and one was refused at ${formatInstant(refusedAt)}: ${refusal}`,
      'See paycore callbacks, and what the desk says under unmatched callbacks.',
    );
  });
}

function checkMasterKey({ masterKey, dataDir }: Config, { masterKeyId }: Facts): Finding {
  const remedy =
    'Put back the right master.key file, or set PAYCORE_MASTER_KEY to it: without it credentials are lost.';
  if (masterKeyId === null) return ok('master_key', 'nothing is encrypted yet');
  try {
    const { keyId } = createVault(masterKey ?? readMasterKey(dataDir, masterKeyId), randomBytes);
    if (keyId === masterKeyId) return ok('master_key', `its id is ${keyId}`);
    return bad('master_key', `the data was encrypted with the key ${masterKeyId}, this one is ${keyId}`, remedy);
  } catch (error) {
    return bad('master_key', (error as Error).message, remedy);
  }
}
