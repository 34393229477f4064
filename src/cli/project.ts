import { SETTING_FIELDS, type SettingName } from '../core/settings.ts';
import { formatInstant } from '../core/time.ts';
import type { Gateways } from '../gateways/registry.ts';
import { createProject, renameProject } from '../payments/projects/name.ts';
import { sendTestNotification } from '../payments/projects/notify.ts';
import { listOffer } from '../payments/projects/offer.ts';
import { changeProject, rotateSecret } from '../payments/projects/projects.ts';
import type { Project } from '../store/queries/projects.ts';
import { type Call, type Print, requireProject, runCommand, text, texts } from './command.ts';
import { CommandFailure } from './failure.ts';

export const usage = `paycore project list [--json]                         every project
paycore project create --project NAME [--json]        a new one, without keys
paycore project rename --project NAME --to NAME [--json]   call it otherwise; keys and payments stay
paycore project show --project NAME [--json]          its settings
paycore project set --project NAME [settings] [--json]   change them; an empty text takes one back
    --success-url URL --cancel-url URL --payok-url URL   for requests that leave them out
    --shop-url URL                    where payer pages lead back to without a cancel_url
    --display-name TEXT --logo-url URL --accent '#0b6b5d' --contact TEXT   payer pages
    --events payment.refunded,payment.failed   notified besides payment.paid: duplicate, refunded, failed, expired, attention
    --enable ecpay/cvs --disable stripe/fpx --position ecpay/cvs=1   what payers choose from; each as often as needed
paycore project rotate-secret --project NAME [--json]   new notification secret; the old one signs along for 24 hours
paycore project test-notification --project NAME [--json]   send its payok_url a notification about nothing`;

