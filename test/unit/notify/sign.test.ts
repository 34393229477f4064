import { describe, expect, test } from 'bun:test';
import { Webhook } from 'standardwebhooks';
import { makeNotificationSecret } from '../../../src/core/ids.ts';
import { signNotification } from '../../../src/notify/sign.ts';

const secret = makeNotificationSecret((size) => crypto.getRandomValues(new Uint8Array(size)));
const body = JSON.stringify({ event: 'payment.paid', item: '測試 ☕' });
const seconds = Math.floor(Date.now() / 1000);

describe('signNotification', () => {
  test('is accepted by the reference library', () => {
    const headers = signNotification([secret], 'msg_1', seconds, body);
    expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body));
    expect(headers['webhook-signature']).toBe(new Webhook(secret).sign('msg_1', new Date(seconds * 1000), body));
  });

  test('is refused by it once a byte differs', () => {
    const headers = signNotification([secret], 'msg_1', seconds, body);
    expect(() => new Webhook(secret).verify(`${body} `, { ...headers })).toThrow();
    expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'msg_2' })).toThrow();
  });

  test('carries one signature for each secret in their order, and holders of either accept it', () => {
    const other = makeNotificationSecret((size) => crypto.getRandomValues(new Uint8Array(size)));
    const headers = signNotification([other, secret], 'msg_1', seconds, body);
    const sign = (one: string) => new Webhook(one).sign('msg_1', new Date(seconds * 1000), body);
    expect(headers['webhook-signature']).toBe(`${sign(other)} ${sign(secret)}`);
    for (const one of [other, secret]) expect(new Webhook(one).verify(body, { ...headers })).toEqual(JSON.parse(body));
  });

  test('the timestamp is whole seconds', () => {
    expect(signNotification([secret], 'msg_1', 12.9, body)['webhook-timestamp']).toBe('12');
  });

  test.each(['', 'whsec_', 'whsec_***', 'abcd'])('refuses the secret "%s"', (wrong) => {
    expect(() => signNotification([wrong], 'msg_1', seconds, body)).toThrow('whsec_');
  });
});
