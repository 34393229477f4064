import { formatInstant } from '../core/time.ts';
import {
  type AddressFlaw,
  type CallbackAddress,
  findAddressFlaw,
  type LastCalls,
  listCallbackAddresses,
} from '../payments/callback/addresses.ts';
import { type Call, flag, type Print, requireProject, runCommand } from './command.ts';

export const usage = `paycore callbacks [--project NAME] [--live | --test] [--json]   addresses to give to the gateways, and when each called last`;

const OPTIONS = { live: flag, test: flag } as const;
type CallbackCall = Call<typeof OPTIONS>;

export function run(args: readonly string[], print: Print): Promise<void> {
  return runCommand({ name: 'callbacks', usage, options: OPTIONS, actions: { list } }, ['list', ...args], print);
}

/** Why gateways cannot call. */
const FLAWS: Readonly<Record<AddressFlaw, string>> = {
  local:
    'is on this machine or network: gateways cannot reach it. Set PAYCORE_PUBLIC_URL to the address that payers see.',
  http: 'has no TLS: PayPal and Stripe call https addresses alone. Set PAYCORE_PUBLIC_URL to an https address.',
  port: 'has a port of its own: ECPay and PayPal call the usual ports alone. Set PAYCORE_PUBLIC_URL to one without a port.',
};

async function list({ deps, flags, tell }: CallbackCall): Promise<void> {
  const projectId = flags.project === undefined ? null : (await requireProject(deps, flags.project)).id;
  const kind = flags.live === flags.test ? null : flags.live ? 'live' : 'test';
  const addresses = await listCallbackAddresses(deps, { projectId, kind });
  const flaw = findAddressFlaw(deps.publicUrl);
  tell({ public_url: deps.publicUrl, warning: flaw, callbacks: addresses.map(serialize) }, [
    ...(flaw ? [`${deps.publicUrl} ${FLAWS[flaw]}`, ''] : []),
    ...addresses.flatMap(describe),
  ]);
}

function serialize({ gateway, url, setup, isProvable, calls, strays }: CallbackAddress) {
  return {
    gateway: gateway.id,
    url,
    names: setup.names,
    enter_at: setup.entered && { where: setup.entered.where, url: setup.entered.url, events: setup.entered.events },
    credential: setup.entered && { name: setup.entered.credential, stored: isProvable },
    ...serializeCalls(calls),
    about_no_payment: serializeCalls(strays),
  };
}

function serializeCalls({ acceptedAt, refused }: LastCalls) {
  return {
    last_accepted_at: acceptedAt === null ? null : formatInstant(acceptedAt),
    last_refused_at: refused === null ? null : formatInstant(refused.at),
    last_refusal: refused === null ? null : { kind: refused.kind, reason: refused.reason },
  };
}

function describe({ gateway, url, setup, calls, strays }: CallbackAddress): readonly string[] {
  const { names, entered } = setup;
  const { acceptedAt, refused } = calls;
  return [
    `${gateway.name}  ${names.join(', ')}`,
    `  ${url}`,
    entered
      ? `  enter it at ${entered.where} (${entered.url}) for ${entered.events.join(', ')}; what it gives you goes into ${entered.credential}`
      : '  every order carries it: there is nothing to enter',
    `  last accepted  ${acceptedAt === null ? 'never' : formatInstant(acceptedAt)}`,
    ...(refused ? [`  last refused   ${formatInstant(refused.at)}  ${refused.reason}`] : []),
    ...(strays.refused ? [`  about no payment  ${formatInstant(strays.refused.at)}  ${strays.refused.reason}`] : []),
  ];
}
