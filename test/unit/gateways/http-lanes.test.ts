import { afterEach, describe, expect, test } from 'bun:test';
import type { Socket } from 'node:net';
import {
  createGatewayHttp,
  GatewayCallError,
  type GatewayHttp,
  inLane,
  PLACES_IN_LANE,
  RUNTIME_FETCHES,
} from '../../../src/gateways/http.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { holdTimers } from '../../support/clock.ts';
import { listenRaw, type RawServer } from '../../support/sockets.ts';

/** How many calls are under way at a time, and who waits for whom. No call's time is up before the test says so. */

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

const servers: RawServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Keeps its callers waiting. */
async function hang() {
  const waiting: Socket[] = [];
  const server = await listenRaw((socket) => waiting.push(socket));
  servers.push(server);
  return { server, waiting };
}

async function answer(): Promise<string> {
  const server = await listenRaw((socket) => socket.end(OK));
  servers.push(server);
  return server.url;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await Bun.sleep(5);
}

const post = (client: GatewayHttp, url: string) => client.post(url, { body: 'a=1', headers: {}, timeoutMs: 1000 });

/** The kind of failure, or the status. */
const outcomeOf = (call: ReturnType<typeof post>): Promise<number | string> =>
  call.then(
    ({ status }) => status,
    (error: unknown) => (error instanceof GatewayCallError ? error.kind : String(error)),
  );

describe('concurrency', () => {
  test('further calls wait for a place, at most as long as their own timeout', async () => {
    const { server, waiting } = await hang();
    const timers = holdTimers();
    const narrow = createGatewayHttp({ ...timers, concurrency: 2 });
    const calls = [1, 2, 3].map(() => outcomeOf(post(narrow, server.url)));
    timers.held.length = 0;
    const hopeless = outcomeOf(post(narrow, server.url));
    timers.fire();
    expect(await hopeless).toBe('not_sent');
    await until(() => waiting.length === 2);
    expect(await outcomeOf(post(narrow, await answer()))).toBe(200);
    expect(server.connections).toBe(2);

    waiting[0]?.end(OK);
    await until(() => waiting.length === 3);
    waiting[1]?.end(OK);
    waiting[2]?.end(OK);
    expect(await Promise.all(calls)).toEqual([200, 200, 200]);
    expect(server.requests).toHaveLength(3);
  });

  test('a gateway that hangs holds up no other, not even one at the same origin', async () => {
    const { server, waiting } = await hang();
    const timers = holdTimers();
    const shared = createGatewayHttp(timers);
    const calls = Array.from({ length: PLACES_IN_LANE + 5 }, () =>
      outcomeOf(post(inLane(shared, 'ecpay'), server.url)),
    );
    await until(() => waiting.length === PLACES_IN_LANE);
    expect(await outcomeOf(post(inLane(shared, 'stripe'), await answer()))).toBe(200);
    const same = inLane(shared, 'paypal').get(`${server.url}/get`, { headers: {}, timeoutMs: 1000 });
    await until(() => waiting.length > PLACES_IN_LANE);
    waiting.at(-1)?.end(OK);
    expect((await same).status).toBe(200);
    expect(server.connections).toBe(PLACES_IN_LANE + 1);
    timers.fire();
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['timeout', 'not_sent']));
  });

  test('a lane that is full of waiting calls turns further ones away at once', async () => {
    const { server, waiting } = await hang();
    const narrow = createGatewayHttp({ ...holdTimers(), concurrency: 1, queue: 1 });
    const calls = [1, 2].map(() => outcomeOf(post(narrow, server.url)));
    expect(await outcomeOf(post(narrow, server.url))).toBe('not_sent');
    for (let answered = 0; answered < 2; answered += 1) {
      await until(() => waiting.length > answered);
      waiting[answered]?.end(OK);
    }
    expect(await Promise.all(calls)).toEqual([200, 200]);
    expect(server.requests).toHaveLength(2);
  });

  test('all gateways together leave room in what the runtime has', async () => {
    expect(GATEWAYS.length * PLACES_IN_LANE).toBeLessThan(RUNTIME_FETCHES);
    const { server, waiting } = await hang();
    const timers = holdTimers();
    const wide = createGatewayHttp({ ...timers, concurrency: 2 * RUNTIME_FETCHES });
    const calls = Array.from({ length: RUNTIME_FETCHES + 20 }, () => outcomeOf(post(wide, server.url)));
    await until(() => waiting.length >= RUNTIME_FETCHES);
    // Would anybody else get through, it were by now.
    await Bun.sleep(100);
    expect(waiting).toHaveLength(RUNTIME_FETCHES);
    timers.fire();
    await Promise.all(calls);
  });

  test('a failed call gives its place back', async () => {
    const server = await listenRaw((socket) => socket.resetAndDestroy());
    servers.push(server);
    const narrow = createGatewayHttp({ concurrency: 1 });
    for (let i = 0; i < 3; i += 1) expect(await outcomeOf(post(narrow, server.url))).toBe('broken');
    expect(server.requests).toHaveLength(3);
  });
});
