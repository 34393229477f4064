import { PayCoreError } from '../../core/errors.ts';

/** The database cannot be asked just now, for a reason that lies before any statement. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Two transactions stood in each other's way, and this one was the one to go: it is run again. */
const DEFEATED: ReadonlySet<string> = new Set(['40001', '40P01']);

/**
 * The connection, the server or its disk, not what was asked: callers may try again later. 08 connection, 28 and 3D the
 * server knows user or database no more, 53 no room, 57 cancelled or shut down, 58 and XX its disk and itself; read-only, a
 * limit of time, an unknown end; a prepared statement that is not there, as behind a pooler that changes connections.
 */
const OF_STORAGE =
  /^(?:08|28|3D000|53|57014|57P|58|XX|25006|25P03|25P04|55P03|40003|26000|42P05)|^(?:CONNECTION_|CONNECT_TIMEOUT|SASL|MESSAGE_NOT_SUPPORTED|ECONN|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|EAI_|EPIPE|ETIMEDOUT|ENOENT|EACCES|ERR_TLS|ERR_SSL|ERR_SOCKET)/;

/** After these a connection is not trusted any more; what is merely read-only may be so for this session alone. */
const SPOILS = /^(?:08|28|57P|58|XX|25006|25P03|25P04|40003|26000|42P05)/;

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

export const isDefeat = (error: unknown): boolean => DEFEATED.has(codeOf(error));
export const spoilsConnection = (error: unknown): boolean => SPOILS.test(codeOf(error));

/** Whether it may go better later. */
export const isOfStorage = (error: unknown): boolean => error instanceof Unreachable || OF_STORAGE.test(codeOf(error));

/** What callers are told: their own errors as they are, STORAGE_UNAVAILABLE for what may go better later. */
export function nameError(error: unknown): unknown {
  if (error instanceof PayCoreError) return error;
  return isOfStorage(error) || isDefeat(error) ? new PayCoreError('STORAGE_UNAVAILABLE', { cause: error }) : error;
}

/** The answer to COMMIT was lost: it may have been written or not, and only who asks again finds out. */
export function nameUnknownEnd(cause: unknown): PayCoreError {
  const message =
    'The database was lost while this was written: nobody knows yet whether it was. Send the same request again.';
  return new PayCoreError('STORAGE_UNAVAILABLE', { message, cause });
}
