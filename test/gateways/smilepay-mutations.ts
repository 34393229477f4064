import { BIG, brokenJson, encodeForm, flipsOfQuery, PAID, postsTo, scramble, spoilForm } from './changes.ts';
import type { Change, Target } from './contract.ts';
import {
  type Fields,
  FORM,
  fieldsOf,
  JSON_TYPE,
  make,
  pack,
  THEIRS,
  VALIDATION,
  type Wire,
} from './smilepay-callbacks.ts';

/** Malformed callbacks of SmilePay: what a careless reader would fall for, or fall over. */

/** Bodies that nobody could have meant, at the right address. */
function* shapeMutations(genuine: Fields, query: string): Generator<Change> {
  const body = encodeForm(Object.entries(genuine));
  const form = postsTo(query);
  yield form('no body', '');
  yield form('only separators', '&&&');
  yield form('every field twice', `${body}&${body}`);
  yield form('encoded twice, twice', `${encodeURIComponent(body)}&${encodeURIComponent(body)}`);
  yield form('10,000 fields', `${body}${Array.from({ length: 10_000 }, (_, i) => `&a${i}=1`).join('')}`);
  yield form('300 kB', `${body}&x=${'a'.repeat(BIG)}`);
  yield form('called JSON', body, JSON_TYPE);
  const json = (what: string, text: string) => form(`JSON, ${what}`, text, JSON_TYPE);
  yield* brokenJson(JSON.stringify(genuine), json);
}

const ODD: readonly unknown[] = [null, true, '', 0, 1.5, -1, [], {}, ['1'], [980], '１', '__proto__'];

function* jsonMutations(genuine: Fields, query: string): Generator<Change> {
  for (const name of Object.keys(genuine)) {
    for (const odd of ODD) {
      const body = JSON.stringify({ ...genuine, [name]: odd });
      yield { what: `JSON, ${name} is ${JSON.stringify(odd)}`, post: { type: JSON_TYPE, body, query } };
    }
  }
}

const AMOUNTS = ['', '-980', '9.8e2', ' 980', '980 ', '0x3D4', '９８０', '98000', '980.00', '980,', '+980', '1'];
const STATUSES = ['0', '2', '01', '1.0', '+1', '1 ', ' 1', '１', '10', '-1', 'true', 'paid', ''];
const CLASSIFS = ['A', 'D', 'I', 'O', 'V', 'b', ' B', 'B ', 'BB', '', 'Ｂ', 'toString'];

/** At the right address, but saying something else than "paid", or paid with other money. */
function* provedMutations(target: Target, wire: Wire): Generator<Change> {
  const fields = fieldsOf(target, PAID, wire);
  const put = (name: string, value: string): Change => ({
    what: `proved, ${name} "${value}"`,
    post: pack(target, { ...fields, [name]: value }, wire),
  });
  for (const amount of AMOUNTS) yield put('Amount', amount);
  yield put('Dcvc', THEIRS.dcvc);
  yield put('Data_id', `${target.orderNo}0`);
  if (wire.shape === 'catalogue') for (const status of STATUSES) yield put('Status', status);
  else {
    for (const amount of AMOUNTS.filter((text) => text !== '')) yield put('Purchamt', amount);
    for (const classif of CLASSIFS) yield put('Classif', classif);
    for (const money of ['CN', 'US', 'tw', 'TWD']) yield put('Moneytype', money);
  }
}

/** The right body at an address that proves nothing. */
function* addressMutations(target: Target, wire: Wire): Generator<Change> {
  const genuine = make(target, PAID, wire);
  const named = `Dcvc=${wire.dcvc}`;
  const wrong = ['x', `${target.token}x`, target.token.slice(1), target.token.toUpperCase(), VALIDATION, ''];
  for (const query of [
    ...wrong.map((token) => `${named}&t=${encodeURIComponent(token)}`),
    `${named}&t=x&t=${target.token}`,
    `${named}&T=${target.token}`,
    `${named}&t[]=${target.token}`,
    `${named}&vt=${target.token}`,
    `Dcvc=${THEIRS.dcvc}&t=${target.token}`,
    `${named}&Dcvc=${THEIRS.dcvc}&t=${target.token}`,
    '',
  ]) {
    yield { what: `the address ${query}`, post: { ...genuine, query } };
  }
  yield* flipsOfQuery(genuine, 'Dcvc');
  if (new URLSearchParams(genuine.query).has('vt')) yield* flipsOfQuery(genuine, 'vt');
}

/** `blind`: the same without what proves it. */
export function* mutationsOf(target: Target, wire: Wire, blind: Wire): Generator<Change> {
  const fields = fieldsOf(target, PAID, blind);
  const query = blind.addressOf(target);
  yield* spoilForm(fields, query, 'Status=1');
  yield* shapeMutations(fieldsOf(target, PAID, wire), wire.addressOf(target));
  yield* jsonMutations(fields, query);
  yield* provedMutations(target, wire);
  if (wire.validationToken === undefined) yield* addressMutations(target, wire);
  const body = encodeForm(Object.entries(fields));
  yield* scramble({ type: FORM, body, query }, 60, (bytes) => bytes.toString('latin1'));
}
