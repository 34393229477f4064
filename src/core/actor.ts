/** Who did something at our side. It is written into the event's data as `by`. */
export type Actor =
  | {
      readonly type: 'api_key';
      /** Of the key's row: its letters are looked up when somebody reads it. */
      readonly id: number;
    }
  | { readonly type: 'payer' };

/** Who or what an event comes from. */
export const ACTORS = ['api_key', 'payer', 'gateway', 'paycore'] as const;
export type ActorType = (typeof ACTORS)[number];
