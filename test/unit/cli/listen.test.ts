import { describe, expect, test } from 'bun:test';
import { networkInterfaces } from 'node:os';
import { listen, urlOf } from '../../../src/cli/listen.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

describe('the address that is printed', () => {
  test.each([
    ['127.0.0.1', 'http://127.0.0.1:8080'],
    ['0.0.0.0', 'http://127.0.0.1:8080'],
    ['::', 'http://localhost:8080'],
    ['0:0:0:0:0:0:0:0', 'http://localhost:8080'],
    ['::1', 'http://[::1]:8080'],
    ['fd00::7', 'http://[fd00::7]:8080'],
    ['pay.lan', 'http://pay.lan:8080'],
  ])('of a server on %s can be opened', (host, url) => {
    expect(urlOf(host, 8080)).toBe(url);
    expect(urlOf(host, 443, true)).toBe(url.replace('http:', 'https:').replace('8080', '443'));
  });

  test.each(['127.0.0.1', '0.0.0.0', ...(hasIpv6 ? ['::', '::1'] : [])])(
    'leads to what listens on %s',
    async (host) => {
      const listener = listen({ host, port: 0, fetch: () => new Response('here') });
      expect(await (await fetch(urlOf(host, listener.port))).text()).toBe('here');
      await listener.stop();
    },
  );
});
