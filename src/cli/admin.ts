import { formatInstant } from '../core/time.ts';
import { changePassword } from '../people/account.ts';
import { failWeak } from '../people/people.ts';
import {
  changeDisabled,
  changeMayRefund,
  changeRole,
  type Invited,
  invitePerson,
  resetPerson,
  summarizePerson,
} from '../people/team.ts';
import type { PersonRow } from '../store/queries/people.ts';
import { type Call, flag, type Print, runCommand, text } from './command.ts';
import { CommandFailure } from './failure.ts';
import { readInput } from './stdin.ts';

export const usage = `paycore admin create --email E --name NAME [--staff [--refunds]] [--password-stdin] [--json]
    somebody who may sign in at /admin: an owner unless --staff; prints the one-time link by which the password is set
paycore admin reset EMAIL [--drop-totp] [--password-stdin] [--json]
    for who is locked out: password and sessions end, a one-time link is printed; --drop-totp: the phone is gone as well
paycore admin change EMAIL [--owner | --staff] [--refunds | --no-refunds] [--disable | --enable] [--json]
    what somebody may do; who is disabled, or gets another role, is signed out
paycore admin list [--json]                           everybody who may sign in
    --password-stdin: the password comes on standard input, and no link is made`;

const OPTIONS = {
  email: text,
  name: text,
  staff: flag,
  refunds: flag,
  owner: flag,
  'no-refunds': flag,
  disable: flag,
  enable: flag,
  'drop-totp': flag,
  'password-stdin': flag,
} as const;
type AdminCall = Call<typeof OPTIONS>;

export function run(args: readonly string[], print: Print): Promise<void> {
  const actions = { create, reset, change, list };
  return runCommand({ name: 'admin', usage, options: OPTIONS, actions, withOperand: ['reset', 'change'] }, args, print);
}

/** The password that standard input holds, in one line; null when a link is made instead. */
async function readPassword({ flags }: AdminCall): Promise<string | null> {
  if (!flags['password-stdin']) return null;
  if (process.stdin.isTTY) process.stderr.write('The password, then Enter and Ctrl-D.\n');
  return (await readInput()).replace(/\r?\n$/, '');
}

async function create(call: AdminCall): Promise<void> {
  const { deps, flags, record } = call;
  if (flags.refunds && !flags.staff) throw new CommandFailure('--refunds is for --staff: owners may refund anyway.', 2);
  const password = await readPassword(call);
  const email = flags.email ?? '';
  const name = flags.name ?? '';
  // Before anybody is made who could not sign in.
  if (password !== null) failWeak(password, { email, name });
  const role = flags.staff ? 'staff' : 'owner';
  const made = await invitePerson(deps, { email, name, role, mayRefund: flags.refunds });
  await record({ action: 'create-admin', about: made.person.email, after: summarizePerson(made.person) });
  await finish(call, made, password);
}

async function requirePerson({ deps, operand = '' }: AdminCall): Promise<PersonRow> {
  const person = await deps.store.findPersonByEmail(operand.trim().toLowerCase());
  if (!person) throw new CommandFailure(`nobody has the address "${operand}"; see paycore admin list.`, 2);
  return person;
}

async function reset(call: AdminCall): Promise<void> {
  const { deps, flags, record } = call;
  const person = await requirePerson(call);
  const password = await readPassword(call);
  if (password !== null) failWeak(password, person);
  const made = await resetPerson(deps, person, { dropsTotp: flags['drop-totp'] });
  await record({
    ...{ action: 'reset-admin', about: person.email },
    ...{ before: summarizePerson(person), after: summarizePerson(made.person) },
  });
  await finish(call, made, password);
}

/** Whoever has a shell on the machine is none of the people of the desk: nobody changes himself here. */
const NOBODY = { id: 0 };

const opposite = (one: boolean, other: boolean, names: string): boolean | null => {
  if (one && other) throw new CommandFailure(`${names} say opposite things: give one of them.`, 2);
  return one || other ? one : null;
};

async function change(call: AdminCall): Promise<void> {
  const { deps, flags, record, tell } = call;
  const { id, email } = await requirePerson(call);
  const isOwner = opposite(flags.owner, flags.staff, '--owner and --staff');
  const mayRefund = opposite(flags.refunds, flags['no-refunds'], '--refunds and --no-refunds');
  const isDisabled = opposite(flags.disable, flags.enable, '--disable and --enable');
  const steps = [
    ...(isOwner === null ? [] : [() => changeRole(deps, NOBODY, id, isOwner ? 'owner' : 'staff')]),
    ...(mayRefund === null ? [] : [() => changeMayRefund(deps, NOBODY, id, mayRefund)]),
    ...(isDisabled === null ? [] : [() => changeDisabled(deps, NOBODY, id, isDisabled)]),
  ];
  if (steps.length === 0) throw new CommandFailure(`paycore admin change needs something to change.\n${usage}`, 2);
  for (const step of steps) {
    const { before, after } = await step();
    const facts = { before: summarizePerson(before), after: summarizePerson(after) };
    await record({ action: 'change-admin', about: email, ...facts });
  }
  const after = describe(await requirePerson(call));
  tell(after, [
    `${after.name} (${after.email}) is ${after.role}, ${after.state}${after.may_refund ? ', may refund' : ''}.`,
  ]);
}

/** Sets the password, or prints the link by which it is set. */
async function finish({ deps, tell }: AdminCall, { person, url }: Invited, password: string | null): Promise<void> {
  const facts = { email: person.email, name: person.name, role: person.role };
  if (password !== null) {
    await changePassword(deps, person, { password });
    tell({ ...facts, link: null }, [`${person.name} signs in at ${deps.publicUrl}/admin with ${person.email}.`]);
    return;
  }
  const until = person.linkUntil === null ? null : formatInstant(person.linkUntil);
  tell({ ...facts, link: url, link_expires_at: until }, [
    url,
    `${person.name} sets a password there, once, until ${until}. Whoever has the link can: hand it to nobody else.`,
    ...(person.disabledAt === null ? [] : ['This person is disabled; an owner enables people at /admin/people.']),
  ]);
}

async function list({ deps, tell }: AdminCall): Promise<void> {
  const people = (await deps.store.listPeople()).map(describe);
  const lines = people.map(({ email, name, role, may_refund, state, totp }) =>
    [email, name, role, may_refund && 'may refund', state, totp && 'second step'].filter(Boolean).join('  '),
  );
  tell(people, lines.length > 0 ? lines : ['There is nobody yet: paycore admin create, or the link of paycore serve']);
}

function describe(person: PersonRow) {
  const { disabled, ...facts } = summarizePerson(person);
  const state = disabled ? 'disabled' : person.passwordHash === null ? 'invited' : 'active';
  return { ...facts, state, created_at: formatInstant(person.createdAt) };
}
