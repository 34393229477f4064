import type { Callback } from '../sender.ts';
import type { World } from '../world.ts';
import { keepRecord, type Outgoing, type SmilePayOrder } from './order.ts';

/** Whitespace around the acknowledgement is let pass; anything else, a page around it too, is not. */
export function asCallback(world: World, order: SmilePayOrder, kind: string, outgoing: Outgoing): Callback {
  return {
    kind,
    url: outgoing.url,
    headers: { 'content-type': outgoing.contentType },
    body: outgoing.body,
    isAcknowledged: (status, answer) => status === 200 && answer.trim() === outgoing.wanted,
    record: (record) => keepRecord(world, order.smilePayNo, record),
  };
}
