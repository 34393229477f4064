import { LINK_STATES } from '../../core/link.ts';
import { PAGE_FIELDS } from '../../core/payment-query.ts';
import { LINK_FIELDS } from '../../payments/links/fields.ts';
import { describeErrors, POST_ERRORS } from './errors.ts';
import type { Source } from './example.ts';
import { describeParameters, nextCursor } from './listing.ts';
import { describeFields, describeJson, describeObject, describeSuccess } from './schema.ts';
import { COMMON_TAG, type Operation, type Parameter, type Route, refer, type Schema } from './types.ts';

const LINK_NO_EXAMPLE = 'LNKq3Wz8RfT1kVb6YxN0sHc4m';
const NEXT = 'pX2mVd9sQ7rYk0LbT5wHc3nJfGzE8uAi';
const PATH = '/api/paycore/links';

const instant: Schema = { type: ['string', 'null'], format: 'date-time' };
const amount: Schema = { type: ['number', 'null'] };
const address: Schema = { type: ['string', 'null'], format: 'uri', description: 'As you sent it.' };

const linkSchema: Schema = describeObject({
  link_no: { type: 'string', pattern: '^LNK[A-Za-z0-9]{22}$', description: 'PayCore’s number of the link.' },
  link_url: { type: 'string', format: 'uri', description: 'What you hand out. Whoever knows it can pay.' },
  title: { type: 'string' },
  status: {
    type: 'string',
    enum: LINK_STATES,
    description: '`open`: it can be paid through. `used`: single use, and paid. `closed`: by you. `expired`: by time.',
  },
  livemode: { type: 'boolean', description: 'False for links of a test key: nothing paid through them is real money.' },
  amount: { ...amount, description: 'In whole units of the currency; null: the payer enters it.' },
  amount_decimal: { type: ['string', 'null'], description: 'The same as text, with all decimals of the currency.' },
  min_amount: amount,
  max_amount: amount,
  currency: { type: 'string', description: 'ISO 4217 code.' },
  single_use: { type: 'boolean' },
  paid_count: { type: 'integer', description: 'Payments of it that were paid.' },
  paid_amount: { type: 'number', description: 'What was paid through it, before refunds, in whole units.' },
  item_name: { type: ['string', 'null'] },
  success_url: address,
  cancel_url: address,
  payok_url: address,
  metadata: { type: 'object', additionalProperties: { type: 'string' }, description: 'As you sent it.' },
  expires_at: instant,
  closed_at: instant,
  created_at: { type: 'string', format: 'date-time' },
});

function exampleLink({ publicUrl }: Source): Readonly<Record<string, unknown>> {
  return {
    link_no: LINK_NO_EXAMPLE,
    link_url: `${publicUrl}/zh-tw/link/${LINK_NO_EXAMPLE}`,
    title: '手沖課程報名費',
    status: 'open',
    livemode: true,
    amount: 980,
    amount_decimal: '980.00',
    min_amount: null,
    max_amount: null,
    currency: 'TWD',
    single_use: false,
    paid_count: 0,
    paid_amount: 0,
    item_name: null,
    success_url: null,
    cancel_url: null,
    payok_url: 'https://merchant.example/paycore/payok',
    metadata: { course: '7' },
    expires_at: '2026-12-31T23:59:59+08:00',
    closed_at: null,
    created_at: '2026-06-22T15:30:00+08:00',
  };
}

const REQUEST = {
  title: '手沖課程報名費',
  amount: 980,
  payok_url: 'https://merchant.example/paycore/payok',
  expires_at: '2026-12-31',
  metadata: { course: '7' },
};

const LINK_NO: Parameter = {
  name: 'linkNo',
  in: 'path',
  required: true,
  description: '`link_no` of the link.',
  schema: { type: 'string' },
  example: LINK_NO_EXAMPLE,
};

