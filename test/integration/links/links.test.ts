import { describe, expect, test } from 'bun:test';
import { LINK_NO } from '../../../src/core/ids.ts';
import { DAY, formatInstant } from '../../../src/core/time.ts';
import type { Verb } from '../../../src/http/openapi/types.ts';
import { type Answer, startApp } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { buildDocument } from '../../support/document.ts';
import { present } from '../../support/parts.ts';
import { findFaults } from '../../unit/http/openapi-schema.ts';

/** Payment links over the API: made, looked through, closed, and what is refused. */

const PATH = '/api/paycore/links';

const app = useApp({}, 'file');

const document = await buildDocument('https://pay.example');

/** An answer is as the documentation says. */
function expectDescribed(verb: Verb, path: string, { status, json }: Answer): void {
  const response = present(document.paths[path]?.[verb]?.responses[String(status)], `${verb} ${path} ${status}`);
  const { schema } = present(response.content?.['application/json']);
  expect(findFaults(document, schema, json)).toEqual([]);
}

const keyOf = (kind: 'test' | 'live' | 'other') => ({ 'x-api-key': app.keys[kind].api_key });

async function make(body: object = {}, kind: 'test' | 'live' | 'other' = 'test'): Promise<Answer> {
  const answer = await app.call(PATH, { title: 'Tea', amount: 980, ...body }, keyOf(kind));
  expectDescribed('post', PATH, answer);
  return answer;
}

const numberOf = ({ json }: Answer): string => String(json.data.link_no);

async function fieldsOf(body: object): Promise<Readonly<Record<string, readonly string[]>>> {
  const answer = await make(body);
  expect([answer.status, answer.json.error?.error_code]).toEqual([422, 'VALIDATION_FAILED']);
  return answer.json.error.fields ?? {};
}

