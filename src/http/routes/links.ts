import { Elysia } from 'elysia';
import type { Deps } from '../../deps.ts';
import { closeLink, createLink, findOwnLink, listLinks, serializeLink } from '../../payments/links/links.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';

/** Payment links: made, looked through and closed by a shop. */
export function linkRoutes(deps: Deps, api: Api) {
  return new Elysia()
    .post(
      '/api/paycore/links',
      ({ request }) =>
        api.post(request, async ({ caller, body }) =>
          succeed(await createLink(deps, caller, body), 'Payment link created', 201),
        ),
      { parse: 'none' },
    )
    .get('/api/paycore/links', ({ request }) =>
      api.get(request, async ({ caller }) =>
        succeed(await listLinks(deps, caller, new URL(request.url).searchParams), 'Payment links found'),
      ),
    )
    .get('/api/paycore/links/:linkNo', ({ request, params }) =>
      api.get(request, async ({ caller }) =>
        succeed(serializeLink(deps, await findOwnLink(deps, caller, params.linkNo)), 'Payment link found'),
      ),
    )
    .post(
      '/api/paycore/links/:linkNo/close',
      ({ request, params }) =>
        api.post(request, async ({ caller }) =>
          succeed(await closeLink(deps, caller, params.linkNo), 'Payment link closed'),
        ),
      { parse: 'none' },
    );
}
