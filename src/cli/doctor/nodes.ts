import { SILENT_MS } from '../../core/node.ts';
import { formatInstant, SECOND } from '../../core/time.ts';
import type { NodeFacts } from '../../store/integrity/node-facts.ts';
import { type Finding, ok, warn } from './finding.ts';

/** The processes that serve on this database, as they were seen last. */

/** Gateways refuse what is stamped minutes off; a node that is this far off has no time from the network. */
const CLOCK_MS = 5 * SECOND;
/** As long as the others may take to notice that one is gone, and to take over what it had. */
const TAKEN_OVER_MS = 2 * SILENT_MS;

export const isAlive = ({ unseenMs }: NodeFacts): boolean => unseenMs < SILENT_MS;

export function checkNodes(nodes: readonly NodeFacts[]): readonly Finding[] {
  const alive = nodes.filter(isAlive);
  const gone = nodes.filter((node) => !isAlive(node));
  if (alive.length === 0) return [ok('nodes', describeAbsence(gone))];
  return [
    ok('nodes', `${alive.length} ${alive.length === 1 ? 'serves' : 'serve'}`),
    ...alive.map(checkNode),
    ...gone.map(checkGone),
    checkAlike(
      'node_versions',
      'PayCore',
      alive.map(({ version }) => version),
      'Finish the upgrade: for longer than it takes, nodes should not differ.',
    ),
    checkAlike(
      'node_public_urls',
      'PAYCORE_PUBLIC_URL',
      alive.map(({ publicUrl }) => publicUrl),
      'Give all of them the same: payers and gateways are sent to the address of the node that made the payment.',
    ),
  ];
}

/** None has to serve while a doctor looks. */
function describeAbsence(gone: readonly NodeFacts[]): string {
  const last = gone.toSorted((a, b) => a.unseenMs - b.unseenMs)[0];
  const seen = last ? `; ${last.name} was seen last, ${seconds(last.unseenMs)} ago` : '';
  return `none serves at the moment${seen}`;
}

function checkNode({ name, version, startedAt, unseenMs, aheadMs }: NodeFacts): Finding {
  const off = `${seconds(Math.abs(aheadMs))} ${aheadMs < 0 ? 'behind' : 'ahead of'} the database’s`;
  const isOff = Math.abs(aheadMs) > CLOCK_MS;
  const message = `${name}, PayCore ${version}, since ${formatInstant(startedAt)}, seen ${seconds(unseenMs)} ago, its clock is ${isOff ? off : 'right'}`;
  if (!isOff) return ok('node', message);
  return warn('node', message, 'Set the clocks of both machines right (NTP); payments expire by them.');
}

function checkGone({ name, unseenMs }: NodeFacts): Finding {
  const message = `${name} has not been seen for ${seconds(unseenMs)}`;
  if (unseenMs < TAKEN_OVER_MS) return ok('node', `${message}: the others are about to take over what it had`);
  return warn(
    'node',
    `${message}, and nobody has taken over what it had`,
    'Look into the logs of the other nodes for why; restart one of them when they say nothing.',
  );
}

function checkAlike(check: string, what: string, found: readonly string[], remedy: string): Finding {
  const different = [...new Set(found)].sort();
  if (different.length === 1) return ok(check, `${what} ${different[0]}`);
  return warn(check, `the nodes have ${different.length}: ${different.join(', ')}`, remedy);
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / SECOND))} s`;
}
