import { formatInstant } from '../core/time.ts';
import { createKey } from '../payments/projects/keys.ts';
import { type Call, flag, type Print, runCommand } from './command.ts';
import { CommandFailure } from './failure.ts';

export const usage = `paycore key create --project NAME [--test] [--json]   make an API key
paycore key list [--json]                             list keys
paycore key revoke ID [--json]                        revoke a key`;

const OPTIONS = { test: flag } as const;
type KeyCall = Call<typeof OPTIONS>;

export function run(args: readonly string[], print: Print): Promise<void> {
  const actions = { create, list, revoke };
  return runCommand({ name: 'key', usage, options: OPTIONS, actions, withOperand: ['revoke'] }, args, print);
}

async function create({ deps, flags, tell, record }: KeyCall): Promise<void> {
  const name = flags.project?.trim() ?? '';
  if (name === '' || name.length > 100) {
    throw new CommandFailure(
      'paycore key create needs --project NAME (1 to 100 characters), e.g. --project my-shop.',
      2,
    );
  }
  const kind = flags.test ? 'test' : 'live';
  const made = await createKey(deps, name, kind);
  await record({ action: 'create-key', about: made.project, after: { kind, key: `${made.api_key.slice(0, 12)}…` } });
  tell(made, [
    `project              ${made.project}`,
    `API key              ${made.api_key}`,
    `notification secret  ${made.notification_secret}`,
    'The key is shown once; only its hash is stored.',
  ]);
}

async function list({ deps, tell }: KeyCall): Promise<void> {
  const stored = await deps.store.listKeys();
  const keys = stored.map((key) => ({
    id: key.id,
    project: key.projectName,
    kind: key.kind,
    key: `${key.hint}…`,
    created_at: formatInstant(key.createdAt),
    revoked_at: key.revokedAt === null ? null : formatInstant(key.revokedAt),
  }));
  const lines = keys.map(
    ({ id, key, kind, project, revoked_at }) =>
      `${String(id).padStart(4)}  ${key}  ${kind}  ${project}${revoked_at ? '  revoked' : ''}`,
  );
  tell(keys, lines.length > 0 ? lines : ['There are no keys yet: paycore key create --project my-shop']);
}

async function revoke({ deps, operand, tell, record }: KeyCall): Promise<void> {
  const id = /^\d{1,9}$/.test(operand ?? '') ? Number(operand) : null;
  if (id === null) throw new CommandFailure('paycore key revoke needs the id of a key; see paycore key list.', 2);
  if (!(await deps.store.revokeKey(id, Date.now()))) {
    throw new CommandFailure(`there is no active key with id ${id}; see paycore key list.`);
  }
  await record({ action: 'revoke-key', about: `key ${id}` });
  tell({ revoked: id }, [`key ${id} is revoked`]);
}
