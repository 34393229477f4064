import type { Store } from '../../core/attempt.ts';
import type { Order } from '../../core/payment.ts';

/** ECPay's names of the chains that a code can be asked for (ECPay developer documentation, pages 5679 and 27995). */
const CHAINS: Readonly<Record<string, Store>> = { OK: 'okgo', FAMILY: 'famiport', HILIFE: 'lifeet', IBON: 'ibon' };

/** What a request may say; the first one is a code for any of them. */
export const STORE_CODES: readonly string[] = ['CVS', ...Object.keys(CHAINS)];

/** Undefined: any chain. ECPay does not say it again with the number. */
export function storesOf({ extras = {} }: Order): readonly Store[] | undefined {
  const chain = CHAINS[String(extras.CVSCode ?? extras.ChooseSubPayment)];
  return chain && [chain];
}
