import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { makeFolder } from './support/binary.ts';
import { type Demo, startDemo } from './support/demo.ts';
import { at, list, text } from './support/json.ts';
import { get, post, simulatorOrder } from './support/parties.ts';
import { poll, run, start, stopAll } from './support/process.ts';

setDefaultTimeout(60_000);
afterAll(stopAll);

async function payment(demo: Demo, paymentNo: string): Promise<unknown> {
  const { status, body } = await get(`${demo.publicUrl}/api/paycore/payments/${paymentNo}`, demo.auth);
  expect(status).toBe(200);
  return at(body, 'data');
}

async function pay(demo: Demo, paymentNo: string): Promise<void> {
  const orderNo = text(await payment(demo, paymentNo), 'gateway_order_no');
  const { status, body } = await simulatorOrder(demo.simulatorUrl, orderNo, 'pay');
  expect([status, at(body, 'status')]).toEqual([200, 'paid']);
  expect(await payment(demo, paymentNo)).toMatchObject({ status: 'paid', flags: [], livemode: false });
}

/** The shop keeps what it was told since it started. */
function told(demo: Demo, paymentNo: string): Promise<unknown> {
  return poll(`the shop hears of ${paymentNo}`, async () => {
    const { body } = await get(`${demo.shopUrl}/notifications`);
    return list(body).find((one) => at(one, 'payment_no') === paymentNo) ?? null;
  });
}

describe('demo', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo();
  });

  test('--json prints everything in one line', () => {
    expect(Object.keys(demo.facts as object)).toEqual([
      'public_url',
      'admin_url',
      'swagger_url',
      'simulator_url',
      'shop_url',
      'api_key',
      'notification_secret',
      'curl',
      'payments',
      'moved',
    ]);
    expect(text(demo.facts, 'api_key')).toMatch(/^pc_test_/);
    expect(text(demo.facts, 'notification_secret')).toMatch(/^whsec_/);
    for (const method of ['atm', 'cvs', 'barcode']) {
      expect(demo.payment(method).gateway).toBe('ecpay');
      expect(demo.payment(method).payment_no).toMatch(/^PAY\d{12,}[A-Z]{8}$/);
    }
    expect(demo.process.output.stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  test.each(['swagger_url', 'simulator_url', 'shop_url'])('%s answers', async (name) => {
    expect((await fetch(text(demo.facts, name))).status).toBe(200);
  });

  test('the admin link signs in, and the desk behind it shows who one is', async () => {
    const opened = await fetch(text(demo.facts, 'admin_url'), { redirect: 'manual' });
    const [cookie = ''] = opened.headers.getSetCookie();
    const [session = ''] = cookie.split(';');
    const desk = await fetch(`${demo.publicUrl}/admin`, { headers: { cookie: session }, redirect: 'manual' });
    expect([opened.status, desk.status]).toEqual([303, 200]);
    expect(await desk.text()).toContain('data-page="overview"');
    const stranger = await fetch(`${demo.publicUrl}/admin`, { redirect: 'manual' });
    expect(stranger.headers.get('location')).toStartWith('/admin/login');
  });

  test('every payment page answers', async () => {
    for (const method of ['atm', 'cvs', 'barcode']) {
      const page = await fetch(demo.payment(method).payment_url);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain(`data-payment-no="${demo.payment(method).payment_no}"`);
    }
  });

  test('the curl line works as it is', () => {
    if (!Bun.which('curl')) return console.log('not checked: there is no curl on this machine');
    const proxies = { NO_PROXY: '*', no_proxy: '*' };
    const ran = Bun.spawnSync(['sh', '-c', `${demo.curl} --silent --write-out '\n%{http_code}'`], {
      env: { PATH: process.env.PATH ?? '', ...proxies },
    });
    const [body = '', code] = ran.stdout.toString().split('\n');
    expect(code).toBe('201');
    expect(JSON.parse(body)).toMatchObject({
      success: true,
      data: { method: 'cvs', status: 'pending', created: true },
    });
  });

  test('a payment paid in the simulator reaches the shop, verified', async () => {
    const { payment_no } = demo.payment('atm');
    await pay(demo, payment_no);
    expect(await told(demo, payment_no)).toMatchObject({ verified: true, event: 'payment.paid', status: 'paid' });
    const page = await (await fetch(demo.shopUrl)).text();
    expect(page).toContain(`<li data-verified="true" data-payment-no="${payment_no}">`);
  });

  test.each([
    ['an address that says paid before PayCore does', 'cvs', 'paid', 'unheard'],
    ['a payer who did not pay', 'cvs', 'pending', 'unpaid'],
    ['a payer whose payment was notified', 'atm', 'paid', 'paid'],
  ])('the shop is not fooled by %s', async (_, method, status, arrival) => {
    const { payment_no } = demo.payment(method);
    const page = await fetch(`${demo.shopUrl}/thanks?payment_no=${payment_no}&status=${status}`);
    expect(await page.text()).toContain(`data-arrival="${arrival}"`);
  });

  test('the shop refuses what is not signed', async () => {
    const before = list((await get(`${demo.shopUrl}/notifications`)).body).length;
    expect((await post(`${demo.shopUrl}/payok`, { payment_no: 'X' })).status).toBe(400);
    const after = list((await get(`${demo.shopUrl}/notifications`)).body);
    expect(after.slice(0, after.length - before)).toMatchObject([{ verified: false }]);
  });

  test('ends cleanly', async () => {
    expect(await demo.process.kill('SIGTERM')).toMatchObject({ code: 0, signal: null, stderr: '' });
  });
});

test('for a person it prints pages, addresses and one line that starts with curl', async () => {
  const demo = start(['demo'], { env: { PAYCORE_PORT: '0' } });
  await demo.waitFor(/Stop with Ctrl-C/);
  const lines = demo.output.stdout.split('\n');
  expect(lines.filter((line) => line.startsWith('curl '))).toHaveLength(1);
  for (const word of ['/zh-tw/pay/PAY', '/simulator', '/swagger', 'pc_test_'])
    expect(demo.output.stdout).toContain(word);
  const [, folder = ''] = /Data: (\S+) \(thrown away at the end\)/.exec(demo.output.stdout) ?? [];
  expect(existsSync(folder)).toBeTrue();
  expect(await demo.kill('SIGINT')).toMatchObject({ code: 0 });
  expect(existsSync(folder)).toBeFalse();
});

test('takes the next free ports when the usual ones are taken, and says so', async () => {
  const taken = [8080, 8081, 9090].flatMap((port) => {
    try {
      return [Bun.serve({ port, hostname: '127.0.0.1', reusePort: false, fetch: () => new Response() })];
    } catch {
      return [];
    }
  });
  try {
    const demo = await startDemo({ PAYCORE_PORT: '' });
    for (const url of [demo.publicUrl, demo.simulatorUrl, demo.shopUrl]) {
      expect(['8080', '8081', '9090']).not.toContain(new URL(url).port);
    }
    const moved = list(demo.facts, 'moved').map((one) => [text(one, 'service'), at(one, 'wanted'), at(one, 'port')]);
    expect(moved.sort()).toEqual([
      ['server', 8080, Number(new URL(demo.publicUrl).port)],
      ['shop', 8081, Number(new URL(demo.shopUrl).port)],
      ['simulator', 9090, Number(new URL(demo.simulatorUrl).port)],
    ]);
    await pay(demo, demo.payment('cvs').payment_no);
    await demo.process.kill('SIGTERM');
  } finally {
    for (const server of taken) void server.stop(true);
  }
});

test('does not start on another port than the one it was told', async () => {
  const taken = Bun.serve({ port: 0, hostname: '127.0.0.1', reusePort: false, fetch: () => new Response() });
  for (const [args, env] of [
    [['--shop-port', String(taken.port)], { PAYCORE_PORT: '0' }],
    [[], { PAYCORE_PORT: String(taken.port) }],
  ] as const) {
    const { code, stderr } = await run(['demo', ...args], { env });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`paycore: port ${taken.port} is taken.`)]);
  }
  await taken.stop(true);
});

