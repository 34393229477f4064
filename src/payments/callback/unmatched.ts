import { failValidation } from '../../core/errors.ts';
import type { Deps } from '../../deps.ts';
import type { RefusalKind } from '../../gateways/gateway.ts';
import type { ListedUnmatched } from '../../store/queries/unmatched.ts';
import { makeCursor, readCursor } from '../reports/cursor.ts';
import { refusalKindOf } from './reasons.ts';

/** Callbacks that belong to nobody or prove nothing, for somebody who wants to know why. */

export interface Unmatched extends ListedUnmatched {
  readonly kind: RefusalKind;
  readonly gatewayName: string;
}

export interface UnmatchedPage {
  readonly callbacks: readonly Unmatched[];
  readonly nextCursor: string | null;
}

export interface UnmatchedWanted {
  /** What speaks of a payment of another project is left out; null: nothing is. */
  readonly projectId: number | null;
  readonly gateway: string | null;
  readonly cursor: string | null;
}

const PAGE = 25;
const LIST = 'unmatched';

type Parts = Pick<Deps, 'store' | 'gateways' | 'vault'>;

/** One page, newest first. Throws VALIDATION_FAILED for a cursor or gateway that is none. */
export async function listUnmatched(deps: Parts, wanted: UnmatchedWanted): Promise<UnmatchedPage> {
  const { projectId, gateway, cursor } = wanted;
  if (gateway !== null && !deps.gateways.find(gateway)) {
    const known = deps.gateways.list.map(({ id }) => id).join(', ');
    throw failValidation({ gateway: [`The gateway field must be one of: ${known}.`] });
  }
  const [before = null] = cursor === null ? [] : readCursor(deps, LIST, cursor);
  const projectIds = projectId === null ? null : [projectId];
  const found = await deps.store.listUnmatched({ projectIds, gateway, before, limit: PAGE + 1 });
  const page = found.slice(0, PAGE);
  const last = page.at(-1);
  return {
    callbacks: page.map((row) => explain(deps, row)),
    nextCursor: last && found.length > PAGE ? makeCursor(deps, LIST, [last.id]) : null,
  };
}

function explain<T extends { readonly gateway: string; readonly reason: string }>({ gateways }: Parts, row: T) {
  const gateway = gateways.find(row.gateway);
  return { ...row, kind: refusalKindOf(gateway, row.reason), gatewayName: gateway?.name ?? row.gateway };
}

/** Longest part of a body that is shown, in bytes. */
const SHOWN = 8192;

export interface UnmatchedDetail extends Omit<Unmatched, 'size'> {
  readonly size: number;
  /** The beginning, as text; secrets were hidden before it was kept. */
  readonly body: string;
  readonly isCut: boolean;
}

export async function findUnmatched(deps: Parts, id: number): Promise<UnmatchedDetail | null> {
  const row = await deps.store.findUnmatched(id);
  if (!row) return null;
  const { body, ...rest } = row;
  return {
    ...explain(deps, rest),
    size: body.length,
    body: readText(body.subarray(0, SHOWN)),
    isCut: body.length > SHOWN,
  };
}

/** Old systems write Big5. What is neither is shown as it can be. */
function readText(bytes: Uint8Array): string {
  try {
    // A letter may have been cut in two at the end.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder('big5').decode(bytes);
  }
}
