import { describe, expect, test } from 'bun:test';
import { PayCoreError } from '../../../src/core/errors.ts';
import { GatewayCallError, type GatewayHttp, type GatewayResponse } from '../../../src/gateways/http.ts';
import { resultOf, watchCallbacks, watchGatewayHttp } from '../../../src/metrics/gateways.ts';
import { createInstruments } from '../../../src/metrics/instruments.ts';
import { watchRequests } from '../../../src/metrics/requests.ts';
import { createRouteFinder } from '../../../src/metrics/routes.ts';
import { watchEngine } from '../../../src/metrics/store.ts';
import { LATER } from '../../../src/payments/callback/arrival.ts';
import type { Engine } from '../../../src/store/engines/engine.ts';
import { gateways, requireGateway } from '../../support/gateways.ts';
import { present, rejection } from '../../support/parts.ts';
import { readSamples } from '../../support/samples.ts';

const read = async (registry: ReturnType<typeof createInstruments>['registry']) =>
  readSamples(await registry.metrics());

describe('the route of a path', () => {
  const find = createRouteFinder(
    ['/', '/healthz', '/api/payments', '/api/payments/:no', '/api/payments/:no/sync', '/:locale/pay/:no'].map(
      (path) => ({ path }),
    ),
  );

  test('is as the code writes it, what is named before what may be anything', () => {
    const paths = ['/', '/healthz', '/healthz/', '/api/payments', '/api/payments/PAY1', '/api/payments/PAY1/sync'];
    expect(paths.map(find)).toEqual([
      '/',
      '/healthz',
      '/healthz',
      ...paths.slice(3, 4),
      '/api/payments/:no',
      '/api/payments/:no/sync',
    ]);
    expect(find('/api/pay/PAY1')).toBe('/:locale/pay/:no');
  });

  test('of a place with many pages is the place, and of what no route takes none', () => {
    const grouped = createRouteFinder([
      { path: '/admin' },
      { path: '/admin/payments/:no' },
      { path: '/assets/*' },
      { path: '/a/*' },
    ]);
    expect(['/admin', '/admin/payments/PAY1', '/assets/a/b.css', '/a/b/c'].map(grouped)).toEqual([
      ...['/admin', '/admin/*', '/assets/*', '/a/*'],
    ]);
    expect(['/admin/nothing', '/admins', '/x', ''].map(grouped)).toEqual(Array(4).fill('unmatched'));
  });
});

test('a request counts when it is answered, and one that nobody answers as a failure', async () => {
  const { registry, instruments } = createInstruments();
  let now = 0;
  const watch = watchRequests(instruments, [{ path: '/a' }], () => now);
  const request = new Request('http://paycore/a?b=/c');
  const slow = Promise.withResolvers<Response>();
  const answer = watch(() => slow.promise)(request);
  const isCounted = (names: Iterable<string>) => [...names].some((name) => name.includes('route='));
  expect(isCounted((await read(registry)).keys())).toBeFalse();
  now = 300;
  slow.resolve(new Response(null, { status: 204 }));
  await answer;
  watch(() => new Response(null, { status: 404 }))(request);
  await rejection(watch(() => Promise.reject(new Error('broken')))(request) as Promise<Response>);
  const samples = await read(registry);
  const counted = (status: string) =>
    samples.get(`paycore_http_requests_total{route="/a",method="GET",status="${status}"}`);
  expect(['2xx', '4xx', '5xx'].map(counted)).toEqual([1, 1, 1]);
  expect(samples.get('paycore_http_request_duration_seconds_sum{route="/a"}')).toBe(0.3);
});

