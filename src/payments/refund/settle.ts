import type { Actor } from '../../core/actor.ts';
import { failValidation, PayCoreError } from '../../core/errors.ts';
import { checkFields, type Field } from '../../core/fields.ts';
import type { Refund } from '../../core/refund.ts';
import type { Deps } from '../../deps.ts';
import type { HandObstacle } from '../../store/commands/refunds/by-hand.ts';
import { webhookIds } from '../facts.ts';

/** What a person may say about a refund of which nobody else can tell the outcome. */
export const OUTCOMES = ['paid_back', 'not_paid_back'] as const;

export const SETTLE_FIELDS = [
  {
    name: 'outcome',
    type: 'string',
    oneOf: OUTCOMES,
    required: true,
    description: 'What the gateway’s own desk shows.',
    example: 'paid_back',
  },
  {
    name: 'gateway_refund_no',
    type: 'string',
    max: 100,
    description: 'The number of the refund there, where the gateway gives it one.',
    example: 're_3PqR',
  },
  { name: 'note', type: 'string', max: 200, description: 'For the books.', example: 'seen in the gateway’s desk' },
] as const satisfies readonly Field[];

const OBSTACLES = {
  not_found: 'REFUND_NOT_FOUND',
  settled: 'REFUND_SETTLED',
  under_way: 'REFUND_IN_PROGRESS',
  number_taken: 'REFUND_NUMBER_TAKEN',
} as const satisfies Record<HandObstacle, string>;

/**
 * A person says what became of a refund, who has looked at the gateway's own desk. The ledger follows as if the gateway had
 * said it, and the shop is told. Throws VALIDATION_FAILED, or what stands in the way.
 */
export async function settleRefund(
  deps: Pick<Deps, 'store' | 'gateways' | 'clock' | 'random' | 'wake'>,
  refundNo: string,
  given: Readonly<Record<string, unknown>>,
  by: Actor,
): Promise<Refund> {
  const { values, errors } = checkFields(given, SETTLE_FIELDS);
  if (Object.keys(errors).length > 0) throw failValidation(errors);
  const isPaidBack = values.outcome === 'paid_back';
  const gatewayRefundNo = readText(values.gateway_refund_no);
  if (isPaidBack && gatewayRefundNo === null && (await isNumbered(deps, refundNo))) {
    throw failValidation({
      gateway_refund_no: ['The gateway_refund_no field is required: this gateway gives every refund a number.'],
    });
  }
  const settled = await deps.store.settleRefundByHand({
    refundNo,
    status: isPaidBack ? 'succeeded' : 'failed',
    gatewayRefundNo: isPaidBack ? gatewayRefundNo : null,
    message: ['Settled by hand.', readText(values.note)].filter(Boolean).join(' '),
    by,
    now: deps.clock.now(),
    makeWebhookId: webhookIds(deps),
  });
  if (typeof settled === 'string') throw new PayCoreError(OBSTACLES[settled]);
  deps.wake();
  return settled;
}

function readText(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
}

/** Whose gateway lists its refunds by number would have this one twice, once it is asked again. */
async function isNumbered({ store, gateways }: Pick<Deps, 'store' | 'gateways'>, refundNo: string): Promise<boolean> {
  const refund = await store.findRefund(refundNo);
  const attempt = refund && (await store.findAttempt(refund.attemptId));
  return attempt ? gateways.methodOf(attempt).gateway.listRefunds !== undefined : false;
}
