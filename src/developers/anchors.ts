import type { Endpoint, ErrorRow, FieldRow } from './types.ts';

/** Places on pages, as addresses name them. An endpoint's place is its id, an error's its code. */

export const ERRORS_PAGE = 'errors';

/** `createEcpayAioAtm.body.expire_days` */
export function fieldAnchor({ id }: Pick<Endpoint, 'id'>, { place, name }: Pick<FieldRow, 'place' | 'name'>): string {
  return `${id}.${place}.${name}`;
}

/** Of an answer besides the first: `checkReadiness.503.data.status`. */
export function statusAnchor({ id }: Pick<Endpoint, 'id'>, status: string, { name }: Pick<FieldRow, 'name'>): string {
  return `${id}.${status}.${name}`;
}

export function noteAnchor({ id }: Pick<Endpoint, 'id'>): string {
  return `${id}.notes`;
}

export function errorAddress({ code }: Pick<ErrorRow, 'code'>): string {
  return `${ERRORS_PAGE}#${code}`;
}
