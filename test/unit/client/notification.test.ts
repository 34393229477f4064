import { describe, expect, test } from 'bun:test';
import { Webhook } from 'standardwebhooks';
import { NotificationError } from '../../../src/client/errors.ts';
import { type HeadersLike, type VerifyOptions, verifyNotification } from '../../../src/client/notification.ts';
import { signNotification } from '../../../src/notify/sign.ts';

const NOW = Date.UTC(2026, 5, 23, 10, 30);
const SECRET = `whsec_${Buffer.from('a secret of the shop, long enough').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another one').toString('base64')}`;
const BODY = JSON.stringify({ event: 'payment.paid', merchant_order_no: '訂單 1' });
const signed = (body = BODY, at = NOW, secrets: readonly [string, ...string[]] = [SECRET]) =>
  signNotification(secrets, 'msg_1', at / 1000, body);

async function verify(
  given: {
    secrets?: string | readonly string[];
    headers?: HeadersLike;
    body?: string | Uint8Array | ArrayBuffer;
  } & VerifyOptions = {},
): Promise<string> {
  const { secrets = SECRET, headers = { ...signed() }, body = BODY, now = NOW, ...options } = given;
  try {
    return (await verifyNotification(secrets, headers, body, { now, ...options })).merchant_order_no;
  } catch (error) {
    if (error instanceof NotificationError) return error.code;
    throw error;
  }
}

describe('a notification', () => {
  test('that PayCore signed is given back, whatever form headers and body have', async () => {
    const headers = signed();
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
    for (const form of [{ ...headers }, new Headers({ ...headers }), upper]) {
      expect(await verify({ headers: form })).toBe('訂單 1');
    }
    expect(await verify({ body: new TextEncoder().encode(BODY) })).toBe('訂單 1');
    expect(await verify({ body: new TextEncoder().encode(BODY).buffer })).toBe('訂單 1');
    expect(await verify({ body: Buffer.from(` ${BODY}`).subarray(1) })).toBe('訂單 1');
  });

  test('that the Standard Webhooks library signed is given back', async () => {
    const signature = new Webhook(SECRET).sign('msg_2', new Date(NOW), BODY);
    const headers = { 'webhook-id': 'msg_2', 'webhook-timestamp': String(NOW / 1000), 'webhook-signature': signature };
    expect(await verify({ headers })).toBe('訂單 1');
  });

  test('is good when one of several signatures fits one of several secrets', async () => {
    expect(await verify({ headers: { ...signed(BODY, NOW, [OTHER, SECRET]) } })).toBe('訂單 1');
    expect(await verify({ secrets: [OTHER, SECRET] })).toBe('訂單 1');
    expect(await verify({ secrets: [OTHER] })).toBe('SIGNATURE_INVALID');
    const more = `v1a,abc v1,??? v2,${signed()['webhook-signature'].slice(3)}`;
    expect(await verify({ headers: { ...signed(), 'webhook-signature': more } })).toBe('SIGNATURE_INVALID');
  });

  test('with another body, id or time than were signed is refused', async () => {
    expect(await verify({ body: `${BODY}\n` })).toBe('SIGNATURE_INVALID');
    expect(await verify({ headers: { ...signed(), 'webhook-id': 'msg_2' } })).toBe('SIGNATURE_INVALID');
    const later = String(NOW / 1000 + 1);
    expect(await verify({ headers: { ...signed(), 'webhook-timestamp': later } })).toBe('SIGNATURE_INVALID');
  });

  test('is refused when it is older or newer than five minutes, or than was said', async () => {
    expect(await verify({ now: NOW + 300_000 })).toBe('訂單 1');
    expect(await verify({ now: NOW + 301_000 })).toBe('TIMESTAMP_TOO_OLD');
    expect(await verify({ now: NOW - 301_000 })).toBe('TIMESTAMP_TOO_NEW');
    expect(await verify({ now: NOW + 301_000, toleranceMs: 400_000 })).toBe('訂單 1');
    expect(await verify({ headers: { ...signed(), 'webhook-timestamp': 'now' } })).toBe('TIMESTAMP_INVALID');
  });

  test('without one of its headers is refused', async () => {
    for (const name of Object.keys(signed())) {
      expect(await verify({ headers: { ...signed(), [name]: undefined } })).toBe('HEADER_MISSING');
    }
  });

  test('whose body was parsed before is refused with the reason', async () => {
    const parsed = JSON.parse(BODY) as unknown as string;
    await expect(verifyNotification(SECRET, { ...signed() }, parsed)).rejects.toThrow('take it before a parser does');
  });

  test('that is signed and no JSON object with an event is refused', async () => {
    for (const body of ['', '[]', 'null', '{"a":1}', '{"event":1}']) {
      expect(await verify({ body, headers: { ...signed(body) } })).toBe('BODY_INVALID');
    }
  });

  test('cannot be verified with something that is no secret, and that is not repeated', async () => {
    for (const secrets of ['hello', 'whsec_', 'whsec_?', '', []])
      expect(await verify({ secrets })).toBe('SECRET_INVALID');
    const error = await verifyNotification('pc_live_oops', { ...signed() }, BODY).catch((failed) => failed);
    expect(String(error)).not.toContain('oops');
  });
});
