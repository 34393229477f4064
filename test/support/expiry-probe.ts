import { DAY } from '../../src/core/time.ts';
/**
 * Makes one number of each kind at a given instant and looks at the second before and at the instant of its expiry.
 * Run by a test under several host time zones; prints one JSON line.
 */
import { startApp } from './app.ts';

const GRACE = { atm: DAY, cvs: DAY, barcode: 3 * DAY };
const results: Record<string, unknown> = {};

for (const method of ['atm', 'cvs', 'barcode'] as const) {
  const app = await startApp({ start: Number(process.argv[2]) });
  const made = await app.create(`ecpay/${method}`, { expire_days: 1 });
  const info = made.json.data.payment_info as { ecpay?: { expire_at: string }; expire_at: string };
  const expireAt = info.ecpay?.expire_at ?? info.expire_at;
  const deadline = Date.parse(`${expireAt.replace(' ', 'T')}+08:00`);
  const statusAt = async (instant: number) => {
    app.clock.advance(instant - app.clock.now());
    await app.check();
    return (await app.find(String(made.json.data.payment_no))).status;
  };
  results[method] = {
    no: String(made.json.data.payment_no).slice(3, 15),
    expireAt,
    before: await statusAt(deadline + GRACE[method] - 1000),
    at: await statusAt(deadline + GRACE[method]),
  };
  await app.stop();
}
process.stdout.write(`${JSON.stringify({ offset: new Date().getTimezoneOffset(), results })}\n`);
process.exit(0);
