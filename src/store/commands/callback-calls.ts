import { and, eq, exists, sql } from 'drizzle-orm';
import { MINUTE } from '../../core/time.ts';
import type { Kit, Row } from '../kit.ts';
import { statement } from '../statement.ts';
import { addRow, findRow } from '../table.ts';
import type { Tx } from '../tx.ts';

/**
 * When a gateway called last, by project and kind of key, written in the transaction of what its call changed.
 *
 * Every callback of a busy shop comes to the same row: it is written once a minute at most, and who finds another process
 * at it passes it by, since that one writes the same minute. So nobody waits for it.
 */
export interface CallbackCall extends Pick<Row<'callbackCalls'>, 'gateway' | 'projectId' | 'keyKind'> {
  /** Which ends have not been written down a moment ago, as far as the caller knows. */
  readonly due: readonly CallEnd[];
}

export type CallEnd = 'accepted' | 'refused';

/** Longest text of a line that a stranger may make us keep. */
export const MAX_LINE = 200;

const EVERY_MS = MINUTE;

interface Noted extends Omit<Row<'callbackCalls'>, 'acceptedAt' | 'refusedAt'> {
  readonly now: number;
  readonly before: number;
}

const AT = { accepted: 'acceptedAt', refused: 'refusedAt' } as const;

const NOTE = { accepted: noteOf('accepted'), refused: noteOf('refused') };

function noteOf(end: CallEnd) {
  return statement((kit, p: Noted) => {
    const { callbackCalls: calls } = kit.t;
    const isThis = and(eq(calls.gateway, p.gateway), eq(calls.projectId, p.projectId), eq(calls.keyKind, p.keyKind));
    const free = kit.db
      .select({ gateway: calls.gateway })
      .from(calls)
      .where(and(isThis, isOld(kit, p, end)));
    const told = end === 'accepted' ? { acceptedAt: p.now } : { refusedAt: p.now, refusal: p.refusal };
    return kit.db
      .update(calls)
      .set(told)
      .where(and(isThis, exists(kit.claimed(free))));
  });
}

/** A time that is ahead of the clock was written before the clock was put back. */
function isOld({ t: { callbackCalls } }: Kit, p: Noted, end: CallEnd) {
  const at = callbackCalls[AT[end]];
  return sql`(${at} is null or ${at} <= ${p.before} or ${at} > ${p.now})`;
}

/** `refusal`: what the gateway was told; null: its call was accepted. */
export async function noteCall(tx: Tx, call: CallbackCall, refusal: string | null, now: number): Promise<void> {
  const end = refusal === null ? 'accepted' : 'refused';
  if (!call.due.includes(end)) return;
  const { gateway, projectId, keyKind } = call;
  const told = { gateway, projectId, keyKind, refusal: refusal?.slice(0, MAX_LINE) ?? null };
  const written = await tx.run(NOTE[end], { ...told, now, before: now - EVERY_MS });
  // A row that is there was passed by: to insert it all the same would wait for whoever is at it.
  if (written > 0 || (await findRow(tx, 'callbackCalls', { gateway, projectId, keyKind }))) return;
  await addRow(tx, 'callbackCalls', { ...told, [AT[end]]: now });
}
