import { seal, sealText } from '../../src/simulator/ecpay/envelope.ts';
import { BIG, brokenForms, PAID, scramble, spoilFields } from './changes.ts';
import type { Change, Target } from './contract.ts';
import {
  type Data,
  encodePairs,
  envelope,
  FORM,
  formFields,
  JSON_TYPE,
  makeForm,
  makeSealed,
  OURS,
  postForm,
  sealedData,
  sign,
  THEIRS,
} from './ecpay-callbacks.ts';

/** Malformed callbacks: what a careless reader would fall for, or fall over. */

function form(what: string, body: string): Change {
  return { what, post: { type: FORM, body } };
}

function* shapeMutations(target: Target, pairs: readonly (readonly [string, string])[]): Generator<Change> {
  const body = encodePairs(pairs);
  yield* brokenForms(body, ['__proto__[RtnCode]'], form);
  yield form('a name without a value', `${body}&CheckMacValue`);
  yield form('broken percent in a value', body.replace('RtnCode=1', 'RtnCode=%3'));
  yield form('5,000 fields of their own', `${body}&${Array.from({ length: 5000 }, (_, i) => `f${i}=1`).join('&')}`);
  yield { what: 'as JSON', post: { type: JSON_TYPE, body: JSON.stringify(Object.fromEntries(pairs)) } };
  yield { what: 'called JSON', post: { type: JSON_TYPE, body } };
  yield { what: 'multipart', post: { type: 'multipart/form-data; boundary=x', body: `--x\r\n${body}\r\n--x--` } };
  yield { what: 'UTF-16', post: { type: FORM, body: new Uint8Array(Buffer.from(body, 'utf16le')) } };
  const declined = formFields(target, { fact: 'declined' });
  yield form('a signed refusal with a payment behind', `${encodePairs(Object.entries(sign(declined)))}&RtnCode=1`);
  yield form('a payment in front of a signed refusal', `RtnCode=1&${encodePairs(Object.entries(sign(declined)))}`);
  const cut = { ...declined, PaymentTypeChargeFee: '9.8&RtnCode=10100058', RtnMsg: 'x', RtnCode: '1' };
  yield { what: 'fields cut up anew', post: postForm({ ...cut, CheckMacValue: sign(declined).CheckMacValue ?? '' }) };
}

/** Signed as ECPay would, but saying something else than "paid". */
function* signedMutations(target: Target): Generator<Change> {
  const fields = formFields(target, PAID);
  for (const code of ['0', '01', '1.0', '+1', '1 ', ' 1', '１', '', '10', '2', '10100073', '-1', 'true', '1|OK']) {
    yield { what: `signed RtnCode "${code}"`, post: postForm(sign({ ...fields, RtnCode: code })) };
  }
  for (const amount of [
    '',
    '0',
    '-980',
    '980.0',
    '980.00',
    '9.8e2',
    ' 980',
    '980 ',
    '0x3D4',
    '９８０',
    '1e3',
    '980,0',
  ]) {
    yield { what: `signed TradeAmt "${amount}"`, post: postForm(sign({ ...fields, TradeAmt: amount })) };
  }
  const { RtnCode: _code, ...codeless } = fields;
  yield { what: 'signed without RtnCode', post: postForm(sign(codeless)) };
  const { TradeAmt: _amount, ...amountless } = fields;
  yield { what: 'signed without TradeAmt', post: postForm(sign(amountless)) };
}

export function* mutationsOfForm(target: Target): Generator<Change> {
  const pairs = Object.entries(sign(formFields(target, PAID)));
  yield* spoilFields(pairs, (spoilt) => ({ type: FORM, body: encodePairs(spoilt) }));
  yield* shapeMutations(target, pairs);
  yield* signedMutations(target);
  yield* scramble(makeForm(target, PAID), 60, (body) => meaningOf(body, FORM));
}

/** Some changes change nothing: `a` is `a=`, and JSON has parts that nobody signs (its header, spaces, TransMsg). */
function meaningOf(body: Buffer, type: string): string {
  if (type === FORM) return JSON.stringify([...new URLSearchParams(body.toString('latin1'))]);
  try {
    const { MerchantID, TransCode, Data } = JSON.parse(body.toString('latin1'));
    return JSON.stringify([String(MerchantID), String(TransCode ?? 1), String(Data).replaceAll(' ', '+')]);
  } catch {
    return body.toString('latin1');
  }
}

const ODD: readonly unknown[] = [
  null,
  true,
  false,
  '',
  0,
  1.5,
  -1,
  [],
  {},
  ['1'],
  { 0: 1 },
  '１',
  'constructor',
  '__proto__',
];

