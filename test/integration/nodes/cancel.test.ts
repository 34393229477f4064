import { afterEach, expect, test } from 'bun:test';
import { createShop } from '../../gateways/paypal-shop.ts';
import type { TestApp } from '../../support/app.ts';
import { startChoice } from '../../support/choice.ts';
import { holdCalls } from '../../support/held.ts';
import { countAnswers, hasPostgres, until, useTwoNodes } from '../../support/two-nodes.ts';

/** A shop that cancels while another node takes the money. */

const started: TestApp[] = [];
const nodes = useTwoNodes((options) => startChoice(started, options));
const released: (() => void)[] = [];
afterEach(() => {
  for (const release of released.splice(0)) release();
});

/** PayPal is being asked to capture what its payer has approved. */
async function capture() {
  const { app } = nodes;
  const shop = createShop(app);
  const { no, tradeNo } = await shop.sell();
  await shop.arrange(tradeNo, 'completed');
  await shop.approve(tradeNo);
  const held = holdCalls(app, (path) => path.endsWith('/capture'));
  released.push(() => held.release());
  const back = shop.handleReturn(shop.wayBack(tradeNo));
  await held.arrived;
  return { no, back, release: held.release };
}

async function cancel(no: string) {
  const { app, second } = nodes;
  const headers = { 'x-api-key': app.keys.test.api_key, 'content-type': 'application/json' };
  const response = await second(`/api/paycore/payments/${no}/cancel`, { method: 'POST', headers, body: '{}' });
  const { error } = (await response.json()) as { error?: { error_code: string } };
  return [response.status, error?.error_code];
}

const busy = () => new Response('busy', { status: 500 });

test.skipIf(!hasPostgres).each([
  ['paid', undefined, [409, 'PAYMENT_ALREADY_PAID']],
  ['in progress when nobody knows how it ended', busy, [409, 'PAYMENT_IN_PROGRESS']],
] as const)('a capture of the other node is waited for, and is then %s', async (_, answer, told) => {
  const { no, back, release } = await capture();
  const looks = countAnswers(nodes.program.deps.store, 'findAttempt');
  const cancelling = cancel(no);
  await until(() => looks() > 1);
  // Whoever asks once more hears no more.
  nodes.app.gateway.answer = ({ path }) => (answer && path.endsWith('/capture') ? answer() : null);
  release(answer);
  await back;
  expect(await cancelling).toEqual([...told]);
});
