import { Elysia } from 'elysia';
import type { Deps } from '../../deps.ts';
import type { CallbackAnswer, RawCallback } from '../../gateways/gateway.ts';
import type { Services } from '../../payments/index.ts';
import type { Api } from '../api.ts';
import { readBody } from '../body.ts';

/** `POST /api/paycore/webhooks/{gateway}`: raw bytes in, the gateway's own kind of answer out. */
export function webhookRoutes(deps: Pick<Deps, 'gateways'>, api: Api, { receiveCallback }: Services) {
  const app = new Elysia();
  for (const gateway of deps.gateways.list) {
    app.post(
      `/api/paycore/webhooks/${gateway.id}`,
      async ({ request }) => {
        const wait = api.limits.waitFor('callbacks', request);
        if (wait !== null) return respond(gateway.callback.retry, { 'retry-after': String(wait) });
        const raw = await readCallback(request);
        if (!raw) return respond(gateway.callback.refuse('The callback is too large or was cut off.'));
        const { answer } = await receiveCallback(gateway, raw, api.addressOf(request));
        return respond(answer);
      },
      { parse: 'none' },
    );
  }
  return app;
}

export async function readCallback(request: Request): Promise<RawCallback | null> {
  try {
    return {
      contentType: request.headers.get('content-type') ?? '',
      body: await readBody(request),
      query: new URL(request.url).searchParams,
      headers: request.headers,
    };
  } catch {
    return null;
  }
}

function respond(answer: CallbackAnswer, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(answer.body, {
    status: answer.status,
    headers: { 'content-type': answer.contentType, ...headers },
  });
}
