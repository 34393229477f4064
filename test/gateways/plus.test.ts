import { ACCEPTED, flipsOfBody, flipsOfQuery, PAID, refuse } from './changes.ts';
import { type CallbackKind, type Change, describeGateway, type GatewayContract, type Target } from './contract.ts';
import type { Fields, Wire } from './plus-callbacks.ts';
import * as wires from './plus-callbacks.ts';
import { mutationsOf } from './plus-mutations.ts';

function* variantsOf(target: Target, wire: Wire): Generator<Change> {
  const fields = wires.noticeFields(target, PAID);
  const signed = wires.sign(fields);
  const put = (what: string, given: Fields): Change => ({ what, post: wire.pack(given, target) });
  const { type, body, ...address } = wire.pack(signed, target);
  yield put('fields in reverse', Object.fromEntries(Object.entries(signed).reverse()));
  yield put('a sign in capitals', { ...signed, sign: signed.sign?.toUpperCase() ?? '' });
  for (const status of ['paid', 'success']) yield put(`status ${status}`, wires.sign({ ...fields, status }));
  yield put('money with decimals', wires.sign({ ...fields, money: `${fields.money}.00` }));
  yield put('more fields, signed', wires.sign({ ...fields, channel: 'small', note: '茶 + 壺', zero: '0' }));
  yield put('an empty field more, which nobody signs', { ...signed, remark: '' });
  yield put('no number of its own', wires.sign({ ...fields, plat_no: '' }));
  yield put('only its own number', wires.sign({ ...fields, order_no: '' }));
  yield { what: 'a charset', post: { type: `${type}; charset=utf-8`, body, ...address } };
  yield { what: 'everything as text', post: { type: wires.JSON_TYPE, body: JSON.stringify(signed), ...address } };
  yield {
    what: 'JSON with spaces',
    post: { type: wires.JSON_TYPE, body: JSON.stringify(signed, null, 2), ...address },
  };
  yield { what: 'JSON called a form', post: { type: wires.FORM, body: JSON.stringify(signed), ...address } };
  yield { what: 'an address with its token', post: { type, body, query: `t=${target.token}` } };
  yield { what: 'an address with more in it', post: { type, body, query: `x=1&t=${target.token}` } };
}

function kindOf(name: string, wire: Wire): CallbackKind {
  return {
    name,
    route: 'plus/atm',
    says: ['declined'],
    proof: 'callback',
    make: (target, say) => wire.pack(wires.sign(wires.noticeFields(target, say)), target),
    makeForeign: (target, say, names) => {
      const { appid } = names === 'himself' ? wires.THEIRS : wires.OURS;
      return wire.pack(wires.sign(wires.noticeFields(target, say, appid), wires.THEIRS.secret_key), target);
    },
    flips: (post) => [...wires.meaningful(post, flipsOfBody(post)), ...flipsOfQuery(post, 't')],
    // The letter case of the sign; and an address without its token, which the sign makes good.
    unseenFlips: (post) => [...flipsOfBody(post, [0x20])],
    mutations: (target) => mutationsOf(target, wire),
    variants: (target) => variantsOf(target, wire),
    accept: ACCEPTED,
    unknown: refuse('PLUS transaction not found.'),
    unproved: refuse('PLUS sign mismatch.'),
    merchant: refuse('PLUS appid mismatch.'),
    mismatch: { answer: refuse('PLUS money mismatch.'), flags: ['mismatch', 'attention'] },
  };
}

const contract: GatewayContract = {
  id: 'plus',
  kinds: [
    kindOf('a signed form at the address of its order', wires.form),
    kindOf('signed JSON at a bare address', wires.bareJson),
  ],
  order: () => ({ gateway_credentials: wires.OURS }),
  refusal: {
    status: 400,
    type: ACCEPTED.type,
    text: /^\{"success":false,"message":"[^"]+","error":\{"error_code":"WEBHOOK_REFUSED"\}\}$/,
  },
  foreign: { route: 'plus/atm', credentials: { appid: wires.OURS.appid, secret_key: wires.THEIRS.secret_key } },
  creating: { route: 'plus/atm', callPath: '/api/atm', otherAmount: 25_000 },
};

describeGateway(contract);

/** Somebody who does not know the token of the order's address. */
const blind: Wire = { pack: (fields, target) => ({ ...wires.form.pack(fields, target), query: '' }) };

/** Where PLUS signs nothing, the token is all there is: whoever has it is PLUS. */
const unsigned: CallbackKind = {
  ...kindOf('an unsigned form, proved by its address', wires.form),
  make: (target, say) => wires.form.pack(wires.noticeFields(target, say), target),
  makeForeign: (target, say, names) => {
    const { appid } = names === 'himself' ? wires.THEIRS : wires.OURS;
    return blind.pack(wires.sign(wires.noticeFields(target, say, appid), wires.OURS.secret_key), target);
  },
  flips: (post) => flipsOfQuery(post, 't'),
  mutations: (target) => mutationsOf(target, blind),
  *variants(target) {
    const fields = wires.noticeFields(target, PAID);
    yield { what: 'a sign that is wrong', post: wires.form.pack({ ...fields, sign: '0'.repeat(32) }, target) };
    yield { what: 'no number at all', post: wires.form.pack({ ...fields, order_no: '', plat_no: '' }, target) };
    yield { what: 'JSON', post: { ...wires.bareJson.pack(fields, target), query: `t=${target.token}` } };
  },
};

describeGateway({
  ...contract,
  kinds: [unsigned],
  env: { PAYCORE_PLUS_SIGN: 'none' },
  prepare: (app) =>
    fetch(`${app.gateway.url}/simulator/plus/settings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sign: 'none' }),
    }),
});
