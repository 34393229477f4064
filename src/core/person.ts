import type { DeskLocale } from './locale.ts';

/** `owner` may do everything; `staff` looks, asks gateways, sends notifications again. */
export const ROLES = ['owner', 'staff'] as const;
export type Role = (typeof ROLES)[number];

/** What a page or an action asks of who is signed in: `refund` is for owners, and for staff whom the owner lets refund. */
export type Right = 'staff' | 'refund' | 'owner';

/** Somebody who is signed in. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly mayRefund: boolean;
  readonly locale: DeskLocale | null;
}

const HOLDS: Readonly<Record<Right, (person: Pick<Person, 'role' | 'mayRefund'>) => boolean>> = {
  staff: () => true,
  refund: ({ role, mayRefund }) => role === 'owner' || mayRefund,
  owner: ({ role }) => role === 'owner',
};

export function hasRight(person: Pick<Person, 'role' | 'mayRefund'>, right: Right): boolean {
  return HOLDS[right](person);
}
