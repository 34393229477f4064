/** Servers that fail as networks do, and what the tests of the built client share. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import process from 'node:process';
import { inspect } from 'node:util';
import { PayCore } from '@paycore/client';

export const SECRET_KEY = 'pc_test_not0to0be0seen';

const servers = [];
export const stopServers = () => Promise.all(servers.map((server) => server.stop()));

/** `answer(request, response, number)`; what it was asked is kept. */
export async function serve(answer) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
    answer(response, asked.length, asked.at(-1));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections?.();
    });
  servers.push({ stop });
  return { url: `http://127.0.0.1:${server.address().port}`, asked, stop };
}

export function send(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export const good = { success: true, data: { payment_no: 'PAY1', created: true }, message: 'ok' };
export const bad = (error_code, more = {}) => ({
  success: false,
  message: `said ${error_code}`,
  error: { error_code, ...more },
});

/** A client that does not really wait, and what it would have waited. */
export function connect(url, options = {}) {
  const waits = [];
  const sleep = async (ms) => void waits.push(ms);
  return { waits, paycore: new PayCore({ url, apiKey: SECRET_KEY, sleep, random: () => 0, ...options }) };
}

/** The error that a call ends with; it holds no secret. */
export async function failing(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(SECRET_KEY), 'no key in an error');
    assert.ok(!JSON.stringify(error).includes(SECRET_KEY));
    return error;
  }
  throw new Error('expected a failure, got an answer');
}

export async function until(what, look) {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${what}: not within 10 s`);
}

export async function payAtGateway(payment) {
  const answer = await fetch(`${process.env.PAYCORE_SIMULATOR_URL}/simulator/orders/${payment.gateway_order_no}/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  assert.equal(answer.status, 200);
  await answer.text();
}
