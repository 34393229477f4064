import { formatInstant } from '../core/time.ts';
import {
  type AddressFlaw,
  type CallbackAddress,
  findAddressFlaw,
  type LastCalls,
  listCallbackAddresses,
} from '../payments/callback/addresses.ts';
import { listUnmatched } from '../payments/callback/unmatched.ts';
import { type Call, flag, type Print, requireProject, runCommand } from './command.ts';

export const usage = `paycore callbacks [--project NAME] [--live | --test] [--json]   addresses to give to the gateways, and when each called last
paycore callbacks --unmatched [--project NAME] [--json]   what came and belongs to no payment or proves nothing, and why`;

const OPTIONS = { live: flag, test: flag, unmatched: flag } as const;
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

async function list(call: CallbackCall): Promise<void> {
  const { deps, flags, tell } = call;
  const projectId = flags.project === undefined ? null : (await requireProject(deps, flags.project)).id;
  if (flags.unmatched) return tellUnmatched(call, projectId);
  const kind = flags.live === flags.test ? null : flags.live ? 'live' : 'test';
  const addresses = await listCallbackAddresses(deps, { projectId, kind });
  const flaw = findAddressFlaw(deps.publicUrl);
  tell({ public_url: deps.publicUrl, warning: flaw, callbacks: addresses.map(serialize) }, [
    ...(flaw ? [`${deps.publicUrl} ${FLAWS[flaw]}`, ''] : []),
    ...addresses.flatMap(describe),
  ]);
}

/** The newest; they are kept for a day. */
async function tellUnmatched({ deps, tell }: CallbackCall, projectId: number | null): Promise<void> {
  const { callbacks } = await listUnmatched(deps, { projectId, gateway: null, cursor: null });
  const rows = callbacks.map(({ id, gateway, address, reason, kind, paymentNo, receivedAt }) => ({
    ...{ id, gateway, address, kind, reason, payment_no: paymentNo },
    received_at: formatInstant(receivedAt),
  }));
  const lines = rows.map(
    ({ received_at, gateway, address, reason, payment_no }) =>
      `${received_at}  ${gateway}  ${address}  ${reason}${payment_no === null ? '' : `  ${payment_no}`}`,
  );
  tell(rows, lines.length > 0 ? lines : ['Every callback of the last day belongs to a payment.']);
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
