import { Elysia } from 'elysia';
import type { Deps } from '../deps.ts';
import { findSamples } from '../developers/samples/index.ts';
import { keepSites } from '../developers/site.ts';
import type { Services } from '../payments/index.ts';
import { deskAreas } from './admin/areas.ts';
import { createDeskDoor } from './admin/door.ts';
import { deskRoutes } from './admin/frame.ts';
import { fail, toResponse } from './answer.ts';
import { type Api, createApi } from './api.ts';
import { createFallback } from './fallback.ts';
import type { IntakeOptions } from './intake.ts';
import { LIMITS, type LimitTable } from './limits.ts';
import { keepDocument } from './openapi/keep.ts';
import { checkoutRoutes } from './routes/checkout.ts';
import { createRoutes } from './routes/creates.ts';
import { developerFileRoutes } from './routes/developer-files.ts';
import { developerRoutes } from './routes/developers.ts';
import { eventRoutes } from './routes/events.ts';
import { fileRoutes } from './routes/files.ts';
import { gatewayActionRoutes } from './routes/gateway-actions.ts';
import { healthRoutes } from './routes/health.ts';
import { homeRoutes } from './routes/home.ts';
import { inSiteRoutes } from './routes/insite.ts';
import { linkPageRoutes } from './routes/link-pages.ts';
import { linkRoutes } from './routes/links.ts';
import { methodRoutes } from './routes/methods.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { overviewRoutes } from './routes/overview.ts';
import { paymentActionRoutes } from './routes/payment-actions.ts';
import { paymentFileRoutes } from './routes/payment-files.ts';
import { paymentListRoutes } from './routes/payment-list.ts';
import { paymentPageRoutes } from './routes/payment-pages.ts';
import { paymentRoutes } from './routes/payments.ts';
import { refundRoutes } from './routes/refunds.ts';
import { returnRoutes } from './routes/returns.ts';
import { swaggerRoutes } from './routes/swagger.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { routeByPath } from './target.ts';
import { createTracer } from './trace.ts';

/** Every route that the API's document tells of, in its order. */
export function documentedRoutes(deps: Deps, api: Api, services: Services) {
  return new Elysia({ normalize: false })
    .use(checkoutRoutes(deps, api))
    .use(methodRoutes(deps, api))
    .use(paymentRoutes(deps, api, services))
    .use(paymentListRoutes(deps, api))
    .use(eventRoutes(deps, api))
    .use(paymentActionRoutes(deps, api, services))
    .use(refundRoutes(deps, api, services))
    .use(linkRoutes(deps, api))
    .use(overviewRoutes(deps, api, services))
    .use(healthRoutes(deps))
    .use(metricsRoutes(deps, api))
    .use(createRoutes(deps, api, services))
    .use(inSiteRoutes(deps, api, services))
    .use(gatewayActionRoutes(deps, api, services))
    .use(returnRoutes(deps, api, services))
    .use(webhookRoutes(deps, api, services));
}

/** The whole web application without a socket: `app.handle(request)`. */
export function createApp(deps: Deps, services: Services, limits: LimitTable = LIMITS, bodies: IntakeOptions = {}) {
  const api = createApi(deps, limits, bodies);
  const documented = documentedRoutes(deps, api, services);
  const readDocument = keepDocument(deps, documented);
  const readSite = keepSites(readDocument);
  const fallBack = createFallback(deps, () => app.routes);
  const app = new Elysia({ normalize: false })
    .onError(({ code, error, request }) => {
      if (code === 'NOT_FOUND') return fallBack(request);
      deps.log.error('unexpected error', { path: new URL(request.url).pathname, error });
      return toResponse(fail(error));
    })
    .use(documented)
    .use(paymentPageRoutes(deps, api, services))
    .use(paymentFileRoutes(deps, api))
    .use(linkPageRoutes(deps, api))
    .use(deskRoutes(deps, api, deskAreas(deps, services)))
    .use(fileRoutes())
    .use(homeRoutes(deps, services, api.limits))
    .use(swaggerRoutes(readDocument))
    .use(developerRoutes(deps, readSite, api.limits))
    .use(developerFileRoutes(deps, readSite, (name) => findSamples(name, deps.publicUrl)));
  const trace = createTracer(deps);
  const guardDesk = createDeskDoor(deps, api.addressOf);
  return Object.assign(app, { handle: trace(routeByPath(guardDesk((request) => app.fetch(request)))) });
}
