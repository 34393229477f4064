import { describe, expect, test } from 'bun:test';
import { createVerify, X509Certificate } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Environment, Payment } from '../../../../src/core/payment.ts';
import { GatewayGarbage, type Message, type RawCallback, type Secrets } from '../../../../src/gateways/gateway.ts';
import { GatewayCallError } from '../../../../src/gateways/http.ts';
import { callback } from '../../../../src/gateways/paypal/callback.ts';
import { verifyEvent } from '../../../../src/gateways/paypal/verify.ts';
import { present, rejection } from '../../../support/parts.ts';
import type { Received } from '../../../support/standin.ts';
import vectors from '../../../vectors/paypal.json' with { type: 'json' };
import { orderBody, PROOF_HEADERS, problem, SECRETS, type Step, say, usePaypal, webhook } from './support.ts';

const paypal = usePaypal();

const WEBHOOK_ID = '1JE4291016473214C';
const EVENT = JSON.stringify({ event_type: 'CHECKOUT.ORDER.APPROVED', resource: orderBody('APPROVED') });
const FAILED = { ok: false, proved: false, message: 'PayPal webhook verification failed.' } as const;
const CONFIRM = { ok: false, proved: false, message: 'PayPal webhook not confirmed.', confirm: 'answer' } as const;

interface Asking {
  readonly webhookId?: string | null;
  readonly environment?: Environment;
  readonly secrets?: Secrets;
  readonly steps?: readonly Step[];
}

function messageOf(raw: RawCallback): Message {
  const located = callback.locate(raw);
  if (located.type !== 'clear') throw new Error(`the webhook is ${located.type}`);
  return located.message;
}

function verify(raw: RawCallback, { webhookId = WEBHOOK_ID, environment = 'sandbox', steps = [] }: Asking = {}) {
  paypal.steps = [...steps];
  const secrets = webhookId === null ? SECRETS : { ...SECRETS, webhook_id: webhookId };
  return verifyEvent(messageOf(raw), secrets, { payment: { environment } as Payment, ctx: paypal.context() });
}

const SUCCESS = say({ verification_status: 'SUCCESS' });
const FAILURE = say({ verification_status: 'FAILURE' });

/** PayPal's own way of judging a delivery: over the bytes behind `"webhook_event":`, with the certificate's key. */
function judge({ body }: Received, pem: string): Response {
  const mark = '"webhook_event":';
  const event = body.slice(body.indexOf(mark) + mark.length, -1);
  const given = JSON.parse(body);
  const signed = signedMessage(given.transmission_id, given.transmission_time, given.webhook_id, event);
  const certificate = new X509Certificate(pem);
  const isGenuine =
    /CN=\S*\.paypal\.com$/.test(certificate.subject) &&
    createVerify('RSA-SHA256').update(signed).verify(certificate.publicKey, given.transmission_sig, 'base64');
  return Response.json({ verification_status: isGenuine ? 'SUCCESS' : 'FAILURE' });
}

function signedMessage(id: string, time: string, webhookId: string, event: string): string {
  return [id, time, webhookId, crc32(event)].join('|');
}

