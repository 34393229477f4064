import type { NextStep } from '../../core/attempt.ts';
import { formatInstant } from '../../core/time.ts';
import { type CreateInput, type GatewayContext, GatewayGarbage } from '../gateway.ts';
import { callPaypal, isDone, refusalOf } from './client.ts';
import { type Fields, textOf } from './json.ts';
import { toPaypalMoney } from './money.ts';
import { type PaypalOrder, readOrder, requireAmount } from './order.ts';
import { cutText } from './text.ts';

const TIMEOUT_MS = 30_000;
const MAX_DESCRIPTION = 127;
/** PayPal’s own pages speak no Malay (PayPal documentation, "Locale codes"). */
const LOCALES = {
  'zh-tw': 'zh-TW',
  'zh-cn': 'zh-CN',
  en: 'en-US',
  ja: 'ja-JP',
  ko: 'ko-KR',
  th: 'th-TH',
  ms: 'en-US',
} as const satisfies Record<CreateInput['locale'], string>;

/**
 * Opens an order for the payer to approve (PayPal Orders v2, create order). The attempt's number is the
 * PayPal-Request-Id, so that the same call made again is answered with the same order.
 */
export async function createOrder(input: CreateInput, ctx: GatewayContext): Promise<NextStep> {
  const { payment, secrets, gatewayOrderNo, deadline } = input;
  const answer = await callPaypal(
    {
      environment: payment.environment,
      secrets,
      path: '/v2/checkout/orders',
      body: JSON.stringify(buildOrder(input, ctx)),
      requestId: gatewayOrderNo,
      timeoutMs: TIMEOUT_MS,
    },
    ctx,
  );
  if (!isDone(answer)) throw refusalOf(answer);
  const order = readOrder(answer.body, payment);
  requireAmount(order, payment);
  const url = findApproval(order, ctx.originOf('api', payment.environment));
  if (url === null) throw new GatewayGarbage('PayPal’s order has no address for the payer');
  const instructions = { type: 'redirect', url, expireAt: formatInstant(deadline) } as const;
  return { type: 'instructions', instructions, tradeNo: order.id };
}

function buildOrder({ payment, gatewayOrderNo, locale }: CreateInput, { urls }: GatewayContext): Fields {
  const { paymentNo, amount, currency, order } = payment;
  const description = cutText(order.itemName ?? order.description ?? '', MAX_DESCRIPTION);
  return {
    intent: 'CAPTURE',
    purchase_units: [
      {
        reference_id: gatewayOrderNo,
        custom_id: paymentNo,
        // The same for all orders of a payment: PayPal captures an invoice once, however many the payer approved.
        invoice_id: paymentNo,
        ...(description === '' ? {} : { description }),
        amount: toPaypalMoney(amount, currency),
      },
    ],
    payment_source: {
      paypal: {
        experience_context: {
          return_url: urls.browserReturn,
          cancel_url: `${urls.browserReturn}&cancelled=1`,
          user_action: 'PAY_NOW',
          shipping_preference: 'NO_SHIPPING',
          locale: LOCALES[locale],
        },
      },
    },
  };
}

/** Where the payer approves: `payer-action` for orders with a payment source, `approve` for others. */
const APPROVAL = ['payer-action', 'approve'];
const MAX_URL = 2000;

/** A browser is sent there, so only to https, or to where the operator himself has put PayPal. */
function findApproval({ links }: PaypalOrder, origin: string): string | null {
  const hrefs = links.filter(({ rel }) => APPROVAL.includes(textOf(rel))).map(({ href }) => textOf(href));
  const isGood = (href: string) => {
    if (href.length > MAX_URL || !URL.canParse(href)) return false;
    const url = new URL(href);
    return url.username === '' && (url.protocol === 'https:' || url.origin === origin);
  };
  return hrefs.find(isGood) ?? null;
}
