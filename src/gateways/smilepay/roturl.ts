import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { GatewayContext, Secrets } from '../gateway.ts';

/**
 * Where SmilePay reports a payment. The form it posts names no merchant and is not signed, but the query string of the
 * address comes back as it was given (SmilePay’s WooCommerce plug-in, smilepay_respond), so that is what proves it.
 */
export function makeRoturl(secrets: Secrets, gatewayOrderNo: string, ctx: GatewayContext): string {
  const url = new URL(ctx.urls.callback);
  url.searchParams.set('Dcvc', secrets.dcvc ?? '');
  url.searchParams.set('t', ctx.callbackToken);
  const token = secrets.validation_token;
  if (token !== undefined) url.searchParams.set('vt', makeValidation(token, gatewayOrderNo));
  return url.href;
}

/** Tells that the merchant’s own token was known when the address was made, without telling the token. */
export function makeValidation(token: string, gatewayOrderNo: string): string {
  return createHmac('sha256', token).update(`smilepay ${gatewayOrderNo}`).digest('base64url').slice(0, 22);
}

export function equalInConstantTime(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
