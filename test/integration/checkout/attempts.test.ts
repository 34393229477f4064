import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { checkMacValue } from '../../../src/simulator/ecpay/checksum.ts';
import { STAGE } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { sameRuns } from '../../support/clock.ts';

/** A payer who goes to the cashier several times: every number stays listened to. */
const app = useApp({ env: { PAYCORE_LOG_LEVEL: 'error' } }, 'file');

const ACCOUNT = { merchantId: STAGE.merchant_id, hashKey: STAGE.hash_key, hashIv: STAGE.hash_iv };
const ATTEMPTS = 3;

interface Opened {
  readonly paymentNo: string;
  readonly numbers: readonly string[];
}

async function open(): Promise<Opened> {
  const { json } = await app.create('ecpay/aio');
  const { pathname, search } = new URL(String(json.data.payment_url));
  const numbers = [String(json.data.gateway_order_no)];
  while (numbers.length < ATTEMPTS) {
    const page = await app.request(`${pathname}/go${search}`, { method: 'POST' });
    numbers.push(/name="MerchantTradeNo" value="(\w+)"/.exec(await page.text())?.[1] ?? '');
  }
  return { paymentNo: String(json.data.payment_no), numbers };
}

type Fact = 'paid' | 'issued' | 'declined';
interface Step {
  readonly attempt: number;
  readonly fact: Fact;
}

function send({ paymentNo, numbers }: Opened, { attempt, fact }: Step) {
  const fields = {
    MerchantID: STAGE.merchant_id,
    MerchantTradeNo: numbers[attempt] ?? '',
    RtnCode: { paid: '1', issued: '2', declined: '10100058' }[fact],
    RtnMsg: fact,
    TradeNo: `260622153000000${attempt}`,
    TradeAmt: '980',
    PaymentType: 'ATM_BOT',
    CustomField1: paymentNo,
    ...(fact === 'issued'
      ? { BankCode: '004', vAccount: `910352217588727${attempt}`, ExpireDate: '2026/06/25' }
      : { PaymentDate: '2026/06/22 15:31:00', SimulatePaid: '0' }),
  };
  const signed = { ...fields, CheckMacValue: checkMacValue(Object.entries(fields), ACCOUNT) };
  return app.callback(new URLSearchParams(signed), 'application/x-www-form-urlencoded');
}

const STEPS: readonly Step[] = [0, 1, 2].flatMap((attempt) =>
  (['paid', 'paid', 'issued', 'declined'] as const).map((fact) => ({ attempt, fact })),
);

test('whatever is heard of three numbers in whatever order, the first payment counts and further ones are flagged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...STEPS], { minLength: 1, maxLength: 8 }), async (steps) => {
      const opened = await open();
      const paid: number[] = [];
      let shown = opened.numbers.length - 1;
      for (const step of steps) {
        expect((await send(opened, step)).text).toBe('1|OK');
        if (step.fact === 'paid' && !paid.includes(step.attempt)) paid.push(step.attempt);
        if (step.fact === 'issued' && paid.length === 0) shown = step.attempt;
        const current = paid[0] ?? shown;
        expect(await app.find(opened.paymentNo)).toMatchObject({
          status: paid.length > 0 ? 'paid' : 'pending',
          flags: paid.length > 1 ? ['duplicate', 'attention'] : [],
          gateway_order_no: opened.numbers[current] ?? '',
        });
      }
      const { id } = await app.rows.payment(opened.paymentNo);
      expect(await app.rows.outbox({ paymentId: id })).toHaveLength(paid.length > 0 ? 1 : 0);
    }),
    sameRuns(40),
  );
});

test('two numbers paid in the same instant are one payment and one duplicate', async () => {
  for (let i = 0; i < 10; i++) {
    const opened = await open();
    const answers = await Promise.all([0, 1, 0, 1, 2].map((attempt) => send(opened, { attempt, fact: 'paid' })));
    expect(answers.map(({ text }) => text)).toEqual(Array(5).fill('1|OK'));
    expect(await app.find(opened.paymentNo)).toMatchObject({ status: 'paid', flags: ['duplicate', 'attention'] });
  }
  expect(new Set((await app.rows.outbox()).map(({ event }) => event))).toEqual(new Set(['payment.paid']));
});

test('a form that we signed for the browser is no callback, however it is sent back', async () => {
  const { json } = await app.create('ecpay/aio', { item_name: 'a&RtnCode=1&TradeAmt=980', ecpay: { Remark: 'b=1' } });
  const { fields } = json.data.redirect_form as { fields: Record<string, string> };
  const form = new URLSearchParams(fields).toString();
  const bodies = [form, form.replaceAll('%26', '&').replaceAll('%3D', '='), `${form}&RtnCode=1&TradeAmt=980`];
  for (const body of bodies) {
    const { status } = await app.callback(body, 'application/x-www-form-urlencoded');
    expect(status).toBeLessThan(500);
    expect(await app.find(String(json.data.payment_no))).toMatchObject({ status: 'pending' });
  }
});
