import type { Gateway, GatewayAction } from '../../gateways/gateway.ts';
import { exampleSecrets } from './credentials.ts';
import { describeErrors, POST_ERRORS } from './errors.ts';
import { nameOf } from './names.ts';
import { describeObject, describeSuccess } from './schema.ts';
import { type Route, refer } from './types.ts';

/** `POST /api/paycore/gateways/{gateway}/{action}`: what a driver offers besides payments. */
export function describeActions(gateway: Gateway): readonly Route[] {
  return Object.entries(gateway.actions ?? {}).map(([name, action]) => describeAction(gateway, name, action));
}

function describeAction(gateway: Gateway, name: string, { docs }: GatewayAction): Route {
  const credentials = `${nameOf(gateway)}Credentials`;
  return {
    verb: 'post',
    path: `/api/paycore/gateways/${gateway.id}/${name}`,
    operation: {
      operationId: `ask${nameOf(gateway)}${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
      tags: [gateway.name],
      summary: docs.title,
      description: docs.summary,
      parameters: [refer('parameters', 'Idempotency-Key')],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: describeObject({ gateway_credentials: refer('schemas', credentials) }, []),
            example: { gateway_credentials: exampleSecrets(gateway) },
          },
        },
      },
      responses: {
        '200': {
          description: 'What the gateway answered.',
          content: {
            'application/json': {
              schema: describeSuccess(describeObject({ gateway: { const: gateway.id } })),
              example: {
                success: true,
                data: { gateway: gateway.id, ...docs.example },
                message: 'Gateway action completed',
              },
            },
          },
        },
        ...describeErrors(
          [
            ...POST_ERRORS,
            gateway.credentials.invalid,
            ...(gateway.originMissing ? [gateway.originMissing] : []),
            'UNSUPPORTED_GATEWAY_ACTION',
            'GATEWAY_ACTION_FAILED',
          ],
          gateway,
        ),
      },
    },
  };
}
