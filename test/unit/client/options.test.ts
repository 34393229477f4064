import { describe, expect, test } from 'bun:test';
import { inspect } from 'node:util';
import { ConfigurationError, PayCore, type PayCoreOptions } from '../../../src/client/index.ts';
import type { Fetch } from '../../../src/client/reply.ts';

const KEY = 'pc_test_options0options';

/** A client, and what it sends. */
function listen(options: Partial<PayCoreOptions> = {}) {
  const sent: { readonly url: string; readonly init: RequestInit }[] = [];
  const fetch: Fetch = async (url, init) => {
    sent.push({ url, init });
    return Response.json({ success: true, data: {}, message: '' });
  };
  return { sent, paycore: new PayCore({ url: 'https://pay.example/shop/', apiKey: KEY, fetch, ...options }) };
}

describe('a client', () => {
  test.each([
    [{ url: 'pay.example' }, 'url must be the http(s) address'],
    [{ url: 'ftp://pay.example' }, 'url must be the http(s) address'],
    [{ url: 'https://user:word@pay.example' }, 'address alone'],
    [{ url: 'https://user@pay.example' }, 'address alone'],
    [{ url: 'https://pay.example/?a=1' }, 'address alone'],
    [{ apiKey: '' }, 'but is empty'],
    [{ apiKey: 'whsec_mixed0up' }, 'must begin with pc_live_ or pc_test_'],
    [{ apiKey: `${KEY}\n` }, 'line breaks'],
    [{ retries: 1.5 }, 'retries must be a whole number from 0 to 10, but is 1.5'],
    [{ timeoutMs: 0 }, 'timeoutMs must be a whole number'],
    [{ deadlineMs: Number.NaN }, 'deadlineMs must be'],
  ])('made with %j is refused, and no secret repeated', (options, message) => {
    try {
      listen(options);
      throw new Error('was made');
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(String(error)).toContain(message);
      for (const secret of ['mixed0up', 'options0options', 'user:word']) expect(inspect(error)).not.toContain(secret);
    }
  });

  test('keeps the path of its address', async () => {
    const { sent, paycore } = listen();
    await paycore.payments.list({ status: 'paid', search: 'a&b', limit: undefined }).page();
    await paycore.links.get('LNK1');
    expect(sent.map(({ url }) => url)).toEqual([
      'https://pay.example/shop/api/paycore/payments?status=paid&search=a%26b',
      'https://pay.example/shop/api/paycore/links/LNK1',
    ]);
  });

  test('in a browser asks like a page that has no key: nothing that needs leave, no cookies', async () => {
    const { sent, paycore } = listen({ apiKey: undefined });
    await paycore.overview();
    expect(sent[0]?.init).toMatchObject({ credentials: 'omit', headers: { accept: 'application/json' } });
    expect(Object.keys(sent[0]?.init.headers ?? {})).toEqual(['accept']);
  });

  test('in a browser takes no key, unless it is said to be meant', () => {
    const page = globalThis as { document?: unknown; window?: unknown };
    Object.assign(page, { document: {}, window: {} });
    try {
      expect(() => listen()).toThrow('can be read by everybody');
      expect(() => listen({ allowKeyInBrowser: true })).not.toThrow();
    } finally {
      delete page.document;
      delete page.window;
    }
  });
});

describe('a call', () => {
  test('to a number or route that leads elsewhere is refused before anything is sent', async () => {
    const { sent, paycore } = listen();
    for (const no of ['', '..', 'a/b', 'a?b', 'PAY1\n', '%2e', undefined as unknown as string]) {
      await expect(paycore.payments.cancel(no)).rejects.toThrow('paymentNo must be a number that PayCore gave out');
    }
    for (const route of ['../links', 'ecpay/../../links', 'ecpay/', 'ecpay/atm?x', 'ecpay/{gateway}']) {
      await expect(paycore.pay(route as 'ecpay/atm', { merchant_order_no: 'A', amount: 1 })).rejects.toThrow(
        ConfigurationError,
      );
    }
    await Promise.resolve();
    expect(sent).toEqual([]);
  });

  test('with an idempotency key that no header can hold is refused', async () => {
    const { paycore } = listen();
    for (const idempotencyKey of ['', 'a b', 'ü', 'x'.repeat(256)]) {
      await expect(paycore.refunds.create('PAY1', {}, { idempotencyKey })).rejects.toThrow('idempotencyKey must be');
    }
  });

  test('without a body sends an empty object, since PayCore takes JSON only', async () => {
    const { sent, paycore } = listen();
    await paycore.payments.cancel('PAY1');
    await paycore.action('plus/balance');
    expect(sent.map(({ init }) => init.body)).toEqual(['{}', '{}']);
  });

  test('can have bounds of its own', async () => {
    let tries = 0;
    const fetch: Fetch = async () => {
      tries += 1;
      throw new Error('offline');
    };
    const { paycore } = listen({ fetch, sleep: async () => {} });
    await paycore.health().catch(() => {});
    expect(tries).toBe(3);
    await paycore.health({ retries: 0 }).catch(() => {});
    expect(tries).toBe(4);
    await expect(paycore.health({ retries: -1 })).rejects.toThrow(ConfigurationError);
  });
});
