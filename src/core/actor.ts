/** Who did something at our side. It is written into the event's data as `by`. */
export type Actor =
  | {
      readonly type: 'api_key';
      /** Of the key's row: its letters are looked up when somebody reads it. */
      readonly id: number;
    }
  | { readonly type: 'payer' }
  | {
      readonly type: 'admin';
      /** Of the person's row. */
      readonly id: number;
      /** As it was then: what somebody did is known by it for longer than he is. */
      readonly name: string;
    };

/** Who or what an event comes from. */
export const ACTORS = ['api_key', 'payer', 'gateway', 'paycore', 'admin'] as const;
export type ActorType = (typeof ACTORS)[number];
