import { formatInstant } from '../core/time.ts';
import { type Call, type Print, runCommand, text } from './command.ts';
import { CommandFailure } from './failure.ts';

export const usage = `paycore audit [--person EMAIL] [--action A] [--before ID] [--limit N] [--json]   who changed what, newest first`;

const OPTIONS = { person: text, action: text, before: text, limit: text } as const;
type AuditCall = Call<typeof OPTIONS>;

const MAX_LIMIT = 1000;
const USUAL_LIMIT = 50;

export function run(args: readonly string[], print: Print): Promise<void> {
  return runCommand({ name: 'audit', usage, options: OPTIONS, actions: { list } }, ['list', ...args], print);
}

async function list({ deps, flags, tell }: AuditCall): Promise<void> {
  const { store } = deps;
  const person = flags.person === undefined ? null : await store.findPersonByEmail(flags.person.trim().toLowerCase());
  if (flags.person !== undefined && !person) {
    throw new CommandFailure(`nobody has the address "${flags.person}"; see paycore admin list.`, 2);
  }
  const entries = await store.listAudit({
    personId: person?.id ?? null,
    action: flags.action ?? null,
    beforeId: flags.before === undefined ? null : readNumber('--before', flags.before, Number.MAX_SAFE_INTEGER),
    limit: flags.limit === undefined ? USUAL_LIMIT : readNumber('--limit', flags.limit, MAX_LIMIT),
  });
  const rows = entries.map(({ at, personId: _, ...entry }) => ({ ...entry, at: formatInstant(at) }));
  const lines = rows.map(({ id, at, who, address, action, about, outcome }) =>
    [`${String(id).padStart(6)}  ${at}`, who || '-', address || '-', action, about, outcome === 'done' ? '' : outcome]
      .filter((part) => part !== '')
      .join('  '),
  );
  tell(rows, lines.length > 0 ? lines : ['Nothing was changed yet.']);
}

function readNumber(name: string, given: string, most: number): number {
  const number = /^[1-9]\d{0,15}$/.test(given) ? Number(given) : null;
  if (number === null || number > most) {
    throw new CommandFailure(`${name} must be a whole number from 1 to ${most}, not "${given}".`, 2);
  }
  return number;
}
