import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { at, text } from '../binary/support/json.ts';
import { simulatorOrder } from '../binary/support/parties.ts';
import { type DemoStage, heardAt, screenOf, startStage } from './support/demo-stage.ts';
import {
  atGateway,
  buy,
  byBarcodes,
  byCode,
  byNumber,
  card,
  inElement,
  inSite,
  inTurn,
  onItsPage,
  type Pay,
  type Payer,
  payment,
  press,
  scanCode,
  sees,
} from './support/payer.ts';

/** Every way to pay, from the shop's button to its notification, in the compiled binary and a real browser. */

setDefaultTimeout(120_000);

/** Most of the time goes by between two looks of a page; with many more payers at once, two cores answer none in time. */
const AT_ONCE = 3;

let stage: DemoStage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage?.stop());

const PAY = '[data-action="pay"]';
const APPROVE = '[data-action="approve"]';
const DECLINE = '[data-action="decline"]';

/** Of PayPal's stand-in: the money is refused only when the shop takes it. */
const approveWith =
  (outcome: string): Pay =>
  async (payer) => {
    await payer.page.selectOption('select[name="outcome"]', outcome);
    await atGateway(APPROVE)(payer);
  };

const goAgain: Pay = (payer) => press(payer, '[data-go] button');

/** One tab has gone back to the payment page; the other approves and gets stuck on the way home. */
const approveAndStay: Pay = async (payer) => {
  await payer.page.waitForURL((url) => url.origin === stage.demo.simulatorUrl);
  const other = await payer.context.newPage();
  await other.goto(payer.page.url());
  await payer.page.goBack();
  await sees('[data-go]')(payer);
  await payer.context.route('**/payment/paypal/return/**', (route) => route.fulfill({ status: 204 }));
  await press(payer, APPROVE, other);
};

const renewCode: Pay = async (payer) => {
  const { code, order } = await scanCode(payer);
  await Promise.all([payer.page.waitForEvent('load'), press(payer, '[data-go="again"] button')]);
  expect((await scanCode(payer)).code).not.toBe(code);
  const { body } = await simulatorOrder(stage.demo.simulatorUrl, text(order, 'trade_no'));
  expect(at(body, 'status')).toBe('canceled');
};

const settleReview: Pay = async (payer) => {
  await simulatorOrder(stage.demo.simulatorUrl, payer.paymentNo, 'complete');
};

interface Journey {
  /** What the shop's button asks the API for. */
  readonly route: string;
  readonly how?: string;
  /** From the payment page to the press that pays; the page finds out by itself. */
  readonly pay: Pay;
  /** What the browser says about an answer that is no error of ours. */
  readonly noise?: RegExp;
}

const choose =
  (route: string): Pay =>
  (payer) =>
    press(payer, `[data-choice="${route}"]`);

