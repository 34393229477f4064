import type { CallbackSubject, Message, Secrets, Verification } from '../gateway.ts';
import { GatewayGarbage } from '../gateway.ts';
import { askPaypal, isDone, type PaypalCall } from './client.ts';
import { textOf } from './json.ts';

/**
 * Whether an event is PayPal's own is asked of PayPal (PayPal Webhooks Management v1, verify webhook signature). The
 * certificate that `paypal-cert-url` names is PayPal's business: the address came with the event and is only passed on.
 */
export const VERIFY_FAILED = 'PayPal webhook verification failed.';
export const NOT_CONFIRMED = 'PayPal webhook not confirmed.';

const TIMEOUT_MS = 15_000;

/** What PayPal's numbers of webhooks look like; with anything else, e.g. a placeholder, there is nothing to ask. */
const WEBHOOK_ID = /^[A-Za-z0-9]{1,50}$/;
/** PayPal's page for trying out webhooks signs for this one, whoever presses the button. */
const TRIAL_ID = 'WEBHOOK_ID';

const FAILED: Verification = { ok: false, proved: false, message: VERIFY_FAILED };
const UNPROVABLE = { ok: false, proved: false, message: NOT_CONFIRMED } as const;

/** Throws like a query when PayPal cannot be asked. */
export async function verifyEvent(
  { raw }: Message,
  secrets: Secrets,
  { payment: { environment }, ctx }: Pick<CallbackSubject, 'payment' | 'ctx'>,
): Promise<Verification> {
  const { webhook_id: webhookId = '' } = secrets;
  if (webhookId === TRIAL_ID && environment === 'production') return FAILED;
  const proof = raw ? readProof(raw.headers) : null;
  // PayPal itself signs everything.
  if (!WEBHOOK_ID.test(webhookId)) return { ...UNPROVABLE, confirm: proof ? 'answer' : 'paid' };
  if (!raw || !proof) return FAILED;
  const body = spliceEvent({ ...proof, webhook_id: webhookId }, raw.body);
  return ask(
    { environment, secrets, path: '/v1/notifications/verify-webhook-signature', body, timeoutMs: TIMEOUT_MS },
    ctx,
  );
}

const HEADERS = {
  auth_algo: { header: 'paypal-auth-algo', max: 100 },
  cert_url: { header: 'paypal-cert-url', max: 500 },
  transmission_id: { header: 'paypal-transmission-id', max: 50 },
  transmission_sig: { header: 'paypal-transmission-sig', max: 500 },
  transmission_time: { header: 'paypal-transmission-time', max: 100 },
} as const;

/** Null when a header is missing or longer than PayPal's own. */
function readProof(headers: Headers): Readonly<Record<string, string>> | null {
  const entries = Object.entries(HEADERS).map(([name, { header, max }]) => {
    const value = headers.get(header) ?? '';
    return value.length <= max ? ([name, value] as const) : ([name, ''] as const);
  });
  return entries.every(([, value]) => value !== '') ? Object.fromEntries(entries) : null;
}

/**
 * The event goes back in the bytes in which it came: written anew, `1.0` becomes `1` and escapes change, and PayPal
 * compares what it signed. It has been read as one JSON object before, so it cannot end early and add fields of its own.
 */
function spliceEvent(proof: Readonly<Record<string, string>>, event: Uint8Array): Uint8Array {
  const head = `${JSON.stringify(proof).slice(0, -1)},"webhook_event":`;
  return Buffer.concat([Buffer.from(head), event, Buffer.from('}')]);
}

/** Refusals that are about what was to be verified, not about who asks. */
const ABOUT_THE_EVENT = new Set([400, 404, 422]);

async function ask(call: PaypalCall, ctx: CallbackSubject['ctx']): Promise<Verification> {
  const answer = await askPaypal(call, ctx);
  if (ABOUT_THE_EVENT.has(answer.status)) return FAILED;
  const status = isDone(answer) ? textOf(answer.body.verification_status) : '';
  if (status === 'SUCCESS') return { ok: true };
  if (status === 'FAILURE') return FAILED;
  throw new GatewayGarbage(`PayPal did not say whether the webhook is its own (HTTP ${answer.status})`);
}
