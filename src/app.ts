import { Elysia } from 'elysia';
import { PayCoreError } from './core/errors.ts';
import type { Deps } from './deps.ts';
import { actionRoutes } from './http/actions.ts';
import { fail, toResponse } from './http/answer.ts';
import { createApi } from './http/api.ts';
import { checkoutRoutes } from './http/checkout.ts';
import { decisionRoutes } from './http/decisions.ts';
import { fileRoutes } from './http/files.ts';
import { healthRoutes } from './http/health.ts';
import { homeRoutes } from './http/home.ts';
import { inSiteRoutes } from './http/insite.ts';
import { LIMITS, type LimitTable } from './http/limits.ts';
import { linkPageRoutes } from './http/link-pages.ts';
import { linkRoutes } from './http/links.ts';
import { listingRoutes } from './http/listing.ts';
import { pageRoutes } from './http/pages.ts';
import { paymentRoutes } from './http/payments.ts';
import { refundRoutes } from './http/refunds.ts';
import { returnRoutes } from './http/returns.ts';
import { swaggerRoutes } from './http/swagger.ts';
import { createTracer } from './http/trace.ts';
import { webhookRoutes } from './http/webhooks.ts';
import { createServices } from './payments/index.ts';

/** The whole web application without a socket: tests and the server call `app.handle(request)`. */
export function createApp(deps: Deps, services = createServices(deps), limits: LimitTable = LIMITS) {
  const api = createApi(deps, limits);
  const app = new Elysia({ normalize: false })
    .onError(({ code, error, request }) => {
      if (code === 'NOT_FOUND') return toResponse(fail(new PayCoreError('ROUTE_NOT_FOUND')));
      deps.log.error('unexpected error', { path: new URL(request.url).pathname, error });
      return toResponse(fail(error));
    })
    .use(webhookRoutes(api, services))
    .use(paymentRoutes(deps, api, services))
    .use(listingRoutes(deps, api))
    .use(decisionRoutes(deps, api, services))
    .use(checkoutRoutes(deps, api))
    .use(linkRoutes(deps, api))
    .use(refundRoutes(deps, api, services))
    .use(inSiteRoutes(deps, api, services))
    .use(actionRoutes(api, services))
    .use(homeRoutes(deps, api, services))
    .use(pageRoutes(deps, api, services))
    .use(linkPageRoutes(deps, api))
    .use(returnRoutes(deps, api, services))
    .use(fileRoutes())
    .use(swaggerRoutes(deps))
    .use(healthRoutes(deps));
  const trace = createTracer(deps);
  return Object.assign(app, { handle: trace((request) => app.fetch(request)) });
}
