import { seal, sealText } from '../../src/simulator/ecpay/envelope.ts';
import { STAGE } from '../support/app.ts';
import { PAID } from './changes.ts';
import { type CallbackKind, type Change, describeGateway, type Expected, type Post, type Target } from './contract.ts';
import type { Data } from './ecpay-callbacks.ts';
import * as wire from './ecpay-callbacks.ts';
import { caseFlipsOfForm, flipsOfForm, flipsOfSealed } from './ecpay-changes.ts';
import { mutationsOfForm, mutationsOfSealed } from './ecpay-mutations.ts';

const PLAIN = 'text/plain; charset=utf-8';

function* variantsOfForm(target: Target): Generator<Change> {
  const fields = wire.formFields(target, PAID);
  const signed = Object.entries(wire.sign(fields));
  const body = wire.encodePairs(signed);
  yield { what: 'fields in reverse', post: { type: wire.FORM, body: wire.encodePairs(signed.toReversed()) } };
  yield { what: 'a signature in lower case', post: wire.postForm({ ...fields, CheckMacValue: lower(fields) }) };
  yield {
    what: 'more fields, of mixed case',
    post: wire.postForm(wire.sign({ ...fields, gwsr: '1', card4no: '2222', eci: '0' })),
  };
  yield {
    what: 'signs that encoders disagree about',
    post: wire.postForm(wire.sign({ ...fields, CustomField2: "~'!*() _-.+ 茶😀" })),
  };
  yield { what: 'no CustomField1', post: wire.postForm(wire.sign({ ...fields, CustomField1: '' })) };
  yield { what: 'no trade number', post: wire.postForm(wire.sign({ ...fields, TradeNo: '' })) };
  yield { what: 'no usable date', post: wire.postForm(wire.sign({ ...fields, PaymentDate: '2026/13/45 99:99:99' })) };
  yield { what: 'no content type worth the name', post: { type: 'text/plain', body } };
  yield { what: 'a charset', post: { type: `${wire.FORM}; charset=utf-8`, body } };
  yield { what: 'an ampersand behind', post: { type: wire.FORM, body: `${body}&` } };
}

function lower(fields: Readonly<Record<string, string>>): string {
  return wire.sign(fields).CheckMacValue?.toLowerCase() ?? '';
}

function* variantsOfSealed(target: Target): Generator<Change> {
  const data = wire.sealedData(target, PAID);
  const order = data.OrderInfo as Data;
  const genuine = seal(data, wire.OURS);
  const withData = (change: Data) => wire.envelope(seal({ ...data, ...change }, wire.OURS));
  yield {
    what: 'RqHeader instead of RpHeader',
    post: wire.envelope(genuine, { RpHeader: undefined, RqHeader: { Timestamp: 1 } }),
  };
  yield { what: 'neither header', post: wire.envelope(genuine, { RpHeader: undefined }) };
  yield { what: 'spaces instead of plus signs', post: wire.envelope(genuine.replaceAll('+', ' ')) };
  yield { what: 'no TransCode', post: wire.envelope(genuine, { TransCode: undefined }) };
  yield { what: 'TransCode as text', post: wire.envelope(genuine, { TransCode: '1' }) };
  yield { what: 'MerchantID as a number', post: wire.envelope(genuine, { MerchantID: Number(wire.OURS.merchantId) }) };
  yield { what: 'MerchantID inside as a number', post: withData({ MerchantID: Number(wire.OURS.merchantId) }) };
  yield { what: 'RtnCode as text', post: withData({ RtnCode: '1' }) };
  yield { what: 'TradeAmt as text', post: withData({ OrderInfo: { ...order, TradeAmt: String(target.amount) } }) };
  yield { what: 'no payer', post: withData({ ATMInfo: null }) };
  yield { what: 'no CustomField', post: withData({ CustomField: null }) };
  yield { what: 'spaces in the JSON', post: wire.envelope(sealText(JSON.stringify(data, null, 2), wire.OURS)) };
  yield { what: 'no content type worth the name', post: { ...wire.envelope(genuine), type: 'text/html' } };
  yield { what: 'a charset', post: { ...wire.envelope(genuine), type: `${wire.JSON_TYPE}; charset=utf-8` } };
}

