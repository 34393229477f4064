import { type Hider, hideIn, hideInBytes, makeHider, makeNameHider } from '../../gateways/hiding.ts';
import type { Arrived } from './arrival.ts';
import type { Found } from './finder.ts';
import type { KeySet } from './keysets.ts';

/**
 * A callback may hold the secrets that it is proved with: SmilePay’s brings its validation token back as it is. Once it is
 * proved, they are needed no more: what is acted on, kept, logged and shown from then on does not have them.
 */
export interface Heard {
  readonly arrived: Arrived;
  readonly found: Found;
  readonly hider: Hider;
}

export function hideQuotes(arrived: Arrived, found: Found, tried: readonly KeySet[]): Heard {
  const secrets = tried.map((set) => set.secrets);
  const hider = makeHider(arrived.gateway.credentials, secrets);
  const { message } = found;
  return {
    arrived: hideBody(arrived, hider.everywhere),
    found: { ...found, message: { ...message, fields: hideIn(message.fields, hider) } },
    hider,
  };
}

/** Of a callback that belongs to nobody it is not known whose secrets it may hold. */
export function hideNamed(arrived: Arrived): Arrived {
  return hideBody(arrived, makeNameHider(arrived.gateway.credentials));
}

function hideBody(arrived: Arrived, hide: Hider['everywhere']): Arrived {
  const { raw } = arrived;
  return { ...arrived, raw: { ...raw, contentType: hide(raw.contentType), body: hideInBytes(raw.body, hide) } };
}
