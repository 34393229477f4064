import { buildNotification } from '../../core/notification.ts';
import type { NotificationEvent } from '../../core/payment.ts';
import { RETRY_DELAYS } from '../../core/retry.ts';
import { HOUR, MINUTE, SECOND } from '../../core/time.ts';
import { signNotification } from '../../notify/sign.ts';
import { examplePayment, GATEWAY_TRADE_NO, markPaid, type Source } from './example.ts';
import { sharedFields } from './payment.ts';
import { describeObject } from './schema.ts';
import { type Operation, type Parameter, type PathItem, refer, type Schema, WEBHOOKS_TAG } from './types.ts';

/** What PayCore tells a shop. */
const EVENTS: readonly { readonly event: NotificationEvent; readonly summary: string; readonly description: string }[] =
  [
    {
      event: 'payment.paid',
      summary: 'A payment was paid',
      description: 'Sent to the payment’s `payok_url` when the money is certain, once for each payment.',
    },
  ];

/** The body of every notification. */
export const notificationSchema: Schema = describeObject({
  event: { type: 'string', enum: EVENTS.map(({ event }) => event), description: 'What happened.' },
  ...sharedFields,
});

export function describeNotifications(source: Source): Readonly<Record<string, PathItem>> {
  return Object.fromEntries(EVENTS.map((event) => [event.event, { post: describeEvent(source, event) }]));
}

function describeEvent(source: Source, { event, summary, description }: (typeof EVENTS)[number]): Operation {
  const body = exampleBody(source, event);
  return {
    operationId: `notify${event.replace(/(?:^|\.)[a-z]/g, (start) => start.slice(-1).toUpperCase())}`,
    tags: [WEBHOOKS_TAG],
    summary,
    description: `${description}\n\n${RULES}`,
    security: [],
    parameters: describeHeaders(body),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: refer('schemas', 'Notification'),
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

function exampleBody({ gateways }: Source, event: NotificationEvent): string {
  const [gateway] = gateways;
  const [method] = gateway?.methods ?? [];
  if (!gateway || !method) return '{}';
  return buildNotification(event, markPaid(examplePayment({ gateway, method })), GATEWAY_TRADE_NO);
}

function tell(ms: number): string {
  const [size, unit] = ms < MINUTE ? [SECOND, 's'] : ms < HOUR ? [MINUTE, 'min'] : [HOUR, 'h'];
  return `${ms / size} ${unit}`;
}

const RULES = [
  'Signed as [Standard Webhooks](https://www.standardwebhooks.com/) has it: HMAC-SHA256 over `webhook-id`, `webhook-timestamp` and the body’s bytes, joined by dots; the key is what stands behind `whsec_` in the project’s notification secret, base64-decoded. Check it before you believe a word, and refuse timestamps that are minutes off.',
  `Without an answer of 2xx within ten seconds it is sent again after ${RETRY_DELAYS.map(tell).join(', ')} (each more or less by a fifth). Body and \`webhook-id\` stay the same in every try: keep the ids you have handled. The order of notifications is not promised.`,
].join('\n\n');

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
