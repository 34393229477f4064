import { describe, expect, test } from 'bun:test';
import type { Simulator } from '../../../src/simulator/index.ts';
import { askToken, CLIENT, Client, connect, type Reply, SECRET, startAt } from './paypal-support.ts';
import { get, postJson, start } from './support.ts';

async function stats(simulator: Simulator, query = ''): Promise<unknown> {
  return (await get(simulator, `/simulator/paypal/stats${query}`)).json();
}

describe('the token endpoint', () => {
  test('gives a bearer token for nine hours to whoever has credentials of the right form', async () => {
    const { status, body } = await askToken(start(), `${CLIENT}:${SECRET}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 32_400 });
    expect(String(body.access_token)).toMatch(/^A21AA[\w-]{50,}$/);
  });

  test('holds an account to the secret that came first', async () => {
    const simulator = start();
    await askToken(simulator, `${CLIENT}:${SECRET}`);
    const refused = await askToken(simulator, `${CLIENT}:another-secret`);
    expect(refused.status).toBe(401);
    expect(refused.body).toEqual({
      error: 'invalid_client',
      error_description: 'Client Authentication failed',
    } as unknown as Reply['body']);
    expect((await askToken(simulator, `${CLIENT}:${SECRET}`)).status).toBe(200);
  });

  test.each([
    ['a client_id that begins with bad', 'badClientOfTheShop:secret'],
    ['a client_id that is too short', 'short:secret'],
    ['a client_id that is too long', `${'a'.repeat(101)}:secret`],
    ['a client_id with other characters', 'a client of mine:secret'],
    ['no secret', `${CLIENT}:`],
    ['no colon', CLIENT],
  ])('refuses %s', async (_, credentials) => {
    expect((await askToken(start(), credentials)).status).toBe(401);
  });

  test.each([
    ['no grant', '', undefined],
    ['another grant', 'grant_type=password', undefined],
    ['an unknown field', 'grant_type=client_credentials&who=me', undefined],
    ['a field twice', 'grant_type=client_credentials&scope=a&scope=b', undefined],
    ['JSON', '{"grant_type":"client_credentials"}', 'application/json'],
    ['a form that does not say so', 'grant_type=client_credentials', 'text/plain'],
  ])('refuses %s', async (_, form, type) => {
    const { status, body } = await askToken(start(), `${CLIENT}:${SECRET}`, form, type);
    expect(status).toBe(400);
    expect(body.error).toMatch(/^(unsupported_grant_type|invalid_request)$/);
  });

  test('counts its calls, for all and for each account', async () => {
    const simulator = start();
    await connect(simulator);
    await connect(simulator);
    await connect(simulator, 'AnotherClient1');
    await askToken(simulator, 'badClientOfTheShop:secret');
    expect(await stats(simulator)).toEqual({ token_calls: 4, tokens_issued: 3, unauthorized: 0 });
    expect(await stats(simulator, `?client_id=${CLIENT}`)).toMatchObject({ token_calls: 2, tokens_issued: 2 });
  });
});

describe('an API call', () => {
  test('needs a token that the simulator gave out', async () => {
    const simulator = start();
    const { status, body, headers } = await new Client(simulator, 'A21AAmadeup').get('/v2/checkout/orders/X');
    expect(status).toBe(401);
    expect(body).toMatchObject({ name: 'AUTHENTICATION_FAILURE', details: [] });
    expect(headers.get('paypal-debug-id')).toBe(String(body.debug_id));
    expect(await stats(simulator)).toMatchObject({ unauthorized: 1 });
  });

  test('is refused once the token has run out', async () => {
    const { simulator, clock } = startAt();
    const client = await connect(simulator);
    clock.ms += 32_400_000 - 1;
    expect((await client.get('/v2/checkout/orders/X')).status).toBe(404);
    clock.ms += 1;
    expect((await client.get('/v2/checkout/orders/X')).status).toBe(401);
  });

  test('is refused after the tokens were revoked, of one account or of all', async () => {
    const simulator = start();
    const [one, other] = [await connect(simulator), await connect(simulator, 'AnotherClient1')];
    const revoked = await postJson(simulator, '/simulator/paypal/revoke', { client_id: CLIENT });
    expect(await revoked.json()).toEqual({ accounts: 1 });
    expect((await one.get('/v2/checkout/orders/X')).status).toBe(401);
    expect((await other.get('/v2/checkout/orders/X')).status).toBe(404);
    await postJson(simulator, '/simulator/paypal/revoke');
    expect((await other.get('/v2/checkout/orders/X')).status).toBe(401);
    expect((await (await connect(simulator)).get('/v2/checkout/orders/X')).status).toBe(404);
  });
});
