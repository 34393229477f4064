import { describe, expect, test } from 'bun:test';
import { DAY, HOUR } from '../../../src/core/time.ts';
import { useApp } from '../../support/apps.ts';

const app = useApp({ env: { PAYCORE_TIMEZONE: 'Asia/Tokyo' } }, 'file');

interface Made {
  readonly paymentNo: string;
  readonly orderNo: string;
  readonly path: string;
  readonly token: string;
}

async function make(route: string, body: object = {}): Promise<Made> {
  const { json } = await app.create(route, body);
  const url = new URL(String(json.data.payment_url));
  return {
    paymentNo: String(json.data.payment_no),
    orderNo: String(json.data.gateway_order_no),
    path: url.pathname,
    token: url.search,
  };
}

const ON_TIME = ['pending', 'pending'];
const LATE = ['pending-overdue', 'pending-overdue'];

async function look({ path, token }: Made) {
  const text = await (await app.request(path + token)).text();
  const { revision, status } = (await (await app.request(`${path}/status${token}`)).json()) as Record<string, string>;
  const read = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(text)?.[1];
  const calendar = await app.request(`${path}/deadline.ics${token}`);
  return {
    text,
    status,
    deadline: Number(read('data-deadline')),
    isOverdue: text.includes('data-overdue'),
    mayCopy: text.includes('data-copy'),
    // What the script compares: the page's own and what it is told. A question to the gateway in between counts them up.
    revisions: [read('data-revision'), revision].map((one) => one?.replace(/^\d+-/, '')),
    hasCalendar: calendar.status === 200,
  };
}

describe('between the deadline of a number and the end of its grace', () => {
  for (const [route, grace] of [
    ['ecpay/atm', DAY],
    ['ecpay/cvs', DAY],
    ['ecpay/barcode', 3 * DAY],
  ] as const) {
    test(`${route}: the page says that it is too late, and stops when the payment ends`, async () => {
      const made = await make(route);
      const { deadline } = await look(made);
      app.clock.set(deadline - 1);
      expect(await look(made)).toMatchObject({
        isOverdue: false,
        mayCopy: true,
        hasCalendar: true,
        revisions: ON_TIME,
      });
      app.clock.set(deadline);
      expect(await look(made)).toMatchObject({
        status: 'pending',
        isOverdue: true,
        mayCopy: false,
        hasCalendar: false,
        revisions: LATE,
      });
      app.clock.set(deadline + grace - 1);
      await app.check();
      expect(await look(made)).toMatchObject({ status: 'pending', isOverdue: true, revisions: LATE });
      // A look at the page has asked the gateway just now: the last question comes a little later.
      app.clock.set(deadline + grace + HOUR);
      await app.check();
      expect(await look(made)).toMatchObject({
        status: 'expired',
        isOverdue: false,
        mayCopy: false,
        hasCalendar: false,
      });
    });
  }

  test('what was paid in time and is told late is paid', async () => {
    const made = await make('ecpay/cvs');
    app.clock.set((await look(made)).deadline + HOUR);
    expect((await look(made)).isOverdue).toBe(true);
    await app.simulate(made.orderNo, 'pay');
    expect(await look(made)).toMatchObject({ status: 'paid', isOverdue: false });
  });
});

describe('the deadline for a calendar', () => {
  test('is a file that a browser opens, by the merchant’s clocks, of the same name whenever it is asked for', async () => {
    const made = await make('ecpay/cvs', { item_name: '咖啡;豆,一包' });
    const read = async (path: string) => {
      const answer = await app.request(path + made.token);
      return { answer, text: (await answer.text()).replaceAll('\r\n ', '') };
    };
    const { answer, text } = await read(`${made.path}/deadline.ics`);
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(`inline; filename="${made.paymentNo}.ics"`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(text).toContain('咖啡\\;豆\\,一包');
    expect(text).toContain('（日本時間）');
    const uid = /^UID:(.+)\r$/m.exec(text)?.[1];
    expect(uid).toBe(`${made.paymentNo}@127.0.0.1`);
    app.clock.advance(HOUR);
    const later = await read(`${made.path.replace('zh-tw', 'en')}/deadline.ics`);
    expect(later.text).toContain(`UID:${uid}\r\n`);
    expect(later.text).toContain('SUMMARY:Payment due: ');
  });

  test('opens with the page’s token only, and where nobody has to go anywhere there is none', async () => {
    const made = await make('ecpay/atm');
    const other = await make('ecpay/aio/credit');
    for (const path of [
      `${made.path}/deadline.ics`,
      `${made.path}/deadline.ics?token=x`,
      `${made.path}/deadline.ics${other.token}`,
      `${other.path}/deadline.ics${other.token}`,
    ]) {
      const answer = await app.request(path);
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain(made.paymentNo);
    }
    expect((await look(other)).text).not.toContain('deadline.ics');
  });
});

test('a code that was asked for one chain names this one, and its steps alone', async () => {
  const { text } = await look(await make('ecpay/cvs', { ecpay: { CVSCode: 'FAMILY' } }));
  expect(text).toContain('「代碼繳費」');
  for (const none of ['ibon', 'Life-ET', 'OK-go']) expect(text).not.toContain(none);
  const any = await look(await make('ecpay/cvs', { ecpay: { CVSCode: 'CVS' } }));
  for (const machine of ['ibon', 'FamiPort', 'Life-ET', 'OK-go']) expect(any.text).toContain(machine);
});
