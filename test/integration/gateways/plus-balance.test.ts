import { afterEach, describe, expect, test } from 'bun:test';
import { useApp } from '../../support/apps.ts';

const ACCOUNT = { appid: 'PLUS_APPID', secret_key: 'PLUS_SECRET_KEY' } as const;

const app = useApp({}, 'file');
afterEach(() => {
  app.gateway.answer = null;
});

describe('the balance', () => {
  const ask = (gateway_credentials: object = ACCOUNT, action = 'plus/balance') =>
    app.call(`/api/paycore/gateways/${action}`, { gateway_credentials });

  test('is PLUS’s, with its whole answer', async () => {
    const { status, json } = await ask();
    expect([status, json.message]).toEqual([200, 'Gateway action completed']);
    expect(json.data).toEqual({
      gateway: 'plus',
      balance: 10_000,
      raw_response: { code: 0, status: 'ok', data: { balance: 10_000 } },
    });
  });

  test('comes without the account’s secrets in answer and log', async () => {
    app.gateway.answer = ({ path }) =>
      path === '/api/balance' ? Response.json({ ...ACCOUNT, sign: 'f00f', balance: '7' }) : null;
    const { json, text } = await ask();
    expect(json.data).toEqual({
      gateway: 'plus',
      balance: '7',
      raw_response: { appid: '***', secret_key: '***', sign: '***', balance: '7' },
    });
    expect(text + app.log.join('\n')).not.toContain(ACCOUNT.secret_key);
  });

  test('that PLUS refuses or cannot give is 502; what there is not is 404', async () => {
    const refused = await ask({ ...ACCOUNT, secret_key: 'WRONG' });
    expect([refused.status, refused.json.message]).toEqual([502, 'Gateway action failed']);
    expect(refused.json.error as object).toEqual({
      error_code: 'GATEWAY_ACTION_FAILED',
      gateway: { code: '4002', message: 'sign is wrong.' },
    });
    app.gateway.answer = () => new Response('<html>');
    expect((await ask()).json.error as object).toEqual({
      error_code: 'GATEWAY_ACTION_FAILED',
    });
    for (const action of ['plus/toString', 'plus/refund', 'ecpay/balance', 'nobody/balance']) {
      const { status, json } = await ask(ACCOUNT, action);
      expect([status, json.message, json.error.error_code]).toEqual([
        404,
        'Unsupported gateway action',
        'UNSUPPORTED_GATEWAY_ACTION',
      ]);
    }
  });

  test('needs credentials', async () => {
    const { status, json } = await ask({ appid: 'x' });
    expect([status, json.message]).toEqual([422, 'PLUS secret_key is required.']);
  });
});
