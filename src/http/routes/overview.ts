import { Elysia } from 'elysia';
import { failValidation } from '../../core/errors.ts';
import { isTimeZone } from '../../core/zone.ts';
import type { Deps } from '../../deps.ts';
import type { Services } from '../../payments/index.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';

/** Figures of today and this month; the key is optional. */
export function homeRoutes(deps: Deps, api: Api, { overview }: Services) {
  return new Elysia().get('/api/paycore/home/overview', ({ request }) =>
    api.answer(request, async () => {
      const caller = request.headers.has('x-api-key') ? await api.authenticate(request) : null;
      if (!caller) api.limits.chargeAddress('open', request);
      return succeed(await overview(caller, readTimezone(request, deps.config.timezone)), 'Overview loaded');
    }),
  );
}

function readTimezone(request: Request, fallback: string): string {
  const asked = new URL(request.url).searchParams.get('timezone') ?? request.headers.get('x-paycore-timezone');
  if (asked === null || asked === '') return fallback;
  if (!isTimeZone(asked)) {
    throw failValidation({ timezone: ['The timezone field must be an IANA time zone such as Asia/Taipei.'] });
  }
  return asked;
}
