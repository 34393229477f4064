import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { makeFolder } from './support/binary.ts';
import { STAGE } from './support/ecpay.ts';
import { at, list, text } from './support/json.ts';
import { createKey, get, type Key, pointAt, post, type Server, serve, simulate } from './support/parties.ts';
import { type Finished, poll, run, stopAll } from './support/process.ts';

/** Projects and credentials are kept from the command line while the server runs. */

setDefaultTimeout(60_000);

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const dataDir = join(makeFolder('desk'), 'data');
const received: Received[] = [];
let simulator: Server;
let server: Server;
let key: Key;
const shop = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: async (request) => {
    received.push({ headers: Object.fromEntries(request.headers), body: await request.text() });
    return new Response(null, { status: 204 });
  },
});

beforeAll(async () => {
  simulator = await simulate();
  server = await serve(dataDir, pointAt(simulator.url));
  key = await createKey(dataDir);
});
afterAll(async () => {
  await stopAll();
  await shop.stop(true);
});

function paycore(command: string, input?: string): Promise<Finished> {
  const env = { ...pointAt(simulator.url), PAYCORE_DATA_DIR: dataDir };
  return run(command.split(' '), input === undefined ? { env } : { env, input });
}

async function tell(command: string, input?: string): Promise<unknown> {
  const { code, stdout, stderr } = await paycore(`${command} --project shop --json`, input);
  expect([command, code, stderr]).toEqual([command, 0, '']);
  return JSON.parse(stdout);
}

let orders = 0;
async function createPayment(): Promise<unknown> {
  const body = { merchant_order_no: `DESK${++orders}`, amount: 980, item_name: 'x' };
  const answer = await post(`${server.url}/api/paycore/pay/ecpay/atm`, body, { 'x-api-key': key.api_key });
  return answer.body;
}

/** Pays one and gives back what the shop is told. */
async function payOne(): Promise<Received> {
  const data = at(await createPayment(), 'data');
  await post(`${simulator.url}/simulator/orders/${text(data, 'gateway_order_no')}/pay`, {});
  const paymentNo = text(data, 'payment_no');
  return poll('notification', () => received.find(({ body }) => body.includes(paymentNo)) ?? null);
}

const isTaken = (secret: string, { body, headers }: Received): boolean => {
  try {
    return new Webhook(secret).verify(body, headers) !== undefined;
  } catch {
    return false;
  }
};

const LINES = `# from the back office\nmerchant_id=${STAGE.merchant_id}\nhash_key = ${STAGE.hash_key}\r\n\nhash_iv=${STAGE.hash_iv}\n`;