const JOURNEYS: readonly Journey[] = [
  { route: 'checkout', how: 'chosen on the page', pay: inTurn(choose('ecpay/atm'), byNumber('BankCode', 'vAccount')) },
  { route: 'ecpay/aio', pay: atGateway('button[value="Credit"]', PAY) },
  { route: 'ecpay/aio/credit', pay: atGateway(PAY) },
  { route: 'ecpay/aio/credit', how: 'declined, and then paid', pay: atGateway(DECLINE, `h1.bad ~ * ${PAY}`) },
  { route: 'ecpay/aio/atm', pay: byNumber('BankCode', 'vAccount') },
  { route: 'ecpay/aio/cvs', pay: byNumber('PaymentNo') },
  { route: 'ecpay/aio/barcode', pay: byBarcodes },
  { route: 'ecpay/ecpg', pay: inSite('card') },
  { route: 'ecpay/atm', pay: byNumber('BankCode', 'vAccount') },
  { route: 'ecpay/cvs', pay: byNumber('PaymentNo') },
  { route: 'ecpay/barcode', pay: byBarcodes },

  { route: 'smilepay/atm', pay: byNumber('AtmBankNo', 'AtmNo') },
  { route: 'smilepay/cvs', pay: byNumber('IbonNo') },
  { route: 'smilepay/barcode', pay: byBarcodes },

  { route: 'paypal/checkout', pay: atGateway(APPROVE) },
  {
    route: 'paypal/checkout',
    how: 'cancelled, and then paid',
    pay: inTurn(atGateway('[data-action="cancel"]'), sees('[data-notice="cancelled"]'), goAgain, atGateway(APPROVE)),
  },
  {
    route: 'paypal/checkout',
    how: 'declined at PayPal, and then paid with something else',
    pay: atGateway(DECLINE, `h1.bad ~ * ${APPROVE}`),
  },
  {
    route: 'paypal/checkout',
    how: 'declined when it is captured, and then paid with something else',
    pay: inTurn(
      approveWith('instrument_declined'),
      sees('[data-notice="declined"]'),
      goAgain,
      approveWith('completed'),
    ),
  },
  {
    route: 'paypal/checkout',
    how: 'looked into by PayPal first',
    pay: inTurn(approveWith('pending'), sees('.outcome'), settleReview),
  },
  { route: 'paypal/checkout', how: 'approved by a payer who never comes back', pay: approveAndStay },

  { route: 'stripe/credit', pay: card('4242 4242 4242 4242') },
  {
    route: 'stripe/credit',
    how: 'with a declined card, and then a good one',
    pay: inTurn(
      card('4000 0000 0000 0002'),
      sees('[data-element-status]:text-matches("declined")'),
      card('4242 4242 4242 4242'),
    ),
    noise: /status of 402 .*\/confirm$/,
  },
  { route: 'stripe/credit', how: 'with 3-D Secure', pay: inTurn(card('4000 0000 0000 3220'), atGateway(PAY)) },
  { route: 'stripe/alipay', pay: inTurn(inElement(), atGateway(PAY)) },
  { route: 'stripe/grabpay', pay: inTurn(inElement(), atGateway(PAY)) },
  {
    route: 'stripe/grabpay',
    how: 'declined there, and then approved',
    pay: inTurn(inElement(), atGateway(DECLINE), sees('[data-notice="declined"]'), inElement(), atGateway(PAY)),
  },
  { route: 'stripe/fpx', pay: inTurn(inElement({ bank: 'maybank2u' }), atGateway(PAY)) },
  { route: 'stripe/paynow', pay: byCode },
  { route: 'stripe/promptpay', pay: byCode },
  { route: 'stripe/wechat-pay', pay: byCode },
  { route: 'stripe/wechat-pay', how: 'by a new code', pay: inTurn(renewCode, byCode) },

  { route: 'plus/atm', pay: byNumber('bank_code', 'account_code') },
  { route: 'plus/atm', how: 'on the page of PLUS', pay: onItsPage(APPROVE) },
];

test('every button of the shop is pressed here', async () => {
  const { page, troubles, close } = await stage.open(stage.demo.shopUrl);
  const buttons = await page.locator('button[name="route"]').all();
  const routes = await Promise.all(buttons.map((button) => button.getAttribute('value')));
  expect(new Set(routes)).toEqual(new Set(JOURNEYS.map(({ route }) => route)));
  expect(troubles).toEqual([]);
  await close();
});

const lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve());

for (const [i, journey] of JOURNEYS.entries()) {
  const { route, how } = journey;
  test.concurrent(how ? `${route}, ${how}` : route, () => {
    const walked = (lanes[i % AT_ONCE] ?? Promise.resolve()).then(() => walk(journey));
    lanes[i % AT_ONCE] = walked.catch(() => {});
    return walked;
  });
}

async function walk({ route, pay, noise }: Journey): Promise<void> {
  const payer = await buy(stage, route);
  try {
    await pay(payer);
    await turnsToPaid(payer);
    await goesBackToTheShop(payer);
    expect(payer.troubles.filter((text) => !noise?.test(text))).toEqual([]);
  } finally {
    await payer.close();
  }
}

/** The page asks by itself and nobody presses anything; how soon a busy machine draws the answer is not judged here. */
async function turnsToPaid(payer: Payer): Promise<void> {
  await payer.page.waitForSelector(screenOf('paid'), { timeout: 15_000 });
  const known = await payment(payer);
  expect(known).toMatchObject({ status: 'paid', flags: [], livemode: false });
  const { paymentNo } = payer;
  expect(payer.screens[0]).toMatchObject({ paymentNo, status: 'pending' });
  expect(payer.screens.map(({ method }) => method)).toContain(text(known, 'method'));
}

async function goesBackToTheShop({ page, paymentNo }: Payer): Promise<void> {
  await page.click('[data-continue]');
  await page.waitForURL(`${stage.demo.shopUrl}/thanks?**`);
  const arrived = new URL(page.url()).searchParams;
  expect([arrived.get('payment_no'), arrived.get('status')]).toEqual([paymentNo, 'paid']);
  await heardAt(page, paymentNo);
}