describe('making a link', () => {
  test('answers with all there is to it, and an address that opens', async () => {
    const answer = await make({
      title: '手沖課程報名費',
      item_name: '下午班',
      success_url: 'https://shop.example/thanks',
      cancel_url: 'https://shop.example/',
      payok_url: 'https://shop.example/payok',
      metadata: { course: '7' },
      expires_at: '2026-07-01',
    });
    expect(answer.status).toBe(201);
    expect(answer.json.data).toEqual({
      link_no: expect.stringMatching(LINK_NO),
      link_url: `${app.url}/zh-tw/link/${answer.json.data.link_no}?lang=auto`,
      title: '手沖課程報名費',
      status: 'open',
      livemode: false,
      amount: 980,
      amount_decimal: '980.00',
      min_amount: null,
      max_amount: null,
      currency: 'TWD',
      single_use: false,
      paid_count: 0,
      paid_amount: 0,
      item_name: '下午班',
      success_url: 'https://shop.example/thanks',
      cancel_url: 'https://shop.example/',
      payok_url: 'https://shop.example/payok',
      metadata: { course: '7' },
      expires_at: '2026-07-01T23:59:59+08:00',
      closed_at: null,
      created_at: '2026-06-22T15:30:00+08:00',
    });
    const page = await fetch(String(answer.json.data.link_url));
    expect([page.status, (await page.text()).includes('手沖課程報名費')]).toEqual([200, true]);
  });

  test('needs no more than a title: then the payer says how much', async () => {
    const { status, json } = await app.call(PATH, { title: 'Tip jar' });
    expect(status).toBe(201);
    expect(json.data).toMatchObject({ amount: null, amount_decimal: null, currency: 'TWD', expires_at: null });
  });

  test('takes decimals and bounds in the units of the currency', async () => {
    expect((await make({ amount: '10.99', currency: 'usd' })).json.data).toMatchObject({
      amount: 10.99,
      amount_decimal: '10.99',
      currency: 'USD',
    });
    const bounds = { amount: undefined, currency: 'JPY', min_amount: 100, max_amount: '5000' };
    expect((await make(bounds)).json.data).toMatchObject({ amount: null, min_amount: 100, max_amount: 5000 });
  });

  test.each([
    ['2026-06-22', '2026-06-22T23:59:59+08:00'],
    ['2026-06-22T09:00:00Z', '2026-06-22T17:00:00+08:00'],
    ['2026-06-22T17:00:00+08:00', '2026-06-22T17:00:00+08:00'],
  ])('that ends at %s', async (expires_at, shown) => {
    expect((await make({ expires_at })).json.data.expires_at).toBe(shown);
  });

  test('that ends in some days', async () => {
    expect((await make({ expire_days: 7 })).json.data.expires_at).toBe('2026-06-29T15:30:00+08:00');
  });

  test('with the example of the documentation works as it stands', async () => {
    const { example } = present(document.paths[PATH]?.post?.requestBody?.content['application/json']);
    expect((await app.call(PATH, example)).status).toBe(201);
  });

  test('twice makes two, under one Idempotency-Key one', async () => {
    const [one, two] = [await make(), await make()];
    expect(numberOf(one)).not.toBe(numberOf(two));
    const send = () => app.call(PATH, { title: 'Once' }, { 'idempotency-key': 'link-1' });
    const [first, again] = [await send(), await send()];
    expect([numberOf(again), again.headers.get('idempotent-replayed')]).toEqual([numberOf(first), 'true']);
  });

  test('of what is nothing names every bad field', async () => {
    const bad = {
      title: '',
      amount: '10.999',
      currency: 'EURO',
      single_use: 'yes',
      expires_at: 'tomorrow',
      success_url: 'javascript:alert(1)',
      payok_url: 'http://127.0.0.2/',
      metadata: { a: 1 },
      item_name: 5,
    };
    expect(Object.keys(await fieldsOf(bad)).sort()).toEqual(Object.keys(bad).sort());
  });

  test.each([
    [{ title: undefined }, 'title'],
    [{ title: '   ' }, 'title'],
    [{ title: 'a\u0000b' }, 'title'],
    [{ title: 'a\nb' }, 'title'],
    [{ title: 'x'.repeat(101) }, 'title'],
    [{ title: ['a'] }, 'title'],
    // What went wrong in the shop must not open the amount, or take its bounds away.
    ...['amount', 'min_amount', 'max_amount'].flatMap((name) =>
      [null, '', ' '].map((blank) => [{ amount: undefined, [name]: blank }, name] as const),
    ),
    [{ amount: 0 }, 'amount'],
    [{ amount: -1 }, 'amount'],
    [{ amount: '-1' }, 'amount'],
    [{ amount: 10.5 }, 'amount'],
    [{ amount: '1e3' }, 'amount'],
    [{ amount: 1_000_000_000_001 }, 'amount'],
    [{ amount: '9'.repeat(30) }, 'amount'],
    [{ amount: {} }, 'amount'],
    [{ amount: '10.001' }, 'amount'],
    [{ amount: '1.5', currency: 'JPY' }, 'amount'],
    [{ amount: '1000000000000', currency: 'CLF' }, 'amount'],
    [{ min_amount: 5 }, 'min_amount'],
    [{ max_amount: 5 }, 'max_amount'],
    [{ amount: undefined, min_amount: 0 }, 'min_amount'],
    [{ amount: undefined, min_amount: '0.1', currency: 'JPY' }, 'min_amount'],
    [{ amount: undefined, min_amount: 6, max_amount: 5 }, 'max_amount'],
    [{ expires_at: '2026-06-21' }, 'expires_at'],
    [{ expires_at: '2026-06-22T15:30:00+08:00' }, 'expires_at'],
    [{ expires_at: '2026-02-30' }, 'expires_at'],
    [{ expires_at: '2099-01-01' }, 'expires_at'],
    [{ expires_at: '2026-07-01T00:00:00' }, 'expires_at'],
    [{ expires_at: 1_782_000_000 }, 'expires_at'],
    [{ expire_days: 0 }, 'expire_days'],
    [{ expire_days: 3651 }, 'expire_days'],
    [{ expires_at: '2026-07-01', expire_days: 3 }, 'expire_days'],
    [{ currency: 'T<D' }, 'currency'],
    [{ single_use: 1 }, 'single_use'],
    [{ payok_url: 'http://10.0.0.1/x' }, 'payok_url'],
    [{ payok_url: 'ftp://shop.example/' }, 'payok_url'],
    [{ cancel_url: '//evil.example' }, 'cancel_url'],
    [{ metadata: 'x' }, 'metadata'],
  ])('with %p refuses just that field', async (body, field) => {
    expect(Object.keys(await fieldsOf(body))).toEqual([field]);
  });

  test('keeps what looks like markup or code as the text that it is', async () => {
    const title = `<script>alert("1")</script>'; DROP TABLE links; -- 🍵`;
    const answer = await make({ title, item_name: '<img src=x>' });
    expect(answer.json.data).toMatchObject({ title, item_name: '<img src=x>' });
    const html = await (await fetch(String(answer.json.data.link_url))).text();
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('<img src=x>');
    expect(html).toContain('&lt;script>alert(&quot;1&quot;)&lt;/script>');
    expect(await app.rows.count('links')).toBeGreaterThan(0);
  });

  test('asks for a key, JSON and a sound body like every other route', async () => {
    const answers = [
      await app.call(PATH, { title: 'x' }, { 'x-api-key': 'pc_live_no' }),
      await app.call(PATH, 'title=x', { 'content-type': 'application/x-www-form-urlencoded' }),
      await app.call(PATH, '{"title":'),
      await app.call(PATH, '[]'),
      await app.call(PATH, `{"title":"${'x'.repeat(300_000)}"}`),
    ];
    expect(answers.map(({ status, json }) => [status, json.error.error_code])).toEqual([
      [401, 'API_KEY_INVALID'],
      [415, 'UNSUPPORTED_MEDIA_TYPE'],
      [400, 'INVALID_JSON'],
      [400, 'INVALID_JSON'],
      [413, 'PAYLOAD_TOO_LARGE'],
    ]);
    for (const answer of answers) expectDescribed('post', PATH, answer);
  });
});

