import type { TestApp } from '../support/app.ts';
import { flipsOfQuery, PAID } from './changes.ts';
import { type CallbackKind, type Change, describeGateway, type Expected, type Post, type Target } from './contract.ts';
import type { Wire } from './smilepay-callbacks.ts';
import * as wires from './smilepay-callbacks.ts';
import { mutationsOf } from './smilepay-mutations.ts';

const TYPE = 'text/plain; charset=UTF-8';
const accept = (text: string): Expected => ({ status: 200, type: TYPE, text });
const refuse = (text: string): Expected => ({ status: 400, type: TYPE, text });
const MISMATCH = { answer: refuse('SmilePay amount mismatch.'), flags: ['mismatch', 'attention'] };
const UNCONFIRMED = refuse('SmilePay callback not confirmed.');
const INVALID = refuse('SmilePay validation token mismatch.');

const form: Wire = { shape: 'form', encoding: 'big5', dcvc: wires.OURS.dcvc, addressOf: wires.roturlOf(wires.OURS) };
const json: Wire = { ...form, shape: 'catalogue', encoding: 'utf8' };
const guardedForm: Wire = { ...form, dcvc: wires.GUARDED.dcvc, addressOf: wires.roturlOf(wires.GUARDED) };
const bareJson: Wire = { ...json, dcvc: wires.BARE.dcvc, addressOf: () => '', validationToken: wires.VALIDATION };

/** What somebody sends who knows everything about an order but its Roturl and the merchant’s token. */
const blindTo = ({ shape, encoding, dcvc }: Wire): Wire => ({ shape, encoding, dcvc, addressOf: () => `Dcvc=${dcvc}` });

let orders = 0;
let hints = 0;

function* variantsOf(target: Target, wire: Wire): Generator<Change> {
  const fields = wires.fieldsOf(target, PAID, wire);
  const query = wire.addressOf(target);
  const { body } = wires.pack(target, fields, wire);
  const put = (what: string, given: Readonly<Record<string, string>>): Change => ({
    what,
    post: wires.pack(target, given, wire),
  });
  const post = (what: string, changed: Partial<Post>): Change => ({
    what,
    post: { type: wires.FORM, body, query, ...changed },
  });
  const without = (name: string) => Object.fromEntries(Object.entries(fields).filter(([one]) => one !== name));
  yield put('fields in reverse', Object.fromEntries(Object.entries(fields).reverse()));
  yield put('more fields', { ...fields, Remark2: '備註', __proto__x: '1' });
  yield put('the merchant in the body', { ...fields, Dcvc: wire.dcvc });
  yield put('the shop’s own order number', { ...fields, Data_id: target.merchantOrderNo });
  yield post('JSON', { type: wires.JSON_TYPE, body: JSON.stringify(fields) });
  yield post('JSON with spaces and a number', {
    type: wires.JSON_TYPE,
    body: JSON.stringify({ ...fields, Amount: target.amount }, null, 2),
  });
  yield post('JSON called a form', { body: JSON.stringify(fields) });
  yield post('a form of the same names', { body: new URLSearchParams(fields).toString() });
  yield post('no content type worth the name', { type: 'text/plain', body: JSON.stringify(fields) });
  if (wire.shape === 'catalogue') return;
  yield post('a charset', { type: `${wires.FORM}; charset=big5` });
  yield post('an ampersand behind', { body: `${body}&` });
  yield post('UTF-8', wires.pack(target, fields, { ...wire, encoding: 'utf8' }));
  yield post('bytes of no encoding in a name', { body: `${body}&Pur_name2=%FF%FE%A4` });
  yield put('no time', { ...fields, Process_date: '', Process_time: '' });
  yield put('a Response_id that says failed', { ...fields, Response_id: '0' });
  for (const name of ['Od_sob', 'Purchamt', 'Moneytype', 'Response_id', 'Payment_no', 'Data_id'])
    yield put(`no ${name}`, without(name));
  for (const Classif of ['B', 'C', 'E', 'F']) yield put(`Classif ${Classif}`, { ...fields, Classif });
}

