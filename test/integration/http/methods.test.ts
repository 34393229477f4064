import { describe, expect, test } from 'bun:test';
import { useApp } from '../../support/apps.ts';
import { makePage } from '../../support/limited.ts';

const app = useApp({}, 'file');
const ask = (method: string, path: string) => app.request(path, { method });
const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'];

async function listRoutes() {
  const { routes } = await app.program.open();
  const paths = [...new Set(routes.map(({ path }) => path))];
  return paths.map((path) => {
    const address = path.replace(':locale', 'en').replaceAll(/:\w+|\*/g, 'x');
    // `…/return/…` of one gateway and of any, e.g., are two routes and one path.
    const taking = routes.filter((route) =>
      new RegExp(`^${route.path.replaceAll(/:\w+|\*/g, '[^/]+')}$`).test(address),
    );
    return {
      address,
      isPage: path.startsWith('/:locale/'),
      methods: [...new Set(taking.map(({ method }) => method))],
    };
  });
}

describe('a path that is known', () => {
  test('takes its own methods, and answers all others 405 with those in Allow', async () => {
    for (const { address, isPage, methods } of await listRoutes()) {
      for (const verb of VERBS.filter((one) => !methods.includes(one))) {
        const answer = await ask(verb, address);
        const allow = answer.headers.get('allow')?.split(', ') ?? [];
        const expected = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
        expect([verb, address, answer.status, allow.sort()]).toEqual([verb, address, 405, expected.sort()]);
        expect(answer.headers.get('content-type')).toStartWith(isPage ? 'text/html' : 'application/json');
        await answer.body?.cancel();
      }
    }
  });

  test('says so in the API’s shape, with or without a key', async () => {
    for (const headers of [{}, { 'x-api-key': app.keys.test.api_key }]) {
      const answer = await app.request('/api/paycore/pay/ecpay/aio', { headers });
      expect(await answer.json()).toEqual({
        success: false,
        message: 'This route takes POST, OPTIONS, not GET. See /swagger for what it is for.',
        error: { error_code: 'METHOD_NOT_ALLOWED' },
      });
      expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    }
  });

  test('that a page posts to leads back to the page, with what opens it', async () => {
    const { path, query } = await makePage(app);
    for (const name of ['go', 'choose', 'form']) {
      const answer = await ask('GET', `${path.replace('zh-tw', 'en')}/${name}${query}&x="><b>`);
      const text = await answer.text();
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
      const back = `${path.replace('zh-tw', 'en')}${query.replaceAll('&', '&amp;')}&amp;x=%22%3E%3Cb%3E`;
      expect(text).toContain(`<a class="button" href="${back}"`);
    }
    expect(await (await ask('PUT', '/xx/link/LNK1')).text()).toContain('<html lang="zh-Hant-TW">');
  });

  test('lists its methods to OPTIONS, and answers HEAD as GET without a body', async () => {
    const { path, query } = await makePage(app);
    for (const [address, allow] of [
      ['/healthz', 'GET, HEAD, OPTIONS'],
      ['/api/paycore/links', 'POST, GET, HEAD, OPTIONS'],
      [`${path}/go`, 'POST, OPTIONS'],
      ['/assets/checkout.css', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const answer = await ask('OPTIONS', address);
      expect([address, answer.status, answer.headers.get('allow')]).toEqual([address, 204, allow]);
    }
    for (const address of ['/healthz', path + query, '/assets/checkout.css', '/swagger']) {
      const [head, get] = [await ask('HEAD', address), await ask('GET', address)];
      expect([head.status, head.headers.get('content-type')]).toEqual([get.status, get.headers.get('content-type')]);
      expect(await head.text()).toBe('');
    }
    expect((await ask('HEAD', '/api/paycore/pay/ecpay/aio')).status).toBe(405);
  });
});

test('a path that is not known is not found, whatever the method', async () => {
  for (const verb of [...VERBS, 'OPTIONS', 'HEAD']) {
    const answer = await ask(verb, '/api/paycore/nothing');
    expect([verb, answer.status, answer.headers.get('allow')]).toEqual([verb, 404, null]);
  }
});
