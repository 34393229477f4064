import type { TestApp } from '../support/app.ts';
import { ACCEPTED, flipsOfBody, flipsOfHeader, refuse, thinOut } from './changes.ts';
import {
  type CallbackKind,
  type Change,
  describeGateway,
  type GatewayContract,
  type Mode,
  type Target,
} from './contract.ts';
import { forgeEvent, makeEvent, makeForeignEvent, OURS, WEBHOOK_ID } from './paypal-callbacks.ts';
import { mutationsOf } from './paypal-mutations.ts';

const UNPROVED = refuse('PayPal webhook verification failed.', 'PAYPAL_WEBHOOK_VERIFY_FAILED');

const credentials = (mode: Mode) => ({ ...OURS, environment: mode === 'live' ? 'live' : 'sandbox' });

async function listVariants(target: Target, app: TestApp): Promise<readonly Change[]> {
  const post = await makeEvent(target, { fact: 'paid' }, app);
  const again = await makeEvent(target, { fact: 'paid', again: true }, app);
  return [
    { what: 'the event', post },
    { what: 'an event about the same', post: again },
    { what: 'a charset', post: { ...post, type: `${post.type}; charset=utf-8` } },
    { what: 'no content type worth the name', post: { ...post, type: 'text/plain' } },
    { what: 'an address with more in it', post: { ...post, query: 'x=1' } },
    { what: 'more headers', post: { ...post, headers: { ...post.headers, 'x-more': '1' } } },
  ];
}

/** What the event says never counts: PayPal is asked for the order, and captures it when the payer has approved. */
const verified: CallbackKind = {
  name: 'an event of an account with a webhook_id',
  route: 'paypal/checkout',
  says: ['declined'],
  proof: 'gateway',
  make: makeEvent,
  makeForeign: (target, _say, names, app) => makeForeignEvent(target, names, app),
  flips: (post) => [
    ...thinOut(flipsOfBody(post)),
    ...Object.keys(post.headers ?? {})
      .filter((name) => name.startsWith('paypal-'))
      .flatMap((name) => thinOut(flipsOfHeader(post, name), 20)),
  ],
  unseenFlips: () => [],
  mutations: mutationsOf,
  variants: listVariants,
  // An event of another program that uses the same account.
  unknownOf: (target) => ({ ...target, paymentNo: 'CART-5', tradeNo: null }),
  accept: ACCEPTED,
  unknown: ACCEPTED,
  unproved: UNPROVED,
  hint: {
    // PayPal stands by it, and it tells another amount.
    make: (target, app) => forgeEvent(target, 'amount', app),
    pay: (target, app) => app.simulate(target.tradeNo ?? '', 'pay', { callback: false }),
    answer: ACCEPTED,
  },
};

const contract: GatewayContract = {
  id: 'paypal',
  kinds: [verified],
  order: (mode) => ({ gateway_credentials: { ...credentials(mode), webhook_id: WEBHOOK_ID } }),
  refusal: {
    status: 400,
    type: ACCEPTED.type,
    text: /^\{"success":false,"message":"[^"]+","error":\{"error_code":"(PAYPAL_WEBHOOK_VERIFY_FAILED|WEBHOOK_REFUSED)"\}\}$/,
  },
  foreign: {
    route: 'paypal/checkout',
    credentials: { ...OURS, client_secret: 'ANOTHER_SECRET', environment: 'sandbox' },
  },
  creating: { route: 'paypal/checkout', callPath: '/v2/checkout/orders', otherAmount: '981' },
};

describeGateway(contract);

/** Nobody can prove such an event, so it is a reason to ask and nothing more: a changed one is as good as itself. */
const { makeForeign: _nobodyProves, ...others } = verified;
const unverified: CallbackKind = {
  ...others,
  name: 'an event of an account without a webhook_id',
  flips: () => [],
  // What came before in the same bytes is known, and no reason to ask again.
  mutations: async (target, app) => {
    const { body } = await makeEvent(target, { fact: 'paid' }, app);
    const genuine = Buffer.from(body);
    return (await mutationsOf(target, app)).filter(({ post }) => !genuine.equals(Buffer.from(post.body)));
  },
  unproved: ACCEPTED,
  hint: {
    make: (target, app) => forgeEvent(target, 'wrong-transmission', app),
    pay: (target, app) => app.simulate(target.tradeNo ?? '', 'pay', { callback: false }),
    answer: ACCEPTED,
  },
};

describeGateway({
  ...contract,
  kinds: [unverified],
  order: (mode) => ({ gateway_credentials: credentials(mode) }),
});
