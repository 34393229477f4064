import { Elysia } from 'elysia';
import { PayCoreError } from './core/errors.ts';
import type { Deps } from './deps.ts';
import { fail, toResponse } from './http/answer.ts';
import { type Api, createApi } from './http/api.ts';
import { LIMITS, type LimitTable } from './http/limits.ts';
import { checkoutRoutes } from './http/routes/checkout.ts';
import { createRoutes } from './http/routes/creates.ts';
import { eventRoutes } from './http/routes/events.ts';
import { fileRoutes } from './http/routes/files.ts';
import { gatewayActionRoutes } from './http/routes/gateway-actions.ts';
import { healthRoutes } from './http/routes/health.ts';
import { inSiteRoutes } from './http/routes/insite.ts';
import { linkPageRoutes } from './http/routes/link-pages.ts';
import { linkRoutes } from './http/routes/links.ts';
import { methodRoutes } from './http/routes/methods.ts';
import { overviewRoutes } from './http/routes/overview.ts';
import { paymentActionRoutes } from './http/routes/payment-actions.ts';
import { paymentListRoutes } from './http/routes/payment-list.ts';
import { paymentPageRoutes } from './http/routes/payment-pages.ts';
import { paymentRoutes } from './http/routes/payments.ts';
import { refundRoutes } from './http/routes/refunds.ts';
import { returnRoutes } from './http/routes/returns.ts';
import { swaggerRoutes } from './http/routes/swagger.ts';
import { webhookRoutes } from './http/routes/webhooks.ts';
import { createTracer } from './http/trace.ts';
import { createServices, type Services } from './payments/index.ts';

/** Every route that the API's document tells of, in its order. */
export function documentedRoutes(deps: Deps, api: Api, services: Services) {
  return new Elysia({ normalize: false })
    .use(paymentRoutes(deps, api, services))
    .use(paymentListRoutes(deps, api))
    .use(eventRoutes(deps, api))
    .use(methodRoutes(deps, api))
    .use(paymentActionRoutes(deps, api, services))
    .use(checkoutRoutes(deps, api))
    .use(linkRoutes(deps, api))
    .use(refundRoutes(deps, api, services))
    .use(overviewRoutes(deps, api, services))
    .use(healthRoutes(deps))
    .use(createRoutes(deps, api, services))
    .use(inSiteRoutes(deps, api, services))
    .use(gatewayActionRoutes(deps, api, services))
    .use(returnRoutes(deps, api, services))
    .use(webhookRoutes(deps, api, services));
}

/** The whole web application without a socket: tests and the server call `app.handle(request)`. */
export function createApp(deps: Deps, services = createServices(deps), limits: LimitTable = LIMITS) {
  const api = createApi(deps, limits);
  const documented = documentedRoutes(deps, api, services);
  const app = new Elysia({ normalize: false })
    .onError(({ code, error, request }) => {
      if (code === 'NOT_FOUND') return toResponse(fail(new PayCoreError('ROUTE_NOT_FOUND')));
      deps.log.error('unexpected error', { path: new URL(request.url).pathname, error });
      return toResponse(fail(error));
    })
    .use(documented)
    .use(paymentPageRoutes(deps, api, services))
    .use(linkPageRoutes(deps, api))
    .use(fileRoutes())
    .use(swaggerRoutes(deps, documented));
  const trace = createTracer(deps);
  return Object.assign(app, { handle: trace((request) => app.fetch(request)) });
}