describe('a call to a gateway', () => {
  const answer = (status: number) => ({ status }) as GatewayResponse;
  const failure = (kind: GatewayCallError['kind']) => new GatewayCallError(kind, kind, { elapsedMs: 1 });

  test('is counted by its gateway and how it ended, and passed on as it was', async () => {
    const { registry, instruments } = createInstruments();
    const ends = [
      answer(200),
      answer(302),
      answer(422),
      answer(403),
      ...['timeout', 'not_sent', 'broken', 'too_large'],
    ];
    const queue = ends.map((end) => (typeof end === 'string' ? failure(end as 'timeout') : end));
    const next = async () => {
      const end = queue.shift() as GatewayResponse | Error;
      if (end instanceof Error) throw end;
      return end;
    };
    const bare: GatewayHttp = { get: next, post: next };
    const http = watchGatewayHttp(instruments, bare, gateways.list, () => 0);
    const options = { headers: {}, timeoutMs: 1, lane: 'ecpay' };
    const heard: unknown[] = [];
    for (const end of ends) {
      heard.push(await http.get('https://gateway.example', options).catch((error: GatewayCallError) => error.kind));
      expect(heard.at(-1)).toEqual(end);
    }
    queue.push(answer(200), answer(200));
    await http.post('https://x', { ...options, lane: 'https://10.1.2.3', body: '' });
    await http.post('https://x', { headers: {}, timeoutMs: 1, body: '' });
    const samples = await read(registry);
    const count = (gateway: string, outcome: string) =>
      samples.get(`paycore_gateway_calls_total{gateway="${gateway}",outcome="${outcome}"}`);
    const outcomes = ['ok', 'refused', 'forbidden', 'timeout', 'not_sent', 'garbage'];
    expect(outcomes.map((outcome) => count('ecpay', outcome))).toEqual([2, 1, 1, 1, 1, 2]);
    expect(count('other', 'ok')).toBe(2);
  });
});

describe('a callback', () => {
  const ecpay = requireGateway('ecpay');
  const of = (answer: ReturnType<typeof ecpay.callback.refuse>, payment: object | null = null) =>
    resultOf(ecpay, { answer, payment: payment as never });

  test('is told by what the gateway was answered', () => {
    const { accept, refuse, retry, texts } = ecpay.callback;
    expect([of(accept(null), {}), of(accept(null))]).toEqual(['accepted', 'accepted']);
    expect([of(retry), of(refuse(LATER))]).toEqual(['retry', 'retry']);
    expect<readonly string[]>([
      of(refuse(present(texts.unknown))),
      of(refuse(texts.amount)),
      of(refuse('anything')),
    ]).toEqual([...['unmatched', 'refused', 'refused']]);
  });

  test('of every gateway has a result of its own for what is unknown and for what comes again', () => {
    for (const gateway of gateways.list) {
      const { refuse, retry, texts } = gateway.callback;
      const of = (answer: typeof retry) => resultOf(gateway, { answer, payment: null });
      const unknown = [texts.unknown, texts.unknownSealed].flatMap((text) => (text ? [of(refuse(text))] : []));
      expect<readonly string[]>([gateway.id, of(retry), ...new Set(unknown)]).toEqual([
        ...[gateway.id, 'retry', ...(unknown.length > 0 ? ['unmatched'] : [])],
      ]);
    }
  });

  test('that the browser of a payer brings is none', async () => {
    const { registry, instruments } = createInstruments();
    const receive = watchCallbacks(instruments, async () => ({ answer: ecpay.callback.retry, payment: null }));
    await receive(ecpay, {} as never, '', true);
    expect([...(await read(registry)).keys()].filter((name) => name.includes('callbacks'))).toEqual([]);
    await receive(ecpay, {} as never, '');
    expect((await read(registry)).get('paycore_callbacks_total{gateway="ecpay",result="retry"}')).toBe(1);
  });
});

test('a write is counted by what became of it, and what is given with it is passed on', async () => {
  const { registry, instruments } = createInstruments();
  const given: unknown[] = [];
  const results = [1, new PayCoreError('STORAGE_UNAVAILABLE'), new PayCoreError('ORDER_CONFLICT')];
  const write = async (...args: readonly unknown[]) => {
    given.push(args);
    const result = results.shift();
    if (result instanceof Error) throw result;
    return result;
  };
  const engine = watchEngine(instruments, { name: 'sqlite', write } as unknown as Engine, () => 0);
  const command = async () => 1;
  expect(await (engine.write as typeof write)(command, { hasTime: true })).toBe(1);
  expect(given).toEqual([[command, { hasTime: true }]]);
  for (const code of ['STORAGE_UNAVAILABLE', 'ORDER_CONFLICT']) {
    expect(await rejection(engine.write(command))).toMatchObject({ code });
  }
  const samples = await read(registry);
  const count = (result: string) => samples.get(`paycore_commit_duration_seconds_count{result="${result}"}`);
  expect(['committed', 'failed', 'undone'].map(count)).toEqual([1, 1, 1]);
  expect(samples.get('paycore_commits_under_way')).toBe(0);
});