test('honours PAYCORE_PORT', async () => {
  const probe = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const { port } = probe;
  await probe.stop(true);
  const demo = await startDemo({ PAYCORE_PORT: String(port) });
  expect(demo.publicUrl).toBe(`http://localhost:${port}`);
  await demo.process.kill('SIGTERM');
});

describe('with PAYCORE_DATA_DIR', () => {
  test('a demo killed between creating and paying goes on where it was', async () => {
    const dataDir = makeFolder('demo');
    const first = await startDemo({ PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '' });
    const made = ['atm', 'cvs', 'barcode'].map((method) => first.payment(method));
    const before = await Promise.all(made.map((one) => payment(first, one.payment_no)));
    expect(await first.process.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });

    const second = await startDemo({ PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '' });
    expect(second.publicUrl).toBe(first.publicUrl);
    expect(second.simulatorUrl).toBe(first.simulatorUrl);
    expect(text(second.facts, 'notification_secret')).toBe(text(first.facts, 'notification_secret'));
    expect(await Promise.all(made.map((one) => payment(second, one.payment_no)))).toEqual(before);
    // The key and the pages of before still work.
    const { status } = await get(`${second.publicUrl}/api/paycore/payments/${made[0]?.payment_no}`, first.auth);
    expect(status).toBe(200);
    for (const one of made) {
      expect((await fetch(one.payment_url)).status).toBe(200);
      await pay(second, one.payment_no);
      expect(await told(second, one.payment_no)).toMatchObject({ verified: true, status: 'paid' });
    }
    await second.process.kill('SIGTERM');
    expect(existsSync(dataDir)).toBeTrue();
  });

  test('a payment made while PayCore was down is brought to it by the gateway', async () => {
    const dataDir = makeFolder('demo');
    const first = await startDemo({ PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '' });
    const { payment_no } = first.payment('cvs');
    const orderNo = text(await payment(first, payment_no), 'gateway_order_no');
    await simulatorOrder(first.simulatorUrl, orderNo, 'pay', { delay_ms: 1500 });
    await first.process.kill('SIGKILL');
    const second = await startDemo({ PAYCORE_DATA_DIR: dataDir, PAYCORE_PORT: '' });
    await told(second, payment_no);
    expect(await payment(second, payment_no)).toMatchObject({ status: 'paid' });
    await second.process.kill('SIGTERM');
  });

  test('a second demo on the same data says so', async () => {
    const dataDir = makeFolder('demo');
    const first = await startDemo({ PAYCORE_DATA_DIR: dataDir });
    const second = await run(['demo', '--json'], { env: { PAYCORE_DATA_DIR: dataDir } });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^paycore: another paycore serves .*\n$/);
    await first.process.kill('SIGTERM');
  });
});
