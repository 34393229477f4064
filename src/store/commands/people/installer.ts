import { isLiving } from '../../queries/nodes.ts';
import { readSetting } from '../../queries/settings.ts';
import { statement } from '../../statement.ts';
import type { Reader, Tx } from '../../tx.ts';
import { writeSetting } from '../settings.ts';

/** Links by which the first administrator is made: one of each node, a line each with the node and the token's hash. */

const SETTING = 'installer';

const LIVING = statement((kit, p: { now: number }) => {
  const { nodes } = kit.t;
  return kit.db.select({ id: nodes.id }).from(nodes).where(isLiving(kit, p.now));
});

export interface InstallerLink {
  /** The process that shows it. */
  readonly owner: string;
  readonly hash: string;
  readonly now: number;
}

/** Takes the place of the node's own link, and of those whose nodes are gone: what other nodes have shown stays good. */
export async function addInstaller(tx: Tx, { owner, hash, now }: InstallerLink): Promise<void> {
  await tx.lock('installer');
  const living = new Set((await tx.all(LIVING, { now })).map(({ id }) => id));
  living.delete(owner);
  const lines = ((await readSetting(tx, SETTING)) ?? '').split('\n');
  const others = lines.filter((line) => living.has(line.split(' ')[0] ?? ''));
  await writeSetting(tx, SETTING, [...others, `${owner} ${hash}`].join('\n'));
}

/** Hashes of the tokens that are good. */
export async function listInstallers(on: Reader): Promise<readonly string[]> {
  const lines = (await readSetting(on, SETTING))?.split('\n') ?? [];
  return lines.map((line) => line.split(' ').at(-1) ?? '');
}
