import { Elysia } from 'elysia';
import type { Services } from '../../payments/index.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';

/** `POST /api/paycore/gateways/{gateway}/{action}`: what a driver offers besides payments. */
export function actionRoutes(api: Api, { runAction }: Services) {
  return new Elysia().post(
    '/api/paycore/gateways/:gateway/:action',
    ({ request, params }) =>
      api.post(request, async ({ caller, body }) =>
        succeed(await runAction(caller, params.gateway, params.action, body), 'Gateway action completed'),
      ),
    { parse: 'none' },
  );
}
