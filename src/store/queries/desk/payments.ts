import type { PaymentFilter } from '../../../core/payment-query.ts';
import type { Row } from '../../kit.ts';
import { statement } from '../../statement.ts';
import type { Reader } from '../../tx.ts';
import {
  EFFORT,
  type Effort,
  findPositions,
  type ListInput,
  mergeFound,
  type PaymentPage,
  type Position,
  readPayments,
} from '../list.ts';
import { type FoundByTerm, findByTerm } from './terms.ts';

/**
 * Payments as the merchant looks at them: those of one project or of all, and found by whatever they are called. Each
 * project is asked by itself, so that an index answers; a page is merged from what they give.
 */
export interface DeskListInput {
  /** Null: every project's. */
  readonly projectId: number | null;
  readonly keyKind: Row<'payments'>['keyKind'];
  readonly filter: Omit<PaymentFilter, 'number' | 'search'>;
  /** The beginning of a number, code or name; null: all of them. */
  readonly search: string | null;
  readonly before: Position | null;
  readonly limit: number;
}

export interface DeskPage extends PaymentPage {
  /** More payments go by this name than were looked at: a longer search finds the others. */
  readonly isCut: boolean;
}

const PROJECTS = statement(({ db, t: { projects } }, _: object) => db.select({ id: projects.id }).from(projects));

export async function listProjectIds(on: Reader, projectId: number | null): Promise<readonly number[]> {
  return projectId === null ? (await on.all(PROJECTS, {})).map(({ id }) => id) : [projectId];
}

/** However many projects there are, some rows of each are looked at. */
const LEAST_SCANNED = 500;

export async function listDeskPayments(on: Reader, input: DeskListInput, effort = EFFORT): Promise<DeskPage> {
  const { search, projectId: asked, ...rest } = input;
  const ids = await listProjectIds(on, asked);
  const share = {
    ...effort,
    scanned: Math.max(Math.min(LEAST_SCANNED, effort.scanned), Math.ceil(effort.scanned / Math.max(1, ids.length))),
  };
  const found = await Promise.all(
    ids.map((projectId) =>
      search === null
        ? findPositions(on, { ...rest, projectId }, share)
        : findCalled(on, { ...rest, projectId }, search, share),
    ),
  );
  const { page, next } = mergeFound(found, input.limit);
  const isCut = found.some((one) => 'isCut' in one && one.isCut);
  return { payments: await readPayments(on, page), next, isCut };
}

/** By the beginning of the order's number or ours, as it is typed or in capitals, and by everything else. */
async function findCalled(on: Reader, input: ListInput, search: string, effort: Effort): Promise<FoundByTerm> {
  const text = search.trim();
  const spellings = [...new Set([text, text.toUpperCase()])];
  const numbers = await Promise.all(
    spellings.map((number) => findPositions(on, { ...input, filter: { ...input.filter, number } }, effort)),
  );
  const called = await findByTerm(on, input, text);
  const { page, next } = mergeFound([...numbers, called], input.limit + 1);
  const isFull = page.length > input.limit;
  return { rows: page, floor: isFull ? null : next, isCut: called.isCut };
}
