import type { Input } from '../actions.ts';
import { ActionError } from '../http.ts';
import { readCount, readText } from '../input.ts';
import type { World } from '../world.ts';
import {
  eventHeaders,
  isAcknowledged,
  keepRecord,
  noCause,
  openEvents,
  signatureHeader,
  signPayload,
  webhookSecret,
  webhookUrl,
  writeEvent,
} from './events.ts';
import { makeId, toSeconds } from './ids.ts';
import { type Intent, openIntents } from './intent.ts';
import { viewIntent } from './objects.ts';

/** Forged deliveries: each claims that the order is paid, and none changes anything here. */
interface Forgery {
  readonly body: string;
  /** Null: the header is missing. */
  readonly signature: string | null;
}

/** What a forger has to work with. */
interface Bench {
  readonly world: World;
  readonly intent: Intent;
  readonly secret: string;
  /** Seconds. */
  readonly now: number;
  readonly input: Input;
}

type Forger = (bench: Bench) => Forgery;

/** Older than the five minutes that Stripe's libraries allow. */
const OLD_SECONDS = 600;
/** Paid next to nothing for the whole. */
const STANDARD_AMOUNT = 1;

/** The event that would say "paid", with some of its object changed. */
function claimPaid({ world, intent }: Bench, changes: Readonly<Record<string, unknown>> = {}): string {
  const object = { ...viewIntent({ ...intent, status: 'succeeded' }), next_action: null, ...changes };
  return writeEvent(world, intent, 'payment_intent.succeeded', object, noCause).body;
}

function signed(bench: Bench, body: string, secret = bench.secret, at = bench.now): Forgery {
  return { body, signature: signatureHeader(secret, at, body) };
}

function flipLast(text: string): string {
  return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
}

/** Another intent of this simulator if there is one: the signature is right and the payment is not. */
function otherIntentId({ world, intent }: Bench): string {
  return openIntents(world).find((one) => one.id !== intent.id)?.id ?? makeId(world.random, 'pi_3', 23);
}

function replay({ world, intent }: Bench): Forgery {
  const event = openEvents(world).get(intent.lastEvent ?? '');
  if (!event || event.signature === null) {
    throw new ActionError(409, 'NOTHING_TO_REPLAY', 'No event of this order went out yet.');
  }
  return { body: event.body, signature: event.signature };
}

const forgers = {
  'bad-signature': (bench) => {
    const { body, signature } = signed(bench, claimPaid(bench));
    return { body, signature: flipLast(signature ?? '') };
  },
  'no-signature': (bench) => ({ body: claimPaid(bench), signature: null }),
  'v0-only': (bench) => {
    const body = claimPaid(bench);
    return { body, signature: `t=${bench.now},v0=${signPayload(bench.secret, bench.now, body)}` };
  },
  'old-timestamp': (bench) => signed(bench, claimPaid(bench), bench.secret, bench.now - OLD_SECONDS),
  'other-secret': (bench) => signed(bench, claimPaid(bench), makeId(bench.world.random, 'whsec_', 32)),
  'empty-secret': (bench) => signed(bench, claimPaid(bench), ''),
  amount: (bench) => {
    const standard = bench.intent.amount === STANDARD_AMOUNT ? STANDARD_AMOUNT + 1 : STANDARD_AMOUNT;
    const received = readCount(bench.input, 'amount_received', 0, Number.MAX_SAFE_INTEGER, standard);
    return signed(bench, claimPaid(bench, { amount_received: received }));
  },
  currency: (bench) => {
    const currency = bench.intent.currency === 'jpy' ? 'twd' : 'jpy';
    return signed(bench, claimPaid(bench, { currency }));
  },
  'other-intent': (bench) => signed(bench, claimPaid(bench, { id: otherIntentId(bench) })),
  replay,
} as const satisfies Readonly<Record<string, Forger>>;

const forgersByName: Readonly<Record<string, Forger>> = forgers;
export const forgeKinds: readonly string[] = Object.keys(forgers);

/** Sends one forged delivery, never a second one. */
export async function forge(world: World, intent: Intent, input: Input): Promise<void> {
  const kind = readText(input, 'kind', /^[a-z0-9-]{1,30}$/) ?? '';
  const forger = Object.hasOwn(forgersByName, kind) ? forgersByName[kind] : undefined;
  if (!forger) {
    throw new ActionError(422, 'FORGE_NOT_APPLICABLE', `kind must be one of ${forgeKinds.join(', ')}.`);
  }
  const url = webhookUrl(world, intent);
  if (url === null) throw new ActionError(409, 'NO_WEBHOOK_URL', 'Nobody said where this account takes its events.');
  const bench = { world, intent, secret: webhookSecret(world, intent), now: toSeconds(world.now()), input };
  const { body, signature } = forger(bench);
  await world.sender.post({
    kind: `forged:${kind}`,
    url,
    body,
    headers: eventHeaders(signature),
    isAcknowledged,
    record: (record) => keepRecord(world, intent.id, record),
  });
}
