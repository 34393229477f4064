import type { ApiCall } from './api.ts';
import { readJsonBody } from './api.ts';
import { isSame } from './digest.ts';
import { answerApi, PaypalError, refuse } from './errors.ts';
import { findRawMembers } from './raw-json.ts';
import { type Check, shape, text } from './schema.ts';
import { findTransmission, webhookOf } from './webhooks.ts';

const token = /^(?!\d+$)\w+\S+/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

const anyObject: Check = (value, field) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? [] : shape({})(value, field);

const verifyRequest = shape({
  auth_algo: text({ max: 100, pattern: /^[a-zA-Z0-9]+$/ }),
  cert_url: text({ max: 500, pattern: /^https?:\/\/\S+$/ }),
  transmission_id: text({ max: 50, pattern: token }),
  transmission_sig: text({ max: 500, pattern: token }),
  transmission_time: text({ max: 100, pattern: DATE_TIME }),
  webhook_id: text({ max: 50, pattern: /^[a-zA-Z0-9]+$/ }),
  webhook_event: anyObject,
});

/** Whether everything in the request is what went out under that transmission, to this account's webhook. */
function isGenuine(call: ApiCall, request: Readonly<Record<string, unknown>>, event: string): boolean {
  const sent = findTransmission(call.world, String(request.transmission_id));
  if (!sent || sent.clientId !== call.clientId) return false;
  const { webhookId } = webhookOf(call.world, call.clientId);
  const pairs = [
    [request.webhook_id, sent.webhookId],
    [request.webhook_id, webhookId],
    [request.transmission_time, sent.time],
    [request.transmission_sig, sent.signature],
    [request.cert_url, sent.certUrl],
    [request.auth_algo, sent.algorithm],
    [event, sent.body],
  ] as const;
  return pairs.every(([given, wanted]) => isSame(String(given), wanted));
}

/** `POST /v1/notifications/verify-webhook-signature`: the event counts as the text it was received as. */
export function verifyWebhook(call: ApiCall): Response {
  const request = readJsonBody(call);
  const faults = verifyRequest(request, '');
  if (faults.length > 0) throw new PaypalError(400, faults);
  const members = findRawMembers(call.body);
  const [event, ...more] = members.filter(({ name }) => name === 'webhook_event');
  // Which of two would count is left open by JSON, so neither does.
  if (!event || more.length > 0) return refuse(400, 'MALFORMED_REQUEST_JSON', { location: 'body' });
  const verification_status = isGenuine(call, request, event.text) ? 'SUCCESS' : 'FAILURE';
  return answerApi(call.world, { verification_status });
}
