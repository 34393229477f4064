import { type Attempt, heldNumber, type PayNumber } from '../../core/attempt.ts';
import { isCalling } from '../../core/lifecycle/schedule.ts';
import type { MethodNature } from '../../gateways/method.ts';
import { isServed } from '../../gateways/nature.ts';

/** A way to pay as the payer of one payment finds it. */
export interface Way extends MethodNature {
  /** `gateway/path`. */
  readonly route: string;
}

/** `kind`, `serves`: of the number that was taken this way, where there is one. */
export interface Row<W extends Way> extends Pick<MethodNature, 'kind' | 'serves'> {
  readonly way: W;
  /** It can still be paid. */
  readonly held: PayNumber | null;
  /** Asked for the last time, its gateway gave nothing to pay with, or did not take the money. */
  readonly hasFailed: boolean;
  /** What the page of the payment is about now. */
  readonly isCurrent: boolean;
}

/** What the payer has done so far. */
export interface Past {
  readonly attempts: readonly Attempt[];
  routeOf(attempt: Attempt): string | null;
  /** The way that was chosen last; null: none. */
  readonly chosen: string | null;
  readonly now: number;
}

/**
 * The ways in the merchant’s order as rows to choose from: of each kind those that serve what none before them does. Of one
 * kind, a number that the payer holds comes first, so that he does not take a second one, and a gateway that he just tried
 * in vain comes last and stands in nobody’s way. The kind that was chosen last comes first, then those with a number.
 */
export function arrangeRows<W extends Way>(ways: readonly W[], past: Past): readonly Row<W>[] {
  const rows = ways.map((way) => describeRow(way, past));
  const kinds = [...new Set(rows.map(({ kind }) => kind))].map((kind) => rows.filter((row) => row.kind === kind));
  const wasChosen = (same: readonly Row<W>[]) => same.some(({ way }) => way.route === past.chosen);
  const rank = (same: readonly Row<W>[]) => (wasChosen(same) ? 0 : same.some(isHeld) ? 1 : 2);
  return sortBy(kinds, rank).flatMap((same) => listNeeded(sortBy(same, rankRow)));
}

function describeRow<W extends Way>(way: W, { attempts, routeOf, chosen, now }: Past): Row<W> {
  const own = attempts.filter((one) => routeOf(one) === way.route);
  const held = own.map((one) => heldNumber(one, now)).find((number) => number !== null) ?? null;
  const { kind, serves } = held ? natureOfNumber(held) : way;
  const newest = own.reduce<Attempt | null>((last, one) => (last && last.id > one.id ? last : one), null);
  return {
    way,
    kind,
    ...(serves ? { serves } : {}),
    held,
    hasFailed: newest !== null && hasFailed(newest, now),
    isCurrent: way.route === chosen && newest?.status !== 'ended',
  };
}

function natureOfNumber(number: PayNumber): Pick<MethodNature, 'kind' | 'serves'> {
  const stores = number.type === 'cvs' ? number.stores : undefined;
  return { kind: number.type, ...(stores ? { serves: stores } : {}) };
}

/** Refused, not reached, silent so far, or the payer’s card was: he need not go on waiting for this gateway. */
function hasFailed(attempt: Attempt, now: number): boolean {
  const { status, endReason, instructions, declines } = attempt;
  if (status === 'unknown') return instructions === null && !isCalling(attempt, now);
  if (status === 'ended') return endReason === 'GATEWAY_REFUSED' || endReason === 'GATEWAY_UNREACHABLE';
  return declines > 0;
}

const isHeld = ({ held }: Row<Way>) => held !== null;
const rankRow = ({ held, hasFailed }: Row<Way>) => (held ? 0 : hasFailed ? 2 : 1);

function sortBy<T>(list: readonly T[], rank: (one: T) => number): readonly T[] {
  return [...list].sort((a, b) => rank(a) - rank(b));
}

/** Of one kind. */
function listNeeded<W extends Way>(rows: readonly Row<W>[]): readonly Row<W>[] {
  return rows.filter((row, at) => {
    const before = rows.slice(0, at).filter((one) => !one.hasFailed);
    return isHeld(row) || row.isCurrent || !isServed(row, before);
  });
}