const ACCEPTED: Expected = { status: 200, type: PLAIN, text: '1|OK' };
const refuse = (message: string): Expected => ({ status: 400, type: PLAIN, text: `0|${message}` });

const common = {
  says: ['declined', 'issued', 'issued as paid', 'simulated', 'other trade number'],
  proof: 'callback',
  // The order number alone decides: CustomField still names a payment of ours.
  unknownOf: (target: Target) => ({ ...target, orderNo: `${target.orderNo.slice(0, -4)}0000` }),
  accept: ACCEPTED,
  merchant: refuse('ECPay MerchantID mismatch.'),
  mismatch: { answer: refuse('ECPay amount mismatch.'), flags: ['mismatch', 'attention'] },
} as const;

const signedForm: CallbackKind = {
  ...common,
  name: 'a signed form',
  route: 'ecpay/aio/atm',
  make: wire.makeForm,
  makeForeign: wire.makeForeignForm,
  flips: flipsOfForm,
  unseenFlips: caseFlipsOfForm,
  mutations: mutationsOfForm,
  variants: variantsOfForm,
  unknown: refuse('ECPay transaction not found.'),
  unproved: refuse('ECPay CheckMacValue verification failed.'),
  crossed: refuse('ECPay transaction not found.'),
};

const SEALED_UNKNOWN = refuse('ECPay encrypted background callback transaction not found.');

const sealedJson = {
  ...common,
  name: 'sealed JSON',
  route: 'ecpay/atm',
  make: wire.makeSealed,
  makeForeign: wire.makeForeignSealed,
  flips: flipsOfSealed,
  unseenFlips: () => [],
  mutations: mutationsOfSealed,
  variants: variantsOfSealed,
  unknown: SEALED_UNKNOWN,
  unproved: SEALED_UNKNOWN,
  crossed: SEALED_UNKNOWN,
} satisfies CallbackKind;

/** In-site payments come back through the browser as a form whose one field holds the sealed envelope. */
function inResultData({ body }: Post): Post {
  const text = [...Buffer.from(body)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return { type: wire.FORM, body: `ResultData=${text}` };
}

function* eachInResultData(changes: Iterable<Change>): Generator<Change> {
  for (const { what, post } of changes) yield { what, post: inResultData(post) };
}

const resultData: CallbackKind = {
  ...sealedJson,
  name: 'a browser post of ResultData',
  make: (target, say) => inResultData(wire.makeSealed(target, say)),
  makeForeign: (target, say, names) => inResultData(wire.makeForeignSealed(target, say, names)),
  flips: (post) => eachInResultData(flipsOfSealed({ type: wire.JSON_TYPE, body: readResultData(post) })),
  mutations: (target) => eachInResultData(mutationsOfSealed(target)),
  variants: (target) => eachInResultData(variantsOfSealed(target)),
};

function readResultData({ body }: Post): string {
  return new URLSearchParams(String(body)).get('ResultData') ?? '';
}

describeGateway({
  id: 'ecpay',
  kinds: [signedForm, sealedJson, resultData],
  order: (mode) => ({ gateway_credentials: { ...STAGE, environment: mode === 'live' ? 'production' : 'stage' } }),
  refusal: { status: 400, type: PLAIN, text: /^0\|./ },
  foreign: {
    route: 'ecpay/aio',
    credentials: { merchant_id: wire.OURS.merchantId, hash_key: wire.THEIRS.hashKey, hash_iv: wire.THEIRS.hashIv },
  },
  creating: { route: 'ecpay/cvs', callPath: '/1.0.0/Cashier/GenPaymentCode', otherAmount: 600 },
});
