import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The notification, when PayCore signed exactly this body within the last five minutes. Throws otherwise.
 *
 * @param {Buffer} body as it came, not parsed and written again
 * @param {Record<string, string | undefined>} headers names in lower case, as in `request.headers`
 */
export function verifyNotification(body, headers, secret = process.env.PAYCORE_NOTIFICATION_SECRET) {
  const { 'webhook-id': id = '', 'webhook-timestamp': timestamp = '', 'webhook-signature': signatures = '' } = headers;
  const age = Date.now() / 1000 - Number(timestamp);
  if (!/^\d+$/.test(timestamp) || Math.abs(age) > 300) throw new Error('too old, or of the future');

  // The key is what stands after "whsec_", in base64; what is signed is id.timestamp.body.
  // Without at least 16 bytes of key anybody could sign.
  const [, base64 = ''] = /^(?:whsec_)?([A-Za-z0-9+/]+={0,2})$/.exec(String(secret)) ?? [];
  const key = Buffer.from(base64, 'base64');
  if (key.length < 16) throw new Error('PAYCORE_NOTIFICATION_SECRET is not a secret of PayCore');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();

  // Two signatures, separated by a blank, while the secret is being replaced: one has to be right.
  const isRight = signatures.split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64');
    return one.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!isRight) throw new Error('not signed with this secret');
  return JSON.parse(body);
}
