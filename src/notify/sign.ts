import { createHmac } from 'node:crypto';

export interface NotificationHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

const PREFIX = 'whsec_';

/**
 * The headers of Standard Webhooks 1.0 (symmetric, `v1`): base64 of HMAC-SHA256 over `id.timestamp.body`, one for each
 * secret in their order, separated by blanks. A receiver takes the notification when one of them is right.
 *
 * @param secrets `whsec_` + base64 of the key; several while a secret is being replaced
 * @param timestampSeconds of this try, seconds since the epoch
 * @param body exactly what is sent
 * @throws Error when a secret is not of that form
 */
export function signNotification(
  secrets: readonly [string, ...string[]],
  id: string,
  timestampSeconds: number,
  body: string,
): NotificationHeaders {
  const timestamp = String(Math.floor(timestampSeconds));
  const sign = (secret: string) =>
    `v1,${createHmac('sha256', readKey(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': secrets.map(sign).join(' ') };
}

function readKey(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const key = /^[A-Za-z0-9+/]+=*$/.test(encoded) ? Buffer.from(encoded, 'base64') : Buffer.alloc(0);
  if (key.length === 0) {
    throw new Error('The notification secret must be "whsec_" and base64, but is something else. Rotate it.');
  }
  return key;
}
