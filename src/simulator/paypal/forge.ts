import type { Input } from '../actions.ts';
import { ActionError } from '../http.ts';
import { readChoice } from '../input.ts';
import type { World } from '../world.ts';
import { makeId } from './digest.ts';
import { approvedEvent, claimedEvent } from './events.ts';
import { fromMinor, toMinor } from './money.ts';
import type { PaypalOrder } from './order.ts';
import { addressOf, keepTransmission, makeCallback, makeTransmission, type Transmission } from './webhooks.ts';

/** What goes out, and what PayPal would remember to have sent; null when it remembers nothing. */
interface Forgery {
  readonly body: string;
  readonly remembered: Partial<Transmission> | null;
}

type Forger = (world: World, order: PaypalOrder) => Forgery;

/** PayPal's own page for trying out webhooks uses this instead of a merchant's webhook id. */
const TRIAL_WEBHOOK_ID = 'WEBHOOK_ID';

function claim(world: World, order: PaypalOrder, remembered: Partial<Transmission> = {}): Forgery {
  return { body: claimedEvent(world, order).body, remembered };
}

/** The first five fail PayPal's verification. The last two pass it and lie: only PayPal's order itself tells the truth. */
const forgers: Readonly<Record<string, Forger>> = {
  'wrong-transmission': (world, order) => ({ ...claim(world, order), remembered: null }),
  'other-body': (world, order) => claim(world, order, { body: approvedEvent(world, order).body }),
  reserialised: (world, order) => {
    const { body } = claimedEvent(world, order);
    return { body: JSON.stringify(JSON.parse(body)), remembered: { body } };
  },
  'wrong-webhook-id': (world, order) => claim(world, order, { webhookId: makeId(world.random) }),
  'simulator-webhook-id': (world, order) => claim(world, order, { webhookId: TRIAL_WEBHOOK_ID }),
  'other-order': (world, order) => {
    const { body } = claimedEvent(world, order, { id: makeId(world.random) });
    return { body, remembered: {} };
  },
  amount: (world, order) => {
    const more = fromMinor(toMinor(order.amount) + 1n, order.amount.currency_code);
    return { body: claimedEvent(world, order, { amount: more }).body, remembered: {} };
  },
};

export const paypalForgeKinds: readonly string[] = Object.keys(forgers);

/** Posts one event that nobody should act on. The order stays as it is. */
export async function forge(world: World, order: PaypalOrder, input: Input): Promise<void> {
  const kind = readChoice(input, 'kind', paypalForgeKinds);
  const forger = kind === null ? undefined : forgers[kind];
  if (!forger) throw new ActionError(400, 'INVALID_ARGUMENT', `kind must be one of ${paypalForgeKinds.join(', ')}.`);
  const url = addressOf(world, order);
  if (url === null) throw new ActionError(409, 'NO_WEBHOOK', 'Nothing tells where the events of this order go.');
  const { body, remembered } = forger(world, order);
  const transmission = { ...makeTransmission(world, order, body), ...remembered };
  if (remembered) keepTransmission(world, transmission);
  await world.sender.post(makeCallback(world, order, { kind: `forged:${kind}`, url, transmission, body }));
}