/** Payment links. */
export function describeLinks(source: Source): readonly Route[] {
  const answer = (description: string, message: string, change: object = {}) =>
    describeJson(describeSuccess(refer('schemas', 'PaymentLink')), description, {
      success: true,
      data: { ...exampleLink(source), ...change },
      message,
    });
  return [
    {
      verb: 'post',
      path: PATH,
      schemas: { PaymentLink: linkSchema },
      operation: {
        ...describeCreate(),
        responses: {
          '201': answer('The link was made.', 'Payment link created'),
          ...describeErrors([...POST_ERRORS, 'VALIDATION_FAILED']),
        },
      },
    },
    { verb: 'get', path: PATH, operation: describeList(source) },
    {
      verb: 'get',
      path: `${PATH}/{linkNo}`,
      operation: {
        operationId: 'getLink',
        tags: [COMMON_TAG],
        summary: 'Query a payment link',
        description: 'A key sees the links of its own project and of its own kind, live or test.',
        parameters: [LINK_NO],
        responses: {
          '200': answer('The link.', 'Payment link found'),
          ...describeErrors(['API_KEY_INVALID', 'LINK_NOT_FOUND', 'RATE_LIMITED', 'INTERNAL_ERROR']),
        },
      },
    },
    {
      verb: 'post',
      path: `${PATH}/{linkNo}/close`,
      operation: {
        ...describeClose(),
        responses: {
          '200': answer('The link, which is closed.', 'Payment link closed', {
            status: 'closed',
            closed_at: '2026-06-25T10:00:00+08:00',
          }),
          ...describeErrors([...POST_ERRORS, 'LINK_NOT_FOUND']),
        },
      },
    },
  ];
}

function describeCreate(): Omit<Operation, 'responses'> {
  return {
    operationId: 'createLink',
    tags: [COMMON_TAG],
    summary: 'Create a payment link',
    description: [
      'An address to hand out, in a chat or on paper: its page shows shop, title and amount, and makes an All-in-One payment for the payer. Each payment’s `merchant_order_no` is `link_no` with a number behind it (`LNK…-0001`), so `GET /api/paycore/payments?number=LNK…` lists them; they are notified like all others.',
      'With `single_use` there is one payment: everybody who opens the link goes on with it. Before a way to pay was chosen, another amount replaces it (the earlier one ends as `CANCELLED`). When it expires or fails the link is open again; money that comes for it all the same is flagged `late`, and a second payment `duplicate`.',
      'A link that is closed or expired begins no payment; what was begun before can still be paid. Send an `Idempotency-Key`: without one, the same request again is another link.',
    ].join('\n\n'),
    parameters: [refer('parameters', 'Idempotency-Key')],
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: describeObject(describeFields(LINK_FIELDS), ['title']), example: REQUEST },
      },
    },
  };
}

function describeList(source: Source): Operation {
  return {
    operationId: 'listLinks',
    tags: [COMMON_TAG],
    summary: 'List payment links',
    description:
      'The links of this key’s project and kind, newest first. Go on with `cursor` while `next_cursor` is not null.',
    parameters: describeParameters(PAGE_FIELDS),
    responses: {
      '200': describeJson(
        describeSuccess(
          describeObject({
            links: { type: 'array', items: refer('schemas', 'PaymentLink') },
            next_cursor: nextCursor,
          }),
        ),
        'One page.',
        { success: true, data: { links: [exampleLink(source)], next_cursor: NEXT }, message: 'Payment links found' },
      ),
      ...describeErrors(['API_KEY_INVALID', 'VALIDATION_FAILED', 'RATE_LIMITED', 'INTERNAL_ERROR']),
    },
  };
}

function describeClose(): Omit<Operation, 'responses'> {
  return {
    operationId: 'closeLink',
    tags: [COMMON_TAG],
    summary: 'Close a payment link',
    description:
      'Nobody can begin to pay through it any more. A payment that was begun can still be paid; cancel it to end it. Closing again changes nothing.',
    parameters: [LINK_NO, refer('parameters', 'Idempotency-Key')],
    requestBody: {
      required: true,
      description: 'An empty object.',
      content: { 'application/json': { schema: { type: 'object' }, example: {} } },
    },
  };
}
