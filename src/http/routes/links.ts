import { Elysia, t } from 'elysia';
import { PAGE_FIELDS } from '../../core/payment-query.ts';
import type { Deps } from '../../deps.ts';
import { LINK_FIELDS } from '../../payments/links/fields.ts';
import { closeLink, createLink, findOwnLink, listLinks, serializeLink } from '../../payments/links/links.ts';
import { queryOf } from '../address.ts';
import { succeed } from '../answer.ts';
import type { Api } from '../api.ts';
import { answer, describe, EMPTY_BODY, fieldsBody, REPEATABLE, told } from '../openapi/describe.ts';
import { GET_ERRORS, POST_ERRORS } from '../openapi/errors.ts';
import { TAGS } from '../openapi/types.ts';
import { fieldSchemas } from '../schema/fields.ts';
import { type LinkData, linkSchema } from '../schema/link.ts';
import { listPage } from '../schema/list.ts';

const LINK_NO = 'LNKq3Wz8RfT1kVb6YxN0sHc4m';
const NEXT = 'pX2mVd9sQ7rYk0LbT5wHc3nJfGzE8uAi';

function exampleLink({ publicUrl }: Pick<Deps, 'publicUrl'>): LinkData {
  return {
    link_no: LINK_NO,
    link_url: `${publicUrl}/zh-tw/link/${LINK_NO}`,
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

const CLOSED = { status: 'closed', closed_at: '2026-06-25T10:00:00+08:00' } as const;

const linkNo = t.String({ description: '`link_no` of the link.', examples: [LINK_NO] });

/** Payment links: made, looked through and closed by a shop. */
export function linkRoutes(deps: Deps, api: Api) {
  return new Elysia()
    .post(
      '/api/paycore/links',
      ({ request }) =>
        api.post(request, async ({ caller, body }) =>
          succeed(await createLink(deps, caller, body), 'Payment link created', 201),
        ),
      describe({
        operationId: 'createLink',
        tag: TAGS.links,
        summary: 'Create a payment link',
        description: CREATING,
        highlights: ['link_no', 'link_url', 'status=open'],
        headers: REPEATABLE,
        body: fieldsBody(LINK_FIELDS, { example: REQUEST }),
        answers: { 201: linkAnswer(deps, 'The link was made.', 'Payment link created') },
        errors: [...POST_ERRORS, 'VALIDATION_FAILED'],
      }),
    )
    .get(
      '/api/paycore/links',
      ({ request }) =>
        api.get(request, async ({ caller }) =>
          succeed(await listLinks(deps, caller, queryOf(request)), 'Payment links found'),
        ),
      describe({
        operationId: 'listLinks',
        tag: TAGS.links,
        summary: 'List payment links',
        description: LISTING,
        highlights: ['links', 'next_cursor'],
        query: fieldSchemas(PAGE_FIELDS),
        answers: { 200: pageAnswer(deps) },
        errors: [...GET_ERRORS, 'VALIDATION_FAILED'],
      }),
    )
    .get(
      '/api/paycore/links/:linkNo',
      ({ request, params }) =>
        api.get(request, async ({ caller }) =>
          succeed(serializeLink(deps, await findOwnLink(deps, caller, params.linkNo)), 'Payment link found'),
        ),
      describe({
        operationId: 'getLink',
        tag: TAGS.links,
        summary: 'Query a payment link',
        description: 'A key sees the links of its own project and of its own kind, live or test.',
        highlights: ['status', 'paid_count', 'paid_amount'],
        params: { linkNo },
        answers: { 200: linkAnswer(deps, 'The link.', 'Payment link found') },
        errors: [...GET_ERRORS, 'LINK_NOT_FOUND'],
      }),
    )
    .post(
      '/api/paycore/links/:linkNo/close',
      ({ request, params }) =>
        api.post(request, async ({ caller }) =>
          succeed(await closeLink(deps, caller, params.linkNo), 'Payment link closed'),
        ),
      describe({
        operationId: 'closeLink',
        tag: TAGS.links,
        summary: 'Close a payment link',
        description: CLOSING,
        highlights: ['status=closed', 'closed_at'],
        params: { linkNo },
        headers: REPEATABLE,
        body: EMPTY_BODY,
        answers: { 200: linkAnswer(deps, 'The link, which is closed.', 'Payment link closed', CLOSED) },
        errors: [...POST_ERRORS, 'LINK_NOT_FOUND'],
      }),
    );
}

function pageAnswer(deps: Deps) {
  return answer(listPage('links', linkSchema, 'Newest first.'), {
    description: 'One page.',
    example: told(() => ({ links: [exampleLink(deps)], next_cursor: NEXT }), 'Payment links found'),
  });
}

function linkAnswer(deps: Deps, description: string, message: string, change: Partial<LinkData> = {}) {
  return answer(linkSchema, { description, example: told(() => ({ ...exampleLink(deps), ...change }), message) });
}

const LISTING =
  'The links of this key’s project and kind, newest first. Go on with `cursor` while `next_cursor` is not null.';
const CLOSING =
  'Nobody can begin to pay through it any more. A payment that was begun can still be paid; cancel it to end it. Closing again changes nothing.';
const CREATING = [
  'An address to hand out, in a chat or on paper: its page shows shop, title and amount, and makes an All-in-One payment for the payer. Each payment’s `merchant_order_no` is `link_no` with a number behind it (`LNK…-0001`), so `GET /api/paycore/payments?number=LNK…` lists them; they are notified like all others.',
  'With `single_use` there is one payment: everybody who opens the link goes on with it. Before a way to pay was chosen, another amount replaces it (the earlier one ends as `CANCELLED`). When it expires or fails the link is open again; money that comes for it all the same is flagged `late`, and a second payment `duplicate`.',
  'A link that is closed or expired begins no payment; what was begun before can still be paid. Send an `Idempotency-Key`: without one, the same request again is another link.',
  'Anybody who has the address can begin payments. Those for which nothing was opened at a gateway are dropped a week after they ended, or when five thousand newer ones of the same link wait; others that ended unpaid half a year later. What was paid or flagged stays.',
].join('\n\n');
