import { chooseForger, type Forgers, flipLast } from '../forging.ts';
import { refuseAction } from '../http.ts';
import { type Input, readCount } from '../input.ts';
import type { World } from '../world.ts';
import * as events from './events.ts';
import { type Intent, makeId, orders, toSeconds } from './intent.ts';
import { type Shown, viewIntent } from './objects.ts';

/** Forged deliveries: each claims that the order is paid, and none changes anything here. */
interface Forgery {
  readonly body: string;
  /** Null: the header is missing. */
  readonly signature: string | null;
}

interface Bench {
  readonly world: World;
  readonly intent: Intent;
  readonly secret: string;
  /** Seconds. */
  readonly now: number;
  readonly input: Input;
}

/** Older than the five minutes that Stripe's libraries allow. */
const OLD_SECONDS = 600;

/** The event that would say "paid", with some of its object changed. */
function claimPaid({ world, intent }: Bench, changes: Shown = {}): string {
  const object = { ...viewIntent({ ...intent, status: 'succeeded' }), next_action: null, ...changes };
  return events.writeEvent({ world, plan: null }, intent, 'payment_intent.succeeded', object).body;
}

function signed(bench: Bench, changes: Shown = {}, secret = bench.secret, at = bench.now): Forgery {
  const body = claimPaid(bench, changes);
  return { body, signature: events.signatureHeader(secret, at, body) };
}

/** Another intent of this simulator if there is one: the signature is right and the payment is not. */
const otherIntentId = ({ world, intent }: Bench): string =>
  orders.shelf(world).find((one) => one.id !== intent.id)?.id ?? makeId(world, 'pi_3');

function replay({ world, intent }: Bench): Forgery {
  const event = events.findLastEvent(world, intent);
  if (event?.signature) return { body: event.body, signature: event.signature };
  return refuseAction('NOTHING_TO_REPLAY', 'No event of this order went out yet.');
}

const forgers: Forgers<Bench, Forgery> = {
  'bad-signature': (bench) => {
    const { body, signature } = signed(bench);
    return { body, signature: flipLast(signature ?? '') };
  },
  'no-signature': (bench) => ({ body: claimPaid(bench), signature: null }),
  'v0-only': (bench) => {
    const body = claimPaid(bench);
    return { body, signature: `t=${bench.now},v0=${events.signPayload(bench.secret, bench.now, body)}` };
  },
  'old-timestamp': (bench) => signed(bench, {}, bench.secret, bench.now - OLD_SECONDS),
  'other-secret': (bench) => signed(bench, {}, makeId(bench.world, 'whsec_', 32)),
  'empty-secret': (bench) => signed(bench, {}, ''),
  // Paid next to nothing for the whole.
  amount: (bench) => {
    const standard = bench.intent.amount === 1 ? 2 : 1;
    const received = readCount(bench.input, 'amount_received', 0, Number.MAX_SAFE_INTEGER, standard);
    return signed(bench, { amount_received: received });
  },
  currency: (bench) => signed(bench, { currency: bench.intent.currency === 'jpy' ? 'twd' : 'jpy' }),
  'other-intent': (bench) => signed(bench, { id: otherIntentId(bench) }),
  replay,
};

export const forgeKinds = Object.keys(forgers);

/** Sends one forged delivery, never a second one. */
export async function forge(world: World, intent: Intent, input: Input): Promise<void> {
  const chosen = chooseForger(forgers, input);
  const url = events.webhookUrl(world, intent);
  if (url === null) return refuseAction('NO_WEBHOOK_URL', 'Nobody said where this account takes its events.');
  const bench = { world, intent, secret: events.webhookSecret(world, intent), now: toSeconds(world.now()), input };
  const { body, signature } = chosen.forge(bench);
  await world.sender.post(
    events.makeCallback(world, intent, { kind: `forged:${chosen.kind}`, url, body }, () => signature),
  );
}
