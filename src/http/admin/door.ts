import { PayCoreError } from '../../core/errors.ts';
import type { Deps } from '../../deps.ts';
import { isInRanges } from '../../security/addresses.ts';
import { pageHeaders } from '../../security/csp.ts';
import { fail, toResponse } from '../answer.ts';

type Handle = (request: Request) => Response | Promise<Response>;

/** What the desk never needs. */
const NEVER = 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=()';
/** A year. */
const HSTS = 'max-age=31536000';

/** Also as a proxy or a person may write it; what no route takes is answered like every other unknown path. */
function isDesk(request: Request): boolean {
  const { pathname } = new URL(request.url);
  try {
    return /^\/+admin(?:[/;]|$)/i.test(decodeURIComponent(pathname));
  } catch {
    return true;
  }
}

/**
 * Stands before everything under /admin, whichever part of the program answers. Who comes from elsewhere than
 * PAYCORE_ADMIN_ALLOW says finds nothing there. Every other answer, also a redirect, an error or a download, has all the
 * headers that keep a browser from doing with the desk what only its people may.
 */
export function createDeskDoor(
  { config, publicUrl }: Pick<Deps, 'config' | 'publicUrl'>,
  addressOf: (request: Request) => string,
) {
  const { 'content-type': _, ...strict } = pageHeaders();
  const headers = Object.entries({
    ...strict,
    'permissions-policy': NEVER,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': HSTS } : {}),
  });
  const sign = (response: Response): Response => {
    for (const [name, value] of headers) if (!response.headers.has(name)) response.headers.set(name, value);
    return response;
  };

  return (handle: Handle): Handle =>
    (request) => {
      if (!isDesk(request)) return handle(request);
      if (config.adminAllow.length > 0 && !isInRanges(addressOf(request), config.adminAllow))
        return toResponse(fail(new PayCoreError('ROUTE_NOT_FOUND')));
      const answer = handle(request);
      return answer instanceof Promise ? answer.then(sign) : sign(answer);
    };
}