/** `success_url` is `--success-url`. */
type OptionOf<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}-${Tail}` : Name;
const optionOf = (name: SettingName) => name.replace('_', '-') as OptionOf<SettingName>;
const SETTING_OPTIONS = Object.fromEntries(SETTING_FIELDS.map(({ name }) => [optionOf(name), text])) as Readonly<
  Record<OptionOf<SettingName>, typeof text>
>;
const OPTIONS = { ...SETTING_OPTIONS, to: text, events: text, enable: texts, disable: texts, position: texts } as const;
type ProjectCall = Call<typeof OPTIONS>;

export function run(args: readonly string[], print: Print): Promise<void> {
  const actions = { list, create, rename, show, set, 'rotate-secret': rotate, 'test-notification': testNotification };
  return runCommand({ name: 'project', usage, options: OPTIONS, actions }, args, print);
}

async function list({ deps, tell }: ProjectCall): Promise<void> {
  const projects = await deps.store.listProjects();
  const rows = projects.map((one) => ({
    project: one.name,
    created_at: formatInstant(one.createdAt),
    live_keys: one.liveKeys,
    test_keys: one.testKeys,
  }));
  const lines = rows.map(
    (row) => `${row.project}  since ${row.created_at}  ${row.live_keys} live and ${row.test_keys} test keys`,
  );
  tell(rows, lines.length > 0 ? lines : ['There are no projects yet: paycore key create --project my-shop']);
}

async function create({ deps, flags, tell }: ProjectCall): Promise<void> {
  const { name } = await createProject(deps, flags.project);
  tell({ project: name }, [`${name} is there; make it a key: paycore key create --project NAME`]);
}

async function rename({ deps, flags, tell }: ProjectCall): Promise<void> {
  const { id, name: before } = await requireProject(deps, flags.project);
  const name = await renameProject(deps, id, flags.to);
  tell({ project: name, before }, [`${before} is called ${name} from now on.`]);
}

async function show({ deps, flags, tell }: ProjectCall): Promise<void> {
  const project = await requireProject(deps, flags.project);
  tell(describeProject(deps.gateways, project), printProject(deps.gateways, project));
}

async function set(call: ProjectCall): Promise<void> {
  const { deps, flags, record } = call;
  const { id, name } = await requireProject(deps, flags.project);
  const given = readChange(flags);
  if (Object.keys(given).length === 0) {
    throw new CommandFailure(`paycore project set needs something to change.\n${usage}`, 2);
  }
  await changeProject(deps, id, given);
  await record({ action: 'change-project', about: name, after: given });
  await show(call);
}

function readChange(flags: ProjectCall['flags']): Record<string, unknown> {
  const fields = SETTING_FIELDS.map(({ name }) => [name, flags[optionOf(name)]] as const);
  const methods = readMethods(flags);
  const events = flags.events?.split(',').map((event) => event.trim());
  return {
    ...Object.fromEntries(fields.filter(([, value]) => value !== undefined)),
    ...(events ? { events: events.filter((event) => event !== '') } : {}),
    ...(Object.keys(methods).length > 0 ? { methods } : {}),
  };
}

/** In the shape that is checked: `{"ecpay/cvs": {enabled, position}}`. */
function readMethods({ enable = [], disable = [], position = [] }: ProjectCall['flags']): Record<string, object> {
  const both = enable.find((name) => disable.includes(name));
  if (both !== undefined) throw new CommandFailure(`${both} cannot be enabled and disabled at once.`, 2);
  const methods = new Map<string, object>();
  const add = (name: string, setting: object) => methods.set(name, { ...methods.get(name), ...setting });
  for (const name of enable) add(name, { enabled: true });
  for (const name of disable) add(name, { enabled: false });
  for (const pair of position) {
    const [, name = '', place] = /^([^=]+)=(\d*)$/.exec(pair) ?? [];
    if (place === undefined)
      throw new CommandFailure(`--position must be like ecpay/cvs=1, or ecpay/cvs= to take it back, not "${pair}".`, 2);
    add(name, { position: place });
  }
  return Object.fromEntries(methods);
}

function describeProject(gateways: Gateways, project: Project) {
  const { settings, previousSecret } = project;
  const isSigning = previousSecret !== null && previousSecret.until > Date.now();
  return {
    project: project.name,
    created_at: formatInstant(project.createdAt),
    ...Object.fromEntries(SETTING_FIELDS.map(({ name }) => [name, settings[name] ?? null])),
    events: project.events,
    previous_secret_until: isSigning ? formatInstant(previousSecret.until) : null,
    methods: describeMethods(gateways, project),
  };
}

function printProject(gateways: Gateways, project: Project): readonly string[] {
  const { methods, events, ...facts } = describeProject(gateways, project);
  const lines = Object.entries({ ...facts, events: events.join(', ') });
  return [
    ...lines.map(([name, value]) => `${name.padEnd(23)}${value ?? '-'}`),
    'methods',
    ...methods.map(({ method, enabled, position }) =>
      `${String(position ?? '').padStart(6)}  ${method.padEnd(18)}${enabled ? '' : 'off'}`.trimEnd(),
    ),
  ];
}

function describeMethods(gateways: Gateways, { settings }: Project) {
  return listOffer(gateways, settings).map(({ name, isOffered, position }) => ({
    method: name,
    enabled: isOffered,
    position,
  }));
}

async function rotate({ deps, flags, tell, record }: ProjectCall): Promise<void> {
  const { id, name } = await requireProject(deps, flags.project);
  const { secret, previousUntil } = await rotateSecret(deps, id);
  await record({ action: 'rotate-secret', about: name });
  const until = formatInstant(previousUntil);
  tell({ project: name, notification_secret: secret, previous_secret_until: until }, [
    `notification secret  ${secret}`,
    `Until ${until} notifications are signed with the one before as well.`,
  ]);
}

async function testNotification({ deps, flags, tell }: ProjectCall): Promise<void> {
  const project = await requireProject(deps, flags.project);
  const result = await sendTestNotification(deps, project);
  if (result.outcome !== 'delivered') throw new CommandFailure(`the shop did not take it: ${result.reason}`);
  tell({ project: project.name, status: result.status }, [`the shop took it (HTTP ${result.status})`]);
}
