import type { StandOrder } from '../stand.ts';
import type { World } from '../world.ts';
import { webhookUrl } from './events.ts';
import { type Intent, openIntents, payerPath } from './intent.ts';
import { formatMajor } from './money.ts';

/** What the shop calls the payment: its number at the gateway, else its own. */
export function orderNoOf(metadata: Readonly<Record<string, string>>): string {
  return metadata.gateway_order_no ?? metadata.payment_no ?? '';
}

export function findByNumber(world: World, number: string): Intent | undefined {
  const intents = openIntents(world);
  const isMeant = ({ metadata }: Intent) => metadata.gateway_order_no === number || metadata.payment_no === number;
  return intents.get(number) ?? intents.find(isMeant);
}

/** Whether a payer's page stands open. */
export function isAsking(intent: Intent): boolean {
  return intent.status === 'requires_action' && intent.attempt !== null;
}

function describe(world: World, intent: Intent): Record<string, string> {
  const { attempt, charge, lastError } = intent;
  return {
    // What Stripe itself counts in; the page shows the amount as people write it.
    amount_minor: String(intent.amount),
    account: intent.account,
    webhook_url: webhookUrl(world, intent) ?? 'none known: no events are sent',
    ...(attempt?.qr && isAsking(intent) ? { qr: attempt.qr } : {}),
    ...(charge ? { charge: charge.id } : {}),
    ...(charge && charge.amountRefunded > 0 ? { refunded: formatMajor(charge.amountRefunded, intent.currency) } : {}),
    ...(charge?.isDisputed ? { disputed: 'yes' } : {}),
    ...(lastError ? { last_payment_error: `${lastError.code}: ${lastError.message}` } : {}),
  };
}

export function viewOrder(world: World, intent: Intent): StandOrder {
  return {
    gateway: 'stripe',
    orderNo: orderNoOf(intent.metadata),
    tradeNo: intent.id,
    method: (intent.method ?? intent.lastMethod)?.type ?? intent.types.join(', '),
    amount: formatMajor(intent.amount, intent.currency),
    currency: intent.currency.toUpperCase(),
    status: intent.status,
    isPaid: intent.status === 'succeeded',
    createdAt: intent.createdAt,
    item: intent.description ?? '',
    payerPage: intent.attempt && isAsking(intent) ? payerPath(intent.attempt) : null,
    info: describe(world, intent),
    fields: intent.fields,
    callbacks: intent.callbacks,
  };
}
