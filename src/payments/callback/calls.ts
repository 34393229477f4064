import type { Payment } from '../../core/payment.ts';
import { MINUTE } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { CallbackCall, CallEnd } from '../../store/commands/callback-calls.ts';
import type { Arrived } from './arrival.ts';

const ENDS: readonly CallEnd[] = ['accepted', 'refused'];

/**
 * Knows which rows about gateways' last calls this process wrote within the last minute: of a hundred callbacks a second
 * one in the minute has such a row to write.
 */
export function createCallNotes({ clock }: Pick<Deps, 'clock'>) {
  const written = new Map<string, number>();
  const keyOf = ({ gateway, projectId, keyKind }: CallbackCall, end: CallEnd) =>
    `${gateway} ${projectId} ${keyKind} ${end}`;

  const isDue = (call: CallbackCall, end: CallEnd): boolean => {
    const past = clock.now() - (written.get(keyOf(call, end)) ?? Number.NEGATIVE_INFINITY);
    return past < 0 || past >= MINUTE;
  };

  return {
    /** What the browser of a payer brings is no call of the gateway. `payment`: null: it is about none of ours. */
    of({ gateway, isFromBrowser }: Arrived, payment: Payment | null): CallbackCall {
      const whose = payment ?? { projectId: 0, keyKind: '' as const };
      const call = { gateway: gateway.id, projectId: whose.projectId, keyKind: whose.keyKind, due: [] };
      return isFromBrowser ? call : { ...call, due: ENDS.filter((end) => isDue(call, end)) };
    },
    /** It has been written down, or another process has. */
    done(call: CallbackCall, end: CallEnd): void {
      if (call.due.includes(end)) written.set(keyOf(call, end), clock.now());
    },
  };
}

export type CallNotes = ReturnType<typeof createCallNotes>;
