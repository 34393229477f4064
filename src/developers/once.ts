import type { Endpoint } from './types.ts';

/** The header by which something is made once, however often the request is sent. */
export const ONCE = 'Idempotency-Key';

/** What makes something new and carries no number of the shop's own is made twice when it is sent twice, but for that header. */
export function isMadeTwice({ fields, answers }: Pick<Endpoint, 'fields' | 'answers'>): boolean {
  const takes = fields.some(({ place, name }) => place === 'header' && name === ONCE);
  const makes = answers.some(({ status }) => status.split(' / ').includes('201'));
  return takes && makes && !fields.some(({ name }) => name === 'merchant_order_no');
}
