import type { Order } from './payment.ts';

/** What an order says of who pays, by its names in a request. */
export const BUYER_FIELDS = {
  buyer_name: 'buyerName',
  buyer_email: 'buyerEmail',
  buyer_mobile: 'buyerMobile',
  buyer_phone: 'buyerPhone',
  buyer_tel: 'buyerTel',
} as const satisfies Readonly<Record<string, keyof Order>>;

export type BuyerField = keyof typeof BUYER_FIELDS;

export interface PayerNeeds {
  /** What the gateway has to know of the payer: of each list one field. */
  readonly needs?: readonly (readonly BuyerField[])[];
  /** Whether the gateway can do something with what was given; with anything, when left out. */
  readonly canUse?: (field: BuyerField, text: string) => boolean;
}

/**
 * What has to be asked before the method can be used: of each list that nothing given meets, the first field that is not
 * given. What the shop has said is never asked again, and never replaced.
 */
export function findMissing({ needs = [], canUse = () => true }: PayerNeeds, order: Order): readonly BuyerField[] {
  const given = (field: BuyerField) => order[BUYER_FIELDS[field]];
  const isMet = (field: BuyerField) => {
    const text = given(field);
    return text !== undefined && canUse(field, text);
  };
  const unmet = needs.filter((list) => !list.some(isMet));
  return [...new Set(unmet.flatMap((list) => list.find((field) => given(field) === undefined) ?? []))];
}
