import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { makeApiKey, makeNotificationSecret } from '../core/ids.ts';
import { formatInstant } from '../core/time.ts';
import { hashApiKey } from '../security/vault.ts';
import { CommandFailure } from './failure.ts';
import { type Opened, openData } from './open.ts';

export const usage = `paycore key create --project NAME [--test] [--json]   make an API key
paycore key list [--json]                             list keys
paycore key revoke ID [--json]                        revoke a key`;

interface Flags {
  readonly project?: string | undefined;
  readonly test: boolean;
  readonly json: boolean;
}

type Print = (line: string) => void;

/** Works while a server runs: both write the same database. */
export async function run(args: readonly string[], print: Print): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      project: { type: 'string' },
      test: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [action, target] = positionals;
  const actions = { create, list, revoke };
  const chosen = Object.hasOwn(actions, action ?? '') ? actions[action as keyof typeof actions] : null;
  if (!chosen)
    throw new CommandFailure(`paycore key takes create, list or revoke, not "${action ?? ''}".\n${usage}`, 2);
  const opened = openData(readConfig(process.env));
  try {
    await chosen(opened, values, print, target);
  } finally {
    opened.db.close();
  }
}

async function create(opened: Opened, flags: Flags, print: Print): Promise<void> {
  const name = flags.project?.trim() ?? '';
  if (name === '' || name.length > 100) {
    throw new CommandFailure(
      'paycore key create needs --project NAME (1 to 100 characters), e.g. --project my-shop.',
      2,
    );
  }
  const made = await createKey(opened, name, flags.test ? 'test' : 'live');
  if (flags.json) print(JSON.stringify(made));
  else {
    print(`project              ${made.project}`);
    print(`API key              ${made.api_key}`);
    print(`notification secret  ${made.notification_secret}`);
    print('The key is shown once; only its hash is stored.');
  }
}

export interface CreatedKey {
  readonly api_key: string;
  readonly project: string;
  readonly notification_secret: string;
}

/** Makes a key, and its project when there is none of that name. */
export async function createKey(
  { store, vault }: Pick<Opened, 'store' | 'vault'>,
  name: string,
  kind: 'live' | 'test',
): Promise<CreatedKey> {
  const now = Date.now();
  const fresh = vault.seal('notification secret', makeNotificationSecret(randomBytes));
  const project = await store.ensureProject(name, fresh, now);
  const key = makeApiKey(kind, randomBytes);
  await store.addKey({ projectId: project.id, kind, hash: hashApiKey(key), hint: key.slice(0, 12), now });
  return {
    api_key: key,
    project: project.name,
    notification_secret: vault.open('notification secret', project.notificationSecret),
  };
}

async function list({ store }: Opened, flags: Flags, print: Print): Promise<void> {
  const keys = store.listKeys().map((key) => ({
    id: key.id,
    project: key.projectName,
    kind: key.kind,
    key: `${key.hint}…`,
    created_at: formatInstant(key.createdAt),
    revoked_at: key.revokedAt === null ? null : formatInstant(key.revokedAt),
  }));
  if (flags.json) return print(JSON.stringify(keys));
  if (keys.length === 0) print('There are no keys yet: paycore key create --project my-shop');
  for (const key of keys) {
    print(`${String(key.id).padStart(4)}  ${key.key}  ${key.kind}  ${key.project}${key.revoked_at ? '  revoked' : ''}`);
  }
}

async function revoke({ store }: Opened, flags: Flags, print: Print, target?: string): Promise<void> {
  const id = /^\d{1,9}$/.test(target ?? '') ? Number(target) : null;
  if (id === null) throw new CommandFailure('paycore key revoke needs the id of a key; see paycore key list.', 2);
  if (!(await store.revokeKey(id, Date.now()))) {
    throw new CommandFailure(`there is no active key with id ${id}; see paycore key list.`);
  }
  print(flags.json ? JSON.stringify({ revoked: id }) : `key ${id} is revoked`);
}
