import { signPayload } from '../../src/simulator/stripe/events.ts';
import type { TestApp } from '../support/app.ts';
import { START } from '../support/clock.ts';
import { ACCEPTED, flipsOfBody, flipsOfHeader, PAID, refuse, thinOut } from './changes.ts';
import { type CallbackKind, type Change, describeGateway, type Target } from './contract.ts';
import {
  eventData,
  intentData,
  JSON_TYPE,
  keysOf,
  makeEvent,
  makeForeignEvent,
  makeUnsigned,
  SIGNATURE,
  signed,
  THEIR_SECRET,
  WEBHOOK_SECRET,
  write,
} from './stripe-callbacks.ts';
import { mutationsOfSigned, mutationsOfUnsigned } from './stripe-mutations.ts';

const NOW = START / 1000;
const UNPROVED = refuse('Stripe webhook signature is invalid.', 'STRIPE_WEBHOOK_SIGNATURE_INVALID');

function* variantsOfSigned(target: Target): Generator<Change> {
  const event = eventData(target, PAID);
  const intent = intentData(target, PAID);
  const body = write(event);
  const genuine = signed(body);
  const withHeader = (what: string, header: string): Change => ({
    what,
    post: { ...genuine, headers: { [SIGNATURE]: header } },
  });
  const v1 = signPayload(WEBHOOK_SECRET, NOW, body);
  yield { what: 'no spaces', post: signed(JSON.stringify(event)) };
  yield { what: 'letters written as numbers', post: signed(body.replaceAll('succeeded', 'succe\\u0065ded')) };
  yield { what: 'a line break behind', post: signed(`${body}\n`) };
  yield { what: 'text of any language', post: signed(write({ ...event, note: '茶 + 壺 😀' })) };
  yield { what: 'no metadata', post: signed(write(eventData(target, PAID, { ...intent, metadata: {} }))) };
  yield {
    what: 'several ways to pay',
    post: signed(write(eventData(target, PAID, { ...intent, payment_method_types: ['card', 'link'] }))),
  };
  yield { what: 'no time of payment', post: signed(write({ ...event, created: undefined })) };
  yield { what: 'five minutes old', post: signed(body, WEBHOOK_SECRET, NOW - 300) };
  yield { what: 'ahead of our clock', post: signed(body, WEBHOOK_SECRET, NOW + 600) };
  yield withHeader('two secrets while one is exchanged', `t=${NOW},v1=${signPayload('whsec_old', NOW, body)},v1=${v1}`);
  yield withHeader('an old kind of signature beside it', `t=${NOW},v1=${v1},v0=${'0'.repeat(64)}`);
  yield withHeader('the time behind', `v1=${v1},t=${NOW}`);
  yield { what: 'a charset', post: { ...genuine, type: `${JSON_TYPE}; charset=utf-8` } };
  yield { what: 'no content type worth the name', post: { ...genuine, type: 'text/plain' } };
  yield { what: 'something in the address', post: { ...genuine, query: 'x=1' } };
}

/** What is around the event and not signed with it. */
function* around(post: ReturnType<typeof makeEvent>): Generator<Change> {
  const header = post.headers?.[SIGNATURE] ?? '';
  yield { what: 'another word for it in the address', post: { ...post, query: 'type=payment_intent.succeeded' } };
  yield { what: 'another type', post: { ...post, type: 'application/x-www-form-urlencoded' } };
  yield { what: 'more in the header', post: { ...post, headers: { [SIGNATURE]: `${header},x=1,v1=0` } } };
}

const signedEvent: CallbackKind = {
  name: 'a signed event',
  route: 'stripe/credit',
  order: (mode) => ({ gateway_credentials: { ...keysOf(mode), webhook_secret: WEBHOOK_SECRET } }),
  says: ['declined'],
  proof: 'callback',
  make: makeEvent,
  makeForeign: makeForeignEvent,
  flips: (post) => [...flipsOfBody(post), ...flipsOfHeader(post, SIGNATURE)],
  unseenFlips: around,
  mutations: mutationsOfSigned,
  variants: variantsOfSigned,
  accept: ACCEPTED,
  unknown: ACCEPTED,
  unproved: UNPROVED,
  crossed: refuse('Stripe PaymentIntent mismatch.'),
  mismatch: { answer: refuse('Stripe amount mismatch.'), flags: ['mismatch', 'attention'] },
};

/** The simulator is told what is true, and tells nobody. */
async function makeTrue(app: TestApp, target: Target, fact: string): Promise<void> {
  await app.simulate(target.orderNo, fact === 'paid' ? 'pay' : 'decline', { callback: false });
}

/** No secret was ever given for this account and nobody signed: a hint, acknowledged when Stripe says that it is paid. */
const unsignedEvent: CallbackKind = {
  ...signedEvent,
  name: 'an event that nothing proves',
  route: 'stripe/alipay',
  order: (mode) => ({ currency: 'CNY', gateway_credentials: keysOf(mode, '51NoSecret') }),
  says: [],
  proof: 'gateway',
  make: async (target, say, app) => {
    await makeTrue(app, target, say.fact);
    return makeUnsigned(target, say);
  },
  flips: () => [],
  unseenFlips: (post) => thinOut(flipsOfBody(post)),
  mutations: mutationsOfUnsigned,
  variants: async (target, app) => {
    await makeTrue(app, target, 'paid');
    const { body } = makeUnsigned(target, PAID);
    return [
      { what: 'no spaces', post: { type: JSON_TYPE, body: JSON.stringify(eventData(target, PAID)) } },
      { what: 'signed by anybody', post: signed(String(body), 'whsec_anybody') },
      {
        what: 'about its charge',
        post: {
          type: JSON_TYPE,
          body: JSON.stringify({ data: { object: { id: 'ch_1', object: 'charge', payment_intent: target.tradeNo } } }),
        },
      },
    ];
  },
  hint: {
    make: (target) => makeUnsigned(target, PAID),
    pay: (target, app) => makeTrue(app, target, 'paid'),
    answer: UNPROVED,
  },
};
const { makeForeign: _, crossed: __, mismatch: ___, ...unproved } = unsignedEvent;

describeGateway({
  id: 'stripe',
  kinds: [signedEvent, unproved],
  order: (mode) => ({ amount: 98_000, gateway_credentials: { ...keysOf(mode), webhook_secret: WEBHOOK_SECRET } }),
  refusal: {
    status: 400,
    type: JSON_TYPE,
    text: /^\{"success":false,"message":"[^"]+","error":\{"error_code":"(WEBHOOK_REFUSED|STRIPE_WEBHOOK_SIGNATURE_INVALID|INVALID_JSON)"\}\}$/,
  },
  foreign: {
    route: 'stripe/credit',
    credentials: { ...keysOf('test'), secret_key: 'sk_test_51Theirs', webhook_secret: THEIR_SECRET },
  },
  creating: { route: 'stripe/credit', callPath: '/v1/payment_intents', otherAmount: 60_000 },
});
