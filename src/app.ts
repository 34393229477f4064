import { Elysia } from 'elysia';
import { PayCoreError } from './core/errors.ts';
import type { Deps } from './deps.ts';
import { fail, toResponse } from './http/answer.ts';
import { createApi } from './http/api.ts';
import { LIMITS, type LimitTable } from './http/limits.ts';
import { checkoutRoutes } from './http/routes/checkout.ts';
import { fileRoutes } from './http/routes/files.ts';
import { actionRoutes } from './http/routes/gateway-actions.ts';
import { healthRoutes } from './http/routes/health.ts';
import { inSiteRoutes } from './http/routes/insite.ts';
import { linkPageRoutes } from './http/routes/link-pages.ts';
import { linkRoutes } from './http/routes/links.ts';
import { homeRoutes } from './http/routes/overview.ts';
import { decisionRoutes } from './http/routes/payment-actions.ts';
import { pageRoutes } from './http/routes/payment-pages.ts';
import { listingRoutes } from './http/routes/payment-queries.ts';
import { paymentRoutes } from './http/routes/payments.ts';
import { refundRoutes } from './http/routes/refunds.ts';
import { returnRoutes } from './http/routes/returns.ts';
import { swaggerRoutes } from './http/routes/swagger.ts';
import { webhookRoutes } from './http/routes/webhooks.ts';
import { createTracer } from './http/trace.ts';
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
    .use(webhookRoutes(deps, api, services))
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