describe('a webhook of an account with a webhook_id', () => {
  for (const { name, webhook_id, certificate, headers, body, crc32: sum, signed_message, valid } of vectors.webhooks) {
    if (webhook_id === 'WEBHOOK_ID') continue;
    test(`${name}: ${valid ? 'genuine' : 'not genuine'}`, async () => {
      const pem = present(vectors.certificates.find((one) => one.name === certificate)).pem;
      const result = await verify(webhook(body, headers), {
        webhookId: webhook_id,
        steps: [(asked) => judge(asked, pem)],
      });
      expect(result).toEqual(valid ? { ok: true } : FAILED);
      const { 'paypal-transmission-id': id, 'paypal-transmission-time': time } = headers;
      expect([signedMessage(id, time, webhook_id, body), crc32(body)]).toEqual([signed_message, sum]);
    });
  }

  test('is shown to PayPal in these bytes, the event as it came', async () => {
    const event =
      ' {"event_type" : "CHECKOUT.ORDER.APPROVED","resource":{"id":"5O190127TN364715T","n":1.0,"u":"\\u6e2c\\/測"} } ';
    expect(await verify(webhook(event), { steps: [SUCCESS] })).toEqual({ ok: true });
    const [asked] = paypal.calls();
    expect(asked?.path).toBe('/v1/notifications/verify-webhook-signature');
    expect(asked?.headers).toMatchObject({ authorization: 'Bearer token-1', 'content-type': 'application/json' });
    expect(asked?.headers).not.toHaveProperty('paypal-request-id');
    const h = PROOF_HEADERS;
    expect(asked?.body).toBe(
      `{"auth_algo":"SHA256withRSA","cert_url":"${h['paypal-cert-url']}","transmission_id":"${h['paypal-transmission-id']}","transmission_sig":"${h['paypal-transmission-sig']}","transmission_time":"2026-06-22T08:00:00Z","webhook_id":"${WEBHOOK_ID}","webhook_event":${event}}`,
    );
  });

  test('is not proved when PayPal says FAILURE', async () => {
    expect(await verify(webhook(EVENT), { steps: [FAILURE] })).toEqual(FAILED);
  });

  for (const status of [400, 404, 422]) {
    test(`is not proved when PayPal will not look at it (${status})`, async () => {
      expect(await verify(webhook(EVENT), { steps: [problem(status, 'VALIDATION_ERROR')] })).toEqual(FAILED);
    });
  }

  for (const name of Object.keys(PROOF_HEADERS)) {
    test(`is not proved without ${name}, or with too much of it, and PayPal is not asked`, async () => {
      const { [name]: _missing, ...others } = PROOF_HEADERS as Record<string, string>;
      for (const headers of [others, { ...others, [name]: '' }, { ...others, [name]: 'x'.repeat(501) }]) {
        expect(await verify(webhook(EVENT, headers), { steps: [SUCCESS] })).toEqual(FAILED);
      }
      expect(paypal.server.received).toEqual([]);
    });
  }

  test('cannot speak for itself in a header', async () => {
    const sly = { ...PROOF_HEADERS, 'paypal-auth-algo': 'x","webhook_id":"EVIL' };
    await verify(webhook(EVENT, sly), { steps: [FAILURE] });
    const asked = JSON.parse(paypal.calls()[0]?.body ?? '{}');
    expect(asked).toMatchObject({ auth_algo: 'x","webhook_id":"EVIL', webhook_id: WEBHOOK_ID });
  });

  for (const [what, step] of [
    ['500', problem(500, null)],
    ['a page', () => new Response('<html>')],
    ['neither yes nor no', say({ verification_status: 'MAYBE' })],
    ['nothing', say({})],
    ['403', problem(403, 'PERMISSION_DENIED')],
  ] as const) {
    test(`is left open when PayPal answers ${what}`, async () => {
      expect(await rejection(Promise.resolve(verify(webhook(EVENT), { steps: [step] })))).toBeInstanceOf(
        GatewayGarbage,
      );
    });
  }

  test('is left open when PayPal cannot be reached, or gives no token', async () => {
    const secrets = { ...SECRETS, webhook_id: WEBHOOK_ID };
    const subject = { payment: { environment: 'sandbox' } as Payment };
    const away = paypal.context({ originOf: () => 'http://127.0.0.1:1' });
    const message = messageOf(webhook(EVENT));
    expect(await rejection(verifyEvent(message, secrets, { ...subject, ctx: away }))).toBeInstanceOf(GatewayCallError);
    paypal.grant = () => Response.json({ error: 'invalid_client' }, { status: 401 });
    const error = await rejection(verifyEvent(message, secrets, { ...subject, ctx: paypal.context() }));
    expect(error).toBeInstanceOf(GatewayGarbage);
  });
});

describe('the certificate’s address', () => {
  for (const { name, url } of vectors['cert-urls']) {
    test(`${name} is passed on and never fetched`, async () => {
      const headers = { ...PROOF_HEADERS, 'paypal-cert-url': url };
      expect(await verify(webhook(EVENT, headers), { steps: [FAILURE] })).toEqual(FAILED);
      expect(JSON.parse(paypal.calls()[0]?.body ?? '{}').cert_url).toBe(url);
      expect(paypal.calls()).toHaveLength(1);
    });
  }

  test('is never fetched, not even where it leads to us', async () => {
    const url = `${paypal.server.url}/CERT-x`;
    await verify(webhook(EVENT, { ...PROOF_HEADERS, 'paypal-cert-url': url }), { steps: [FAILURE] });
    expect(paypal.calls().map(({ path }) => path)).toEqual(['/v1/notifications/verify-webhook-signature']);
  });
});

describe('a webhook that nothing can prove', () => {
  for (const webhookId of [null, 'WH-xxxxxxxx', 'PAYPAL_WEBHOOK_ID']) {
    test(`with the webhook_id ${webhookId} is a reason to ask for the order`, async () => {
      expect(await verify(webhook(EVENT), { webhookId, environment: 'production' })).toEqual(CONFIRM);
      // PayPal signs everything: what nobody signed is only taken when it is true.
      const unsigned = await verify(webhook(EVENT, {}), { webhookId, environment: 'production' });
      expect(unsigned).toEqual({ ...CONFIRM, confirm: 'paid' });
      expect(paypal.server.received).toEqual([]);
    });
  }

  test('because it is from PayPal’s page for trying out webhooks, proves nothing', async () => {
    const trial = present(vectors.webhooks.find(({ webhook_id }) => webhook_id === 'WEBHOOK_ID'));
    const raw = webhook(trial.body, trial.headers);
    const asking = { webhookId: 'WEBHOOK_ID', steps: [SUCCESS] };
    expect(await verify(raw, { ...asking, environment: 'production' })).toEqual(FAILED);
    expect(await verify(raw, { ...asking, environment: 'sandbox' })).toEqual(CONFIRM);
    expect(paypal.server.received).toEqual([]);
  });
});

describe('the published sample', () => {
  for (const { name, crc32: sum, signed_message, ...sample } of vectors['signed-messages']) {
    test(`${name} is signed over number, time, webhook and the checksum of the event`, () => {
      const { transmission_id, transmission_time, webhook_id } = sample;
      expect([transmission_id, transmission_time, webhook_id, sum].join('|')).toBe(signed_message);
    });
  }
});