function* envelopeMutations(genuine: string, whole: Data): Generator<Change> {
  for (const name of ['MerchantID', 'Data', 'TransCode'] as const) {
    for (const odd of ODD)
      yield { what: `${name} is ${JSON.stringify(odd)}`, post: envelope(genuine, { [name]: odd }) };
  }
  yield { what: 'TransCode 0', post: envelope(genuine, { TransCode: 0 }) };
  yield { what: 'TransCode 999 without data', post: envelope('', { TransCode: 999, TransMsg: 'System exception' }) };
  for (const name of ['MerchantID', 'Data'] as const) {
    const { [name]: _left, ...rest } = whole;
    yield { what: `without ${name}`, post: { type: JSON_TYPE, body: JSON.stringify(rest) } };
  }
  const text = JSON.stringify(whole);
  const bodies: Record<string, string> = {
    'no body': '',
    'half a body': text.slice(0, text.length / 2),
    'a comma behind': text.replace(/\}$/, ',}'),
    'an array': `[${text}]`,
    'a string': JSON.stringify(text),
    null: 'null',
    'Data twice': text.replace(/\}$/, ',"Data":"AAAA"}'),
    'MerchantID twice': text.replace(/\}$/, ',"MerchantID":"2000132"}'),
    'deeply nested': `{"MerchantID":"${OURS.merchantId}","Data":${'['.repeat(100_000)}`,
    'deeply nested and whole': `{"MerchantID":${'['.repeat(5000)}${']'.repeat(5000)},"Data":"x"}`,
    '300 kB': text.replace(/\}$/, `,"x":"${'a'.repeat(BIG)}"}`),
    'prototype keys': `{"__proto__":${text}}`,
    'constructor keys': `{"constructor":${text}}`,
  };
  for (const [what, body] of Object.entries(bodies)) yield { what, post: { type: JSON_TYPE, body } };
  yield {
    what: 'called a form',
    post: { type: FORM, body: encodePairs(Object.entries(whole).map(([k, v]) => [k, String(v)])) },
  };
  yield { what: 'UTF-16', post: { type: JSON_TYPE, body: new Uint8Array(Buffer.from(text, 'utf16le')) } };
}

function* dataMutations(target: Target, genuine: string): Generator<Change> {
  const data = sealedData(target, PAID);
  yield { what: 'sealed with another merchant’s keys', post: envelope(seal(data, THEIRS)) };
  yield { what: 'sealed with another vector', post: envelope(seal(data, { ...OURS, hashIv: THEIRS.hashIv })) };
  yield { what: 'not sealed', post: envelope(JSON.stringify(data)) };
  yield { what: 'only base64', post: envelope(Buffer.from(JSON.stringify(data)).toString('base64')) };
  for (const text of [
    '',
    'null',
    '[]',
    '1',
    '"text"',
    '{',
    '{}',
    '{"OrderInfo":null}',
    '{"OrderInfo":[]}',
    'x'.repeat(50),
  ]) {
    yield { what: `sealed ${text || 'nothing'}`, post: envelope(sealText(text, OURS)) };
  }
  const bytes = Buffer.from(genuine, 'base64');
  for (let block = 0; block * 16 < bytes.length; block++) {
    const without = Buffer.concat([bytes.subarray(0, block * 16), bytes.subarray(block * 16 + 16)]);
    yield { what: `without block ${block}`, post: envelope(without.toString('base64')) };
    const cut = bytes.subarray(0, block * 16);
    yield { what: `only ${block} blocks`, post: envelope(cut.toString('base64')) };
  }
  for (const end of ['=', 'A', '\n', '%3D', '\0'])
    yield { what: `${JSON.stringify(end)} behind`, post: envelope(genuine + end) };
  yield { what: 'in base64url', post: envelope(bytes.toString('hex')) };
}

/** Sealed as ECPay would, but saying something else than "paid". */
function* sealedMutations(target: Target): Generator<Change> {
  const data = sealedData(target, PAID);
  const order = data.OrderInfo as Data;
  for (const code of [...ODD, 2, '01', '1 ', 10100073, [1]]) {
    yield { what: `sealed RtnCode ${JSON.stringify(code)}`, post: envelope(seal({ ...data, RtnCode: code }, OURS)) };
  }
  for (const amount of [...ODD, '980.0', ' 980', -980, 980.5, [980], 1e21, '9.8e2']) {
    const changed = { ...data, OrderInfo: { ...order, TradeAmt: amount } };
    yield { what: `sealed TradeAmt ${JSON.stringify(amount)}`, post: envelope(seal(changed, OURS)) };
  }
  for (const number of [...ODD, [target.orderNo], target.orderNo.toLowerCase(), ` ${target.orderNo}`]) {
    const changed = { ...data, OrderInfo: { ...order, MerchantTradeNo: number } };
    yield { what: `sealed MerchantTradeNo ${JSON.stringify(number)}`, post: envelope(seal(changed, OURS)) };
  }
  for (const merchant of ODD) {
    yield {
      what: `sealed MerchantID ${JSON.stringify(merchant)}`,
      post: envelope(seal({ ...data, MerchantID: merchant }, OURS)),
    };
  }
  for (const odd of [null, [], 'x', 1]) {
    yield { what: `sealed OrderInfo ${JSON.stringify(odd)}`, post: envelope(seal({ ...data, OrderInfo: odd }, OURS)) };
  }
}

export function* mutationsOfSealed(target: Target): Generator<Change> {
  const genuine = seal(sealedData(target, PAID), OURS);
  const post = makeSealed(target, PAID);
  yield* envelopeMutations(genuine, JSON.parse(String(post.body)));
  yield* dataMutations(target, genuine);
  yield* sealedMutations(target);
  yield* scramble(post, 60, (body) => meaningOf(body, JSON_TYPE));
}
