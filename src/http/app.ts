import { Elysia } from 'elysia';
import { PayCoreError } from '../core/errors.ts';
import type { Deps } from '../deps.ts';
import type { Services } from '../payments/index.ts';
import { fail, toResponse } from './answer.ts';
import { createApi } from './api.ts';
import { LIMITS, type LimitTable } from './limits.ts';
import { checkoutRoutes } from './routes/checkout.ts';
import { fileRoutes } from './routes/files.ts';
import { actionRoutes } from './routes/gateway-actions.ts';
import { healthRoutes } from './routes/health.ts';
import { inSiteRoutes } from './routes/insite.ts';
import { linkPageRoutes } from './routes/link-pages.ts';
import { linkRoutes } from './routes/links.ts';
import { homeRoutes } from './routes/overview.ts';
import { decisionRoutes } from './routes/payment-actions.ts';
import { pageRoutes } from './routes/payment-pages.ts';
import { listingRoutes } from './routes/payment-queries.ts';
import { paymentRoutes } from './routes/payments.ts';
import { refundRoutes } from './routes/refunds.ts';
import { returnRoutes } from './routes/returns.ts';
import { swaggerRoutes } from './routes/swagger.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { createTracer } from './trace.ts';

/** The whole web application without a socket: `app.handle(request)`. */
export function createApp(deps: Deps, services: Services, limits: LimitTable = LIMITS) {
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
