import { describe, expect, test } from 'bun:test';
import { openSecret, readChannels } from '../../../src/alerts/channels.ts';
import { type AlertChange, changeAlerts } from '../../../src/alerts/settings.ts';
import { readConfig } from '../../../src/config.ts';
import type { PayCoreError } from '../../../src/core/errors.ts';
import { rejection } from '../../support/parts.ts';
import { openTestStore } from '../../support/store.ts';

const GOOD = {
  ...{ on: true, host: 'smtp.example.com', port: 465, security: 'tls', user: 'me', password: 'pässword' },
  ...{ from: 'paycore@example.com', to: 'a@example.com, b@example.com;a@example.com' },
} as const;

async function open() {
  const t = await openTestStore();
  const deps = { ...t, config: readConfig({}) };
  return {
    change: (change: AlertChange) => changeAlerts(deps, change),
    channels: () => readChannels(deps),
    secretOf: async (name: 'email' | 'webhook') => openSecret(deps, (await readChannels(deps))[name]),
    async problems(change: AlertChange): Promise<readonly string[]> {
      const error = (await rejection(changeAlerts(deps, change))) as PayCoreError;
      return Object.keys(error.details.fields ?? {}).sort();
    },
    [Symbol.asyncDispose]: () => t[Symbol.asyncDispose](),
  };
}

describe('alerts by e-mail', () => {
  test('are off at first, and are set up with a password that is sealed', async () => {
    await using t = await open();
    expect(await t.channels()).toMatchObject({
      email: { isOn: false },
      webhook: { isOn: false },
      summary: { isOn: false },
    });
    await t.change({ email: GOOD });
    const { password: _, on: __, to: ___, ...config } = GOOD;
    const { email } = await t.channels();
    expect(email.config as object).toEqual({ ...config, to: ['a@example.com', 'b@example.com'] });
    expect(await t.secretOf('email')).toBe('pässword');
    expect(JSON.stringify(email.config)).not.toContain('pässword');
  });

  test('keep what is not told, the password too, but give it to no other server and no other name', async () => {
    await using t = await open();
    await t.change({ email: GOOD });
    await t.change({ email: { from: 'other@example.com', password: '' } });
    expect([(await t.channels()).email.config.from, await t.secretOf('email')]).toEqual([
      'other@example.com',
      'pässword',
    ]);
    for (const change of [{ host: 'evil.example' }, { user: 'other' }]) {
      expect(await t.problems({ email: change })).toEqual(['email.password']);
    }
    await t.change({ email: { host: 'new.example', password: 'another' } });
    expect(await t.secretOf('email')).toBe('another');
    await t.change({ email: { user: '' } });
    expect(await t.secretOf('email')).toBeNull();
  });

  test('cannot be switched on half set up, nor be sent in the clear with a password', async () => {
    await using t = await open();
    expect(await t.problems({ email: { on: true } })).toEqual(['email.from', 'email.host', 'email.to']);
    expect(await t.problems({ email: { ...GOOD, to: 'a@example.com, nobody' } })).toEqual(['email.to']);
    expect(await t.problems({ email: { ...GOOD, to: 'x@y.z '.repeat(1).concat(many(11)) } })).toEqual(['email.to']);
    expect(await t.problems({ email: { ...GOOD, host: 'a b', port: 0, security: 'ssl', from: 'me' } })).toEqual([
      ...['email.from', 'email.host', 'email.port', 'email.security'],
    ]);
    expect(await t.problems({ email: { ...GOOD, security: 'none' } })).toEqual(['email.security']);
    expect(await t.problems({ email: { ...GOOD, from: 'a@b.example\r\nBcc: x@y.example' } })).toEqual(['email.from']);
    await t.change({ email: { ...GOOD, security: 'none', host: '127.0.0.1' } });
    await t.change({ email: { security: 'none', host: 'mail.lan', user: '' } });
  });

  test('are one of the things that a summary needs', async () => {
    await using t = await open();
    expect(await t.problems({ summary: { on: true } })).toEqual(['email.from', 'email.host', 'email.to']);
    expect(await t.problems({ email: GOOD, summary: { on: true, at: '24:00' } })).toEqual(['summary.at']);
    await t.change({ email: { ...GOOD, on: false }, summary: { on: true, at: '07:30' } });
    expect(await t.channels()).toMatchObject({
      email: { isOn: false },
      summary: { isOn: true, config: { at: '07:30' } },
    });
  });
});

const many = (count: number) => Array.from({ length: count }, (_, n) => `n${n}@example.com`).join(',');

describe('the webhook', () => {
  test('gets a secret of its own when it is set up, and another one when asked to', async () => {
    await using t = await open();
    const first = await t.change({ webhook: { on: true, url: 'https://hook.example/x' } });
    expect(first.webhookSecret).toMatch(/^whsec_/);
    expect((await t.change({ webhook: { url: 'https://hook.example/y' } })).webhookSecret).toBeNull();
    const second = await t.change({ webhook: { rotate: true } });
    expect(second.webhookSecret).not.toBe(first.webhookSecret);
    expect(await t.secretOf('webhook')).toBe(second.webhookSecret);
  });

  test('needs an address, of the public internet', async () => {
    await using t = await open();
    expect(await t.problems({ webhook: { on: true } })).toEqual(['webhook.url']);
    for (const url of ['http://127.0.0.1/x', 'https://user:pass@a.example/', 'mailto:a@b.example']) {
      expect(await t.problems({ webhook: { on: true, url } })).toEqual(['webhook.url']);
    }
  });
});
