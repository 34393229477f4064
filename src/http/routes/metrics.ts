import { Elysia } from 'elysia';
import { PayCoreError } from '../../core/errors.ts';
import type { Deps } from '../../deps.ts';
import { equalInConstantTime } from '../../security/vault.ts';
import { fail, failTooOften, toResponse } from '../answer.ts';
import type { Api } from '../api.ts';
import { describe, plainAnswer } from '../openapi/describe.ts';
import { TAGS } from '../openapi/types.ts';
import { text } from '../schema/build.ts';

/** As Prometheus takes it since 2014, and everything that reads what is meant for it. */
const TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const TOKEN_WRONG =
  'This takes the header "Authorization: Bearer" with the token that PAYCORE_METRICS_TOKEN was set to. It was missing or another one.';

const EXAMPLE = 'paycore_database_up 1';

/** `/metrics` of this process alone. Without a token in the configuration there is no such route. */
export function metricsRoutes(
  { config, readMetrics }: Pick<Deps, 'config' | 'readMetrics'>,
  { limits }: Pick<Api, 'limits'>,
) {
  return new Elysia().get(
    '/metrics',
    async ({ request }) => {
      const token = config.metricsToken;
      if (token === null || !readMetrics) return toResponse(fail(new PayCoreError('ROUTE_NOT_FOUND')));
      if (!isAllowed(request, token)) {
        const wait = limits.waitFor('wrongKeys', request);
        return wait === null ? refuse() : toResponse(failTooOften(wait));
      }
      return new Response(await readMetrics(), { headers: { 'content-type': TYPE, 'cache-control': 'no-store' } });
    },
    describe({
      operationId: 'readMetrics',
      tag: TAGS.installation,
      summary: 'Metrics',
      description: 'Figures about this one process, for Prometheus.',
      notes: [
        'Needs no API key but the header `Authorization: Bearer …` with the token that `PAYCORE_METRICS_TOKEN` was set to. While that is not set there is no such route.',
        'Of several processes on one database each tells its own; what is read from the database they all tell alike.',
      ],
      highlights: [EXAMPLE],
      access: 'open',
      answers: {
        200: plainAnswer(text(), {
          description: 'In the text format of Prometheus.',
          type: 'text/plain',
          example: EXAMPLE,
        }),
        401: plainAnswer(text(), {
          description: 'The token is missing or wrong.',
          type: 'text/plain',
          example: TOKEN_WRONG,
        }),
      },
      errors: ['ROUTE_NOT_FOUND', 'RATE_LIMITED'],
    }),
  );
}

function isAllowed(request: Request, token: string): boolean {
  const [, given = ''] = /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  return equalInConstantTime(token, given);
}

function refuse(): Response {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'www-authenticate': 'Bearer realm="PayCore metrics"',
    'cache-control': 'no-store',
  };
  return new Response(`${TOKEN_WRONG}\n`, { status: 401, headers });
}
