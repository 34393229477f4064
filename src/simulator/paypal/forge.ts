import type { Input } from '../actions.ts';
import { readChoice } from '../input.ts';
import { refuseAction } from '../rest.ts';
import type { World } from '../world.ts';
import { approvedEvent, claimedEvent } from './events.ts';
import { fromMinor, toMinor } from './money.ts';
import { makeId, type PaypalOrder } from './order.ts';
import { addressOf, keepTransmission, makeCallback, makeTransmission, type Transmission } from './webhooks.ts';

/** What goes out, and what PayPal would remember to have sent; null when it remembers nothing. */
interface Forgery {
  readonly body: string;
  readonly remembered: Partial<Transmission> | null;
}

function claim(world: World, order: PaypalOrder, changes: Partial<PaypalOrder> = {}): Forgery {
  return { body: claimedEvent(world, order, changes).body, remembered: {} };
}

type Forger = (world: World, order: PaypalOrder) => Forgery;

/** The first five fail PayPal's verification. The last two pass it and lie: only PayPal's order itself tells the truth. */
const forgers: Readonly<Record<string, Forger>> = {
  'wrong-transmission': (world, order) => ({ ...claim(world, order), remembered: null }),
  'other-body': (world, order) => {
    const { body } = approvedEvent(world, order);
    return { ...claim(world, order), remembered: { body } };
  },
  reserialised: (world, order) => {
    const { body } = claim(world, order);
    return { body: JSON.stringify(JSON.parse(body)), remembered: { body } };
  },
  'wrong-webhook-id': (world, order) => {
    const webhookId = makeId(world);
    return { ...claim(world, order), remembered: { webhookId } };
  },
  // PayPal's own page for trying out webhooks uses this instead of a merchant's webhook id.
  'simulator-webhook-id': (world, order) => ({ ...claim(world, order), remembered: { webhookId: 'WEBHOOK_ID' } }),
  'other-order': (world, order) => claim(world, order, { id: makeId(world) }),
  amount: (world, order) => {
    const { amount } = order;
    return claim(world, order, { amount: fromMinor(toMinor(amount) + 1n, amount.currency_code) });
  },
};

export const forgeKinds = Object.keys(forgers);

/** Posts one event that nobody should act on. The order stays as it is. */
export async function forge(world: World, order: PaypalOrder, input: Input): Promise<void> {
  const kind = readChoice(input, 'kind', forgeKinds) ?? '';
  const forger = forgers[kind];
  if (!forger) return refuseAction('INVALID_ARGUMENT', `kind must be one of ${forgeKinds.join(', ')}.`, 400);
  const url = addressOf(world, order);
  if (url === null) return refuseAction('NO_WEBHOOK', 'Nothing tells where the events of this order go.');
  const { body, remembered } = forger(world, order);
  const transmission = { ...makeTransmission(world, order, body), ...remembered };
  if (remembered) keepTransmission(world, transmission);
  await world.sender.post(makeCallback(world, order, transmission, { kind: `forged:${kind}`, url, body }));
}
