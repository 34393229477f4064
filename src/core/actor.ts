/** Who did something at our side. It is written into the event's data as `by`. */
export type Actor =
  | {
      readonly type: 'api_key';
      /** Of the key's row: its letters are looked up when somebody reads it. */
      readonly id: number;
    }
  | { readonly type: 'payer' }
  /** Somebody who is signed in at the desk; the name as it was then. */
  | { readonly type: 'person'; readonly id: number; readonly name: string }
  /** Whoever runs commands on the machine. */
  | { readonly type: 'operator' };

/** Who or what an event comes from. */
export const ACTORS = ['api_key', 'payer', 'gateway', 'paycore', 'person', 'operator'] as const;
export type ActorType = (typeof ACTORS)[number];
