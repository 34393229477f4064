import { t } from 'elysia';
import { buildNotification } from '../../core/notification.ts';
import { ANSWER_TIME, RETRY_DELAYS } from '../../core/notification-retry.ts';
import type { NotificationEvent, Payment } from '../../core/payment.ts';
import { HOUR, MINUTE, SECOND } from '../../core/time.ts';
import { signNotification } from '../../notify/sign.ts';
import { listMethods } from '../../payments/projects/projects.ts';
import { named, text, words } from '../schema/build.ts';
import { sharedFields } from '../schema/payment.ts';
import { joinParts } from './describe.ts';
import { EXAMPLE_DETAILS, examplePayment, GATEWAY_TRADE_NO, markPaid, type Source } from './examples.ts';
import { asSchema, type Operation, type Parameter, type PathItem, TAGS } from './types.ts';

interface Told {
  readonly event: NotificationEvent;
  readonly summary: string;
  readonly description: string;
  /** The payment of the example, from one that is paid. */
  readonly change?: Partial<Payment>;
  readonly more?: Readonly<Record<string, unknown>>;
}

const REFUND = { refund_no: 'RF260623ABCDEFGHIJKL', amount: 100, amount_decimal: '100.00', status: 'succeeded' };
const UNPAID = { paidAt: null, flags: [] } as const;

/** What PayCore tells a shop. */
const EVENTS: readonly Told[] = [
  {
    event: 'payment.paid',
    summary: 'A payment was paid',
    description: 'Sent to the payment’s `payok_url` when the money is certain, once for each payment.',
  },
  {
    event: 'payment.duplicate',
    summary: 'An order was paid twice',
    description: 'Money came for what was paid already: somebody has to give one of the two back.',
    change: { flags: ['duplicate', 'attention'] },
  },
  {
    event: 'payment.refunded',
    summary: 'Money went back',
    description: 'By `POST …/refunds` or in the gateway’s own back office; `refund` says which and how much.',
    change: { refunded: 10_000 },
    more: { refund: REFUND },
  },
  {
    event: 'payment.failed',
    summary: 'A payment failed',
    description: 'The gateway refused it for good, or it was cancelled.',
    change: { ...UNPAID, status: 'failed' },
  },
  {
    event: 'payment.expired',
    summary: 'A payment was not paid in time',
    description:
      'Its deadline and the gateway’s grace are over. Money that comes all the same makes it paid, flagged `late`.',
    change: { ...UNPAID, status: 'expired' },
  },
  {
    event: 'payment.attention',
    summary: 'A person should look at a payment',
    description: 'A wrong amount, a dispute, a second payment, a refund whose outcome nobody can tell.',
    change: { flags: ['attention'] },
  },
];

/** All but one are for projects that want them. */
const OPTIONAL =
  'Sent when the project has asked for it: `paycore project set --events`. It has the fields of `payment.paid`, and is signed and sent again like it.';

/** The body of every notification. */
const notificationSchema = named(
  'Notification',
  t.Object({
    event: words(
      EVENTS.map(({ event }) => event),
      { description: 'What happened.' },
    ),
    ...sharedFields,
    refund: t.Optional(
      t.Object(
        {
          refund_no: text('PayCore’s number of the refund.'),
          amount: t.Number({ description: 'In the unit of the payment’s own `amount`.' }),
          amount_decimal: sharedFields.amount_decimal,
          status: words(['pending', 'succeeded', 'failed', 'unknown'], { description: 'What became of it so far.' }),
        },
        { description: 'The refund that it is about, if it is about one.' },
      ),
    ),
  }),
);

export function describeNotifications(source: Source): Readonly<Record<string, PathItem>> {
  return Object.fromEntries(EVENTS.map((event) => [event.event, { post: describeEvent(source, event) }]));
}

function describeEvent(source: Source, told: Told): Operation {
  const { event, summary, description } = told;
  const body = exampleBody(source, told);
  return {
    operationId: `notify${event.replace(/(?:^|\.)[a-z]/g, (start) => start.slice(-1).toUpperCase())}`,
    tags: [TAGS.notifications],
    summary,
    ...joinParts({ description, notes: event === 'payment.paid' ? RULES : [OPTIONAL] }),
    security: [],
    parameters: describeHeaders(body),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: asSchema(notificationSchema),
          example: JSON.parse(body),
        },
      },
    },
    responses: {
      '2XX': { description: 'Received. The body of the answer is not read.' },
      default: {
        description:
          'Anything else, a redirect too, makes PayCore send it again; `Retry-After` can make it wait longer.',
      },
    },
  };
}

function exampleBody({ gateways }: Source, { event, change, more }: Told): string {
  const [first] = listMethods(gateways);
  if (!first) return '{}';
  const payment = { ...markPaid(examplePayment(first)), ...change };
  const status = payment.status === 'paid' ? 'paid' : 'ended';
  const attempt = { gatewayTradeNo: GATEWAY_TRADE_NO, status, paidDetails: EXAMPLE_DETAILS } as const;
  return buildNotification(event, payment, attempt, more);
}

function tell(ms: number): string {
  const [size, unit] = ms < MINUTE ? [SECOND, 's'] : ms < HOUR ? [MINUTE, 'min'] : [HOUR, 'h'];
  return `${ms / size} ${unit}`;
}

const RULES = [
  'Signed as [Standard Webhooks](https://www.standardwebhooks.com/) has it: HMAC-SHA256 over `webhook-id`, `webhook-timestamp` and the body’s bytes, joined by dots; the key is what stands behind `whsec_` in the project’s notification secret, base64-decoded. Check it before you believe a word, and refuse timestamps that are minutes off.',
  `Without an answer of 2xx within ${tell(ANSWER_TIME)} it is sent again after ${RETRY_DELAYS.map(tell).join(', ')} (each more or less by a fifth). Body and \`webhook-id\` stay the same in every try: keep the ids you have handled. The order of notifications is not promised.`,
];

/** A secret that nobody uses, for the example of a signature. */
const SECRET = `whsec_${Buffer.from('paycore-example-secret!!').toString('base64')}`;
const SENT_AT = Date.UTC(2026, 5, 23, 10, 30) / 1000;

function describeHeaders(body: string): readonly Parameter[] {
  const examples = signNotification([SECRET], 'msg_2b7QmZ4xT0sVnL8kYc1RdE', SENT_AT, body);
  const header = (name: keyof typeof examples, description: string): Parameter => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
    example: examples[name],
  });
  return [
    header('webhook-id', 'Names the notification; the same in every try.'),
    header('webhook-timestamp', 'When this try was made, seconds since 1970.'),
    header(
      'webhook-signature',
      'One or more signatures, separated by blanks: `v1,` and base64. For 24 hours after the secret was rotated there are two, the first by the new secret; one that is right is enough.',
    ),
  ];
}
