import { Elysia, t } from 'elysia';
import type { Deps } from '../../deps.ts';
import { describeMethod, listMethods } from '../../payments/projects/methods.ts';
import { listMethods as listAll } from '../../payments/projects/projects.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { exampleEnvironment } from '../openapi/credentials.ts';
import { answer, describe, told } from '../openapi/describe.ts';
import { GET_ERRORS } from '../openapi/errors.ts';
import { TAGS } from '../openapi/types.ts';
import { type MethodData, methodSchema } from '../schema/method.ts';

function exampleMethods({ gateways }: Pick<Deps, 'gateways'>): readonly MethodData[] {
  return listAll(gateways)
    .slice(0, 1)
    .map(({ name, gateway, method }) => ({
      ...describeMethod(name, gateway, method),
      limits: method.limits,
      enabled: true,
      credentials: 'stored',
      environment: exampleEnvironment(gateway),
      problem: null,
      in_checkout: true,
    }));
}

/** The ways to pay. */
export function methodRoutes(deps: Deps, api: Api) {
  return new Elysia().get(
    '/api/paycore/methods',
    ({ request }) =>
      api.get(request, async ({ caller }) => succeed({ methods: await listMethods(deps, caller) }, 'Methods found')),
    describe({
      operationId: 'listMethods',
      tag: TAGS.checkout,
      summary: 'List ways to pay',
      description: 'Every method with its currencies and limits, and what this key needs in order to use it.',
      highlights: ['methods'],
      answers: {
        200: answer(
          t.Object(
            { methods: t.Array(methodSchema, { description: 'In the merchant’s order.' }) },
            { description: 'All of them.' },
          ),
          {
            description: 'In the merchant’s order.',
            example: told(() => ({ methods: exampleMethods(deps) }), 'Methods found'),
          },
        ),
      },
      errors: GET_ERRORS,
    }),
  );
}
