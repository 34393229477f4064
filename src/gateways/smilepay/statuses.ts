import type { ErrorRef } from '../../core/errors.ts';
import { GatewayRefusal } from '../gateway.ts';
import { errors } from './errors.ts';
import { KINDS, type Kind } from './kinds.ts';

/** Status of a number that was issued; every other one says why none was. */
export const ISSUED = '1';
/** The same in an answer to a query: there it says no more than that the order is known. */
export const KNOWN = '1';

/** Dcvc, Rvg2c or Verify_key wrong, no such merchant, merchant’s contract over. */
const CREDENTIALS = new Set(['-2001', '-2002', '-3001', '-3002']);
/** The merchant has not enabled this way to pay. */
const NOT_ENABLED = '-3003';
const NOT_ENABLED_TEXT = /Can not use this Pay_zg service/i;

/** A number as SmilePay writes it; anything else is no answer of its. */
export function isStatus(text: string): boolean {
  return /^(0|-?[1-9]\d{0,5})$/.test(text);
}

export function isCredentialStatus(status: string): boolean {
  return CREDENTIALS.has(status);
}

/** What a Status other than 1 means to the caller. */
export function explainRefusal(kind: Kind, status: string, desc: string): GatewayRefusal {
  const about = isCredentialStatus(status) ? 'account' : 'request';
  return new GatewayRefusal(chooseCode(kind, status, desc), status, desc, about);
}

function chooseCode(kind: Kind, status: string, desc: string): ErrorRef {
  if (isCredentialStatus(status)) return errors.SMILEPAY_CREDENTIAL_INVALID;
  const notEnabled = status === NOT_ENABLED || NOT_ENABLED_TEXT.test(desc);
  return notEnabled && kind === KINDS.barcode
    ? errors.SMILEPAY_BARCODE_SERVICE_NOT_ENABLED
    : errors.SMILEPAY_REQUEST_REJECTED;
}