function kindOf(name: string, route: string, wire: Wire, credentials: object = wires.OURS): CallbackKind {
  const blind = blindTo(wire);
  const guarded = 'validation_token' in credentials;
  return {
    name,
    route,
    order: () => ({ gateway_credentials: credentials }),
    says: ['declined'],
    proof: 'callback',
    make: (target, say) => wires.make(target, say, wire),
    makeForeign: (target, say, names) => {
      const { dcvc } = names === 'himself' ? wires.THEIRS : wire;
      const fields = { ...wires.fieldsOf(target, say, blind), ...(wire.shape === 'catalogue' ? { Dcvc: dcvc } : {}) };
      return wires.pack(target, fields, blind, `Dcvc=${dcvc}&t=${target.token.slice(0, -1)}`);
    },
    flips: (post) => flipsOfProof(post),
    // Whoever has the token is SmilePay: the body itself is not signed.
    unseenFlips: () => [],
    mutations: (target) => mutationsOf(target, wire, blind),
    variants: (target) => variantsOf(target, wire),
    accept: accept(wire.shape === 'form' ? '<Roturlstatus>OK</Roturlstatus>' : 'OK'),
    unknown: refuse('SmilePay transaction not found.'),
    unproved: guarded ? INVALID : UNCONFIRMED,
    merchant: refuse('SmilePay Dcvc mismatch.'),
    mismatch: MISMATCH,
    ...(guarded ? {} : { hint: hintOf(blind) }),
  };
}

function hintOf(blind: Wire) {
  return {
    make: (target: Target) => {
      hints += 1;
      return wires.pack(target, { ...wires.fieldsOf(target, PAID, blind), Email: `payer${hints}@example.com` }, blind);
    },
    pay: (target: Target, app: TestApp) => app.simulate(target.orderNo, 'pay', { callback: false }),
    answer: UNCONFIRMED,
  };
}

/** The token in the address, or the merchant’s own in the body. */
function* flipsOfProof(post: Post): Generator<Change> {
  if (new URLSearchParams(post.query).has('t')) return yield* flipsOfQuery(post, 't');
  const fields = JSON.parse(String(post.body));
  for (const { what, post: changed } of flipsOfQuery({ ...post, query: `x=${wires.VALIDATION}` }, 'x')) {
    const validation_token = new URLSearchParams(changed.query).get('x') ?? '';
    yield { what: `${what} in the body`, post: { ...post, body: JSON.stringify({ ...fields, validation_token }) } };
  }
}

const ownNumbers: CallbackKind = {
  ...kindOf('JSON in the names of the catalogue, for an order number that is kept', 'smilepay/barcode', json),
  order: () => {
    orders += 1;
    return { gateway_credentials: wires.OURS, merchant_order_no: `KEPT${String(orders).padStart(8, '0')}` };
  },
};

describeGateway({
  id: 'smilepay',
  kinds: [
    kindOf('a form in Big5, proved by its address', 'smilepay/cvs', form),
    ownNumbers,
    kindOf(
      'a form that also brings back the merchant’s token and a check code',
      'smilepay/atm',
      guardedForm,
      wires.GUARDED,
    ),
    kindOf('JSON with the merchant’s token, at a bare address', 'smilepay/atm', bareJson, wires.BARE),
  ],
  order: () => ({ gateway_credentials: wires.OURS }),
  refusal: { status: 400, type: TYPE, text: /^(SmilePay [\w ]+\.|The callback is too large or was cut off\.)$/ },
  foreign: { route: 'smilepay/atm', credentials: { ...wires.OURS, verify_key: wires.THEIRS.verify_key } },
  creating: { route: 'smilepay/atm', callPath: '/api/SPPayment.asp', otherAmount: 600 },
});