describe('paycore credentials', () => {
  test('what is set counts for the next request of the running server', async () => {
    expect(at(await createPayment(), 'error', 'error_code')).toBe('ECPAY_CREDENTIAL_INVALID');
    expect(await tell('credentials set --gateway ecpay --environment stage', LINES)).toEqual({
      project: 'shop',
      gateway: 'ecpay',
      environment: 'stage',
      merchant_id: STAGE.merchant_id,
    });
    expect(at(await createPayment(), 'success')).toBe(true);
  });

  test('are listed and shown nowhere with a secret', async () => {
    const json = JSON.stringify({ ...STAGE, merchant_id: '2000132', environment: 'stage' });
    const shown = [
      await paycore('credentials set --project shop --gateway ecpay', json),
      await paycore('credentials set --project shop --gateway ecpay', LINES),
      await paycore('credentials list --project shop'),
      await paycore('credentials list --project shop --json'),
      await paycore('project show --project shop --json'),
    ];
    for (const { code, stdout, stderr } of shown) {
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(new RegExp(`${STAGE.hash_key}|${STAGE.hash_iv}|whsec_`));
    }
    const rows = list(JSON.parse(shown[3]?.stdout ?? ''));
    expect(rows.map((row) => [at(row, 'environment'), at(row, 'merchant_id'), at(row, 'current')])).toEqual([
      ['production', '3002607', true],
      ['stage', '2000132', true],
      ['stage', '3002607', false],
    ]);
    expect(at(rows[2], 'last_used_at')).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(at(rows[1], 'last_used_at')).toBeNull();
  });

  test('are tested at the gateway: exit code 0 when they are right, 1 when not', async () => {
    await tell('credentials set --gateway ecpay --environment stage', LINES);
    expect(await tell('credentials test --gateway ecpay --environment stage')).toMatchObject({
      gateway: 'ecpay',
      environment: 'stage',
      merchant_id: STAGE.merchant_id,
      ok: true,
    });
    await tell(
      'credentials set --gateway ecpay --environment stage',
      LINES.replace('hash_iv=', 'hash_iv=XXXXXXXX').replace(STAGE.hash_iv, STAGE.hash_iv.slice(8)),
    );
    const wrong = await paycore('credentials test --project shop --gateway ecpay --environment stage --json');
    expect([wrong.code, at(JSON.parse(wrong.stdout), 'ok')]).toEqual([1, false]);
    expect(wrong.stderr).toContain('do not fit together');
    const unreachable = await run(
      ['credentials', 'test', '--project', 'shop', '--gateway', 'ecpay', '--environment', 'stage'],
      {
        env: { ...pointAt('http://127.0.0.1:1'), PAYCORE_DATA_DIR: dataDir },
      },
    );
    expect([unreachable.code, unreachable.stdout]).toEqual([1, '']);
    expect(unreachable.stderr).toContain('could not be reached');
    await tell('credentials set --gateway ecpay --environment stage', LINES);
  });

  test('that are removed are used no more', async () => {
    const both = await paycore('credentials remove --project shop --gateway ecpay');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--environment')]);
    await tell('credentials remove --gateway ecpay --environment stage');
    expect(at(await createPayment(), 'error', 'error_code')).toBe('ECPAY_CREDENTIAL_INVALID');
    const again = await paycore('credentials remove --project shop --gateway ecpay --environment stage');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('credentials list')]);
    await tell('credentials set --gateway ecpay --environment stage', LINES);
  });

  test.each([
    ['', /not name=value|missing/],
    ['{"merchant_id": ', /not valid JSON/],
    ['[1]', /line 1/],
    ['secretwithoutname', /line 1/],
    [`${LINES}hash_key=again`, /line 6.*repeats/],
    [`${LINES}hash_kex=x`, /name only these: merchant_id, hash_key/],
    ['merchant_id=3002607\nhash_key=c2VjcmV0\nhash_iv=x', /hash_key field is required: 16 characters/],
    ['x'.repeat(70_000), /longer than/],
  ])('input that cannot be right is refused without repeating it (%#)', async (input, reason) => {
    const { code, stdout, stderr } = await paycore('credentials set --project shop --gateway ecpay', input);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toMatch(/secretwithoutname|c2VjcmV0|hash_kex|xxxx|pwFHCqoQ/);
    expect(stderr).not.toContain('    at ');
  });
});

