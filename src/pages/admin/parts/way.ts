import { UNCHOSEN } from '../../../core/payment.ts';
import type { Frame } from '../frame.ts';
import { sayOf } from '../texts.ts';

/** What the desk calls a method; those that it has no word for go by their own name. */
export function sayMethod(say: Frame['say'], method: string): string {
  const known = sayOf(say, 'way', method);
  return known === `way.${method}` ? method : known;
}

/** `綠界 ECPay · ATM`; `gateway` is the name that the driver has for itself. */
export function sayWay(
  say: Frame['say'],
  { gateway, method }: { readonly gateway: string; readonly method: string },
  nameOf: (gateway: string) => string,
): string {
  if (gateway === UNCHOSEN) return say('way.unchosen');
  const [name, way] = [nameOf(gateway), sayMethod(say, method)];
  return name === way ? name : `${name} · ${way}`;
}
