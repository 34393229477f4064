import { PayCoreError } from '../core/errors.ts';
import { fail, toResponse } from './answer.ts';

type Handle = (request: Request) => Response | Promise<Response>;

/** In the place of whatever host a request names. Elysia looks for the path behind the eleventh letter. */
const HERE = 'http://paycore';

/**
 * The runtime makes a request's address of its Host header, or of nothing: `http://a/healthz`, `http://[/healthz`, `/healthz`.
 * What is kept is path and query. Null: there is no path, as in `CONNECT host:443`.
 */
export function targetOf(address: string): string | null {
  const target = /^(?:https?:\/\/[^/?#]*)?(\/[^#]*)/i.exec(address)?.[1];
  return target === undefined ? null : new URL(HERE + target).href;
}

/**
 * Requests are routed by their path alone, whatever Host says or does not say. The request stays the same object: its peer
 * is known by it, and its body belongs to it.
 */
export function routeByPath(handle: Handle): Handle {
  return (request) => {
    const address = targetOf(request.url);
    if (address === null) return toResponse(fail(new PayCoreError('REQUEST_TARGET_INVALID')));
    Object.defineProperty(request, 'url', { value: address });
    return handle(request);
  };
}