describe('paycore project', () => {
  test('what is set counts for the next request of the running server', async () => {
    const set = `project set --success-url https://shop.example/thanks --payok-url http://127.0.0.1:${shop.port}/payok`;
    const shown = await tell(
      `${set} --events payment.refunded,payment.failed --accent #0b6b5d --disable stripe/fpx --enable ecpay/cvs --position ecpay/cvs=1`,
    );
    expect(shown).toMatchObject({
      project: 'shop',
      success_url: 'https://shop.example/thanks',
      accent: '#0b6b5d',
      cancel_url: null,
      events: ['payment.paid', 'payment.refunded', 'payment.failed'],
      previous_secret_until: null,
    });
    const methods = list(shown, 'methods');
    expect(methods[0]).toEqual({ method: 'ecpay/cvs', enabled: true, position: 1 });
    expect(methods).toContainEqual({ method: 'stripe/fpx', enabled: false, position: null });
    expect(await tell('project show')).toEqual(shown);
    expect(isTaken(key.notification_secret, await payOne())).toBe(true);
  });

  test('takes back what is set to an empty text', async () => {
    const { code, stdout } = await run(
      ['project', 'set', '--project', 'shop', '--accent', '', '--events', '', '--json'],
      {
        env: { PAYCORE_DATA_DIR: dataDir },
      },
    );
    expect([code, at(JSON.parse(stdout), 'accent'), at(JSON.parse(stdout), 'events')]).toEqual([
      0,
      null,
      ['payment.paid'],
    ]);
  });

  test('rotates the secret: for a day both count, and the running server signs with both at once', async () => {
    const rotated = await tell('project rotate-secret');
    const secret = text(rotated, 'notification_secret');
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    const hours = (Date.parse(text(rotated, 'previous_secret_until')) - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
    const told = await payOne();
    expect([isTaken(secret, told), isTaken(key.notification_secret, told)]).toEqual([true, true]);
    expect((await createKey(dataDir)).notification_secret).toBe(secret);
    expect(text(await tell('project show'), 'previous_secret_until')).toBe(text(rotated, 'previous_secret_until'));
  });

  test('lists every project', async () => {
    await createKey(dataDir, 'another');
    const { stdout } = await paycore('project list --json');
    const rows = list(JSON.parse(stdout));
    expect(rows.map((row) => [at(row, 'project'), at(row, 'live_keys'), at(row, 'test_keys')])).toEqual([
      ['shop', 0, 2],
      ['another', 0, 1],
    ]);
    expect((await get(`${server.url}/healthz`)).status).toBe(200);
  });
});

describe('paycore limit', () => {
  test('what is set counts for the next request of the running server, until it is cleared', async () => {
    const own = { project: 'shop', method: 'ecpay/atm', min: 1000, max: 5000 };
    expect(await tell('limit set --method ecpay/atm --min 1000 --max 5000')).toEqual(own);
    const rows = list(await tell('limit list'));
    expect(rows).toContainEqual({ method: 'ecpay/atm', min: 1000, max: 5000, own: true });
    expect(at(await createPayment(), 'error', 'error_code')).toBe('INVALID_ARGUMENT');
    expect(await tell('limit clear --method ecpay/atm')).toEqual({ project: 'shop', method: 'ecpay/atm' });
    expect(at(await createPayment(), 'success')).toBe(true);
  });
});

describe('called wrongly', () => {
  test.each([
    ['project', 'list, create, rename, show, set, rotate-secret or test-notification'],
    ['project show', 'there is no project ""'],
    ['project create --project shop', 'another project'],
    ['project rename --project shop', 'name field is required'],
    ['project show --project nobody', 'paycore project list'],
    ['project show extra --project shop', 'a word too many'],
    ['project set --project shop', 'something to change'],
    ['project set --project shop --accent red', 'accent'],
    ['project set --project shop --payok-url http://10.0.0.1/', 'PAYCORE_NOTIFY_ALLOW'],
    ['project set --project shop --events payment.eaten', 'payment.refunded'],
    ['project set --project shop --enable ecpay/gold', 'ecpay/aio'],
    ['project set --project shop --position ecpay/cvs', '--position'],
    ['project set --project shop --position ecpay/cvs=0', 'at least 1'],
    ['project set --project shop --enable ecpay/cvs --disable ecpay/cvs', 'at once'],
    ['project set --project shop --colour red', '--colour'],
    ['credentials', 'set, list, test or remove'],
    ['credentials set --project shop', '--gateway must be one of ecpay'],
    ['credentials set --project shop --gateway bank', '--gateway must be one of ecpay'],
    ['credentials set --project shop --gateway ecpay --environment moon', 'stage'],
    ['credentials set --project shop --gateway ecpay hash_key=x', 'a word too many'],
    ['credentials list --project nobody', 'paycore project list'],
    ['limit', 'set, clear or list'],
    ['limit list --project nobody', 'paycore project list'],
    ['limit set --project shop --method ecpay/atm --min 9 --max 5', 'greater than'],
    ['key revoke 1 2', 'a word too many'],
  ])('paycore %s', async (command, named) => {
    const { code, stdout, stderr } = await paycore(command);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toStartWith('paycore: ');
    expect(stderr).toContain(named);
    expect(stderr).not.toMatch(/\n {4}at |hash_key=x/);
  });
});

test('the help names every command', async () => {
  const { stdout } = await run(['help']);
  for (const command of ['project set', 'project show', 'project list', 'project rotate-secret']) {
    expect(stdout).toContain(`paycore ${command}`);
  }
  for (const command of ['set', 'list', 'test', 'remove']) expect(stdout).toContain(`paycore credentials ${command}`);
});
