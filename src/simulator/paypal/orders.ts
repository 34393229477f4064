import type { World } from '../world.ts';
import { type ApiCall, readHeaders, readJsonBody } from './api.ts';
import { answerApi, PaypalError, refuse, refuseUnknown } from './errors.ts';
import { isGone, makeOrder, ordersOf, type PaypalOrder } from './order.ts';
import { findBusinessFaults, type OrderRequest, readOrderRequest } from './order-fields.ts';
import { type Repeatable, recall, remember } from './replay.ts';
import { viewOrder, viewOrderBriefly } from './views.ts';

function checkRequest(body: unknown, requestId: string | null): OrderRequest {
  const request = readOrderRequest(body);
  if (!('intent' in request)) throw new PaypalError(400, request);
  if (request.payment_source && requestId === null) refuse(400, 'PAYPAL_REQUEST_ID_REQUIRED');
  const faults = findBusinessFaults(request);
  if (faults.length > 0) throw new PaypalError(422, faults);
  return request;
}

/** `POST /v2/checkout/orders` */
export function createOrder(call: ApiCall): Response {
  const { world, clientId, url } = call;
  const { requestId, wantsAll } = readHeaders(call);
  const body = readJsonBody(call);
  const request = checkRequest(body, requestId);
  const repeatable: Repeatable = { clientId, kind: 'create', requestId, path: url.pathname, body };
  const view = wantsAll ? viewOrder : viewOrderBriefly;
  const known = ordersOf(world).get(recall(world, repeatable)?.id ?? '');
  if (known) return answerApi(world, view(known));
  const order = makeOrder(world, { clientId, origin: url.origin, requestId, request });
  remember(world, repeatable, { id: order.id, issue: null });
  return answerApi(world, view(order), 201);
}

/** The account's own order that is still there; 404 else. */
export function needOrder(world: World, clientId: string, id: string): PaypalOrder {
  const order = ordersOf(world).get(id);
  const isThere = order?.clientId === clientId && !isGone(order, world.now());
  return order && isThere ? order : refuseUnknown('order_id', id);
}

/** `GET /v2/checkout/orders/{id}` */
export function getOrder(call: ApiCall): Response {
  const [id = ''] = call.params;
  const fields = call.url.searchParams.get('fields');
  if (fields !== null && !/^[a-z_]*$/.test(fields)) {
    refuse(400, 'INVALID_PARAMETER_SYNTAX', { field: 'fields', value: fields, location: 'query' });
  }
  return answerApi(call.world, viewOrder(needOrder(call.world, call.clientId, id)));
}