describe('finding links', () => {
  test('by number answers as making it did', async () => {
    const made = await make();
    const found = await app.call(`${PATH}/${numberOf(made)}`);
    expect([found.status, found.json.data]).toEqual([200, made.json.data]);
    expectDescribed('get', `${PATH}/{linkNo}`, found);
  });

  test('in pages, newest first, each link on one of them, also when links are made in between', async () => {
    const own = await startApp();
    for (const title of ['A', 'B', 'C', 'D', 'E']) await own.call(PATH, { title });
    const page = async (query: string) => {
      const answer = await own.call(PATH + query);
      expectDescribed('get', PATH, answer);
      const { links, next_cursor } = answer.json.data as { links: { title: string }[]; next_cursor: string | null };
      return { titles: links.map(({ title }) => title), next: next_cursor };
    };
    const first = await page('?limit=2');
    await own.call(PATH, { title: 'F' });
    const second = await page(`?limit=2&cursor=${first.next}`);
    const third = await page(`?limit=2&cursor=${second.next}`);
    expect([first.titles, second.titles, third]).toEqual([['E', 'D'], ['C', 'B'], { titles: ['A'], next: null }]);
    expect((await page('')).titles).toEqual(['F', 'E', 'D', 'C', 'B', 'A']);
    const others = { 'x-api-key': own.keys.live.api_key };
    const taken = await own.call(`${PATH}?cursor=${first.next}`, undefined, others);
    expect([taken.status, Object.keys(taken.json.error.fields ?? {})]).toEqual([422, ['cursor']]);
    await own.stop();
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'cursor=abc', 'limit=1&limit=2'])('by %s is refused', async (query) => {
    const answer = await app.call(`${PATH}?${query}`);
    expect([answer.status, answer.json.error.error_code]).toEqual([422, 'VALIDATION_FAILED']);
    expectDescribed('get', PATH, answer);
  });
});

describe('a key', () => {
  test('sees nothing of another project or of the other kind, whatever it asks', async () => {
    const made = { test: await make(), live: await make({}, 'live'), other: await make({}, 'other') };
    expect(made.live.json.data.livemode).toBe(true);
    for (const [owner, link] of Object.entries(made)) {
      for (const kind of ['test', 'live', 'other'] as const) {
        const found = await app.call(`${PATH}/${numberOf(link)}`, undefined, keyOf(kind));
        const listed = await app.call(`${PATH}?limit=100`, undefined, keyOf(kind));
        const numbers = (listed.json.data.links as { link_no: string }[]).map(({ link_no }) => link_no);
        const own = kind === owner;
        expect([found.status, numbers.includes(numberOf(link))]).toEqual([own ? 200 : 404, own]);
        if (own) continue;
        const closed = await app.call(`${PATH}/${numberOf(link)}/close`, {}, keyOf(kind));
        expect([closed.status, closed.json.error.error_code]).toEqual([404, 'LINK_NOT_FOUND']);
        expectDescribed('post', `${PATH}/{linkNo}/close`, closed);
      }
    }
    for (const kind of ['test', 'live', 'other'] as const) {
      expect((await app.call(`${PATH}/${numberOf(made[kind])}`, undefined, keyOf(kind))).json.data.status).toBe('open');
    }
  });

  test.each(['none', 'LNK', `LNK${'0'.repeat(22)}`, '..%2f..%2fetc', 'LNK%00', 'x'.repeat(3000)])(
    'asking for %p is told that there is no such link',
    async (number) => {
      const found = await app.call(`${PATH}/${number}`);
      expect([found.status, found.json.error.error_code]).toEqual([404, 'LINK_NOT_FOUND']);
      expectDescribed('get', `${PATH}/{linkNo}`, found);
    },
  );
});

describe('closing a link', () => {
  test('ends it for good, at the moment of the first time', async () => {
    const number = numberOf(await make());
    const closed = await app.call(`${PATH}/${number}/close`, {});
    expect(closed.json.data).toMatchObject({ status: 'closed', closed_at: formatInstant(app.clock.now()) });
    expectDescribed('post', `${PATH}/{linkNo}/close`, closed);
    app.clock.advance(DAY);
    const again = await app.call(`${PATH}/${number}/close`, {});
    expect([again.status, again.json.data]).toEqual([200, closed.json.data]);
  });

  test('shows in the answer when its time was over before', async () => {
    const number = numberOf(await make({ expire_days: 1 }));
    app.clock.advance(DAY);
    expect((await app.call(`${PATH}/${number}`)).json.data.status).toBe('expired');
    expect((await app.call(`${PATH}/${number}/close`, {})).json.data.status).toBe('closed');
  });
});
