import { Elysia, t } from 'elysia';
import type { Deps } from '../../deps.ts';
import type { Gateway, GatewayAction } from '../../gateways/gateway.ts';
import type { Services } from '../../payments/index.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { credentialsSchema, exampleSecrets } from '../openapi/credentials.ts';
import { answer, describe, jsonBody, REPEATABLE, told, UNDOCUMENTED } from '../openapi/describe.ts';
import { POST_ERRORS } from '../openapi/errors.ts';
import { nameOf } from '../openapi/names.ts';

/** `POST /api/paycore/gateways/{gateway}/{action}`: what a driver offers besides payments. */
export function gatewayActionRoutes(
  deps: Pick<Deps, 'gateways'>,
  api: Api,
  { runAction }: Pick<Services, 'runAction'>,
) {
  const app = new Elysia();
  const run = (request: Request, gateway: string, action: string) =>
    api.post(request, async ({ caller, body }) =>
      succeed(await runAction(caller, gateway, action, body), 'Gateway action completed'),
    );
  for (const gateway of deps.gateways.list) {
    for (const [name, action] of Object.entries(gateway.actions ?? {})) {
      app.post(
        `/api/paycore/gateways/${gateway.id}/${name}`,
        ({ request }) => run(request, gateway.id, name),
        describeAction(gateway, name, action),
      );
    }
  }
  // A gateway or an action that is none is said to be none only to those who have a key.
  return app.post(
    '/api/paycore/gateways/:gateway/:action',
    ({ request, params }) => run(request, params.gateway, params.action),
    UNDOCUMENTED,
  );
}

function describeAction(gateway: Gateway, name: string, { docs }: GatewayAction) {
  return describe({
    operationId: `ask${nameOf(gateway)}${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
    tag: gateway.name,
    summary: docs.title,
    description: docs.summary,
    highlights: [`gateway=${gateway.id}`, ...Object.keys(docs.answer)],
    headers: REPEATABLE,
    body: jsonBody(t.Object({ gateway_credentials: t.Optional(credentialsSchema(gateway)) }), {
      example: { gateway_credentials: exampleSecrets(gateway) },
    }),
    answers: {
      200: answer(
        t.Object(
          { gateway: t.Literal(gateway.id, { description: 'Id of the gateway.' }), ...memberSchemas(docs) },
          { description: 'What the gateway answered.' },
        ),
        {
          description: 'What the gateway answered.',
          example: told(() => ({ gateway: gateway.id, ...docs.example }), 'Gateway action completed'),
        },
      ),
    },
    errors: [
      ...POST_ERRORS,
      gateway.credentials.invalid,
      ...(gateway.originMissing ? [gateway.originMissing] : []),
      'UNSUPPORTED_GATEWAY_ACTION',
      'GATEWAY_ACTION_FAILED',
    ],
    gateway,
  });
}

function memberSchemas({ answer: members }: GatewayAction['docs']) {
  return Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, t.Unsafe<unknown>(schema)]));
}
