import type { Gateway, RefusalKind } from '../../gateways/gateway.ts';
import { LATER } from './arrival.ts';

/** What a gateway was told when its callback was refused, as what it means for the merchant. */
export function refusalKindOf(gateway: Gateway | null, reason: string): RefusalKind {
  if (reason === LATER) return 'later';
  if (!gateway) return 'other';
  const { texts, docs } = gateway.callback;
  if (reason === texts.unknown) return 'unknown';
  if (reason === texts.unknownSealed) return 'sealed';
  if (reason === texts.amount) return 'amount';
  return Object.entries(docs.refusals).find(([text]) => reason.startsWith(text))?.[1] ?? 'other';
}
