import type { Signing } from '../../src/simulator/plus/sign.ts';
import { brokenForms, brokenJson, encodeForm, PAID, postsTo, scramble, spoilForm } from './changes.ts';
import type { Change, Post, Target } from './contract.ts';
import {
  type Fields,
  JSON_TYPE,
  meaningful,
  meaningOf,
  noticeFields,
  sign,
  THEIRS,
  type Wire,
} from './plus-callbacks.ts';

/** Malformed callbacks of PLUS: what a careless reader would fall for, or fall over. */

function* shapeMutations(genuine: Fields, query: string): Generator<Change> {
  const body = encodeForm(Object.entries(genuine));
  const form = postsTo(query);
  yield* brokenForms(body, ['paid'], form);
  yield form('UTF-16', new Uint8Array(Buffer.from(body, 'utf16le')));
  yield form('no UTF-8', new Uint8Array(Buffer.concat([Buffer.from(`${body}&x=`), Buffer.from([0xff])])));
  yield form('called JSON', body, JSON_TYPE);
  yield form('multipart', `--x\r\n${body}\r\n--x--`, 'multipart/form-data; boundary=x');
}

const ODD: readonly unknown[] = [null, true, false, '', 0, 1.5, -1, [], {}, ['1'], [980], { 0: 1 }, '１', '__proto__'];

/** JSON in every shape but the right one. */
function* jsonMutations(genuine: Fields, query: string): Generator<Change> {
  const json = (what: string, value: unknown): Change => ({
    what: `JSON, ${what}`,
    post: { type: JSON_TYPE, body: typeof value === 'string' ? value : JSON.stringify(value), query },
  });
  for (const name of Object.keys(genuine)) {
    for (const odd of ODD) yield json(`${name} is ${JSON.stringify(odd)}`, { ...genuine, [name]: odd });
  }
  yield* brokenJson(JSON.stringify(genuine), json);
  yield json('beside a nested one', { ...genuine, data: { ...genuine } });
}

/** Signed with the right secret, but saying something else than "paid" or about something else. */
function* signedMutations(target: Target, wire: Wire): Generator<Change> {
  const fields = noticeFields(target, PAID);
  const signed = (what: string, change: Fields): Change => ({
    what: `signed, ${what}`,
    post: wire.pack(sign({ ...fields, ...change }), target),
  });
  for (const status of [
    '0',
    '2',
    '01',
    '1.0',
    '+1',
    '1 ',
    ' 1',
    '１',
    '10',
    '-1',
    'PAID',
    'Success',
    'true',
    'ok',
    '1,2',
  ]) {
    yield signed(`status "${status}"`, { status });
  }
  for (const money of [
    '',
    '0',
    '-980',
    '9.8e2',
    ' 980',
    '980 ',
    '0x3D4',
    '９８０',
    '98000',
    '980.01',
    '980,0',
    '+980',
  ]) {
    yield signed(`money "${money}"`, { money });
  }
  yield signed('another order_no', { order_no: `${target.orderNo}0` });
  yield signed('another plat_no', { plat_no: `${target.tradeNo}0` });
  yield signed('another appid', { appid: THEIRS.appid });
  for (const signing of ['md5-amp', 'md5-bare', 'hmac-sha256'] as const satisfies readonly Signing[]) {
    yield { what: `signed ${signing}`, post: wire.pack(sign(fields, undefined, signing), target) };
  }
  for (const secret of ['', ' ', 'plus_secret_key', THEIRS.secret_key]) {
    yield { what: `signed with "${secret}"`, post: wire.pack(sign(fields, secret), target) };
  }
  const { sign: query = '' } = sign({ appid: fields.appid ?? '', order_no: target.orderNo, timestamp: '1782113400' });
  yield { what: 'the sign of our own query', post: wire.pack({ ...fields, sign: query }, target) };
}

/** The right body at an address of another order. */
function* tokenMutations(genuine: Post, target: Target): Generator<Change> {
  for (const query of [`t=${target.token}x`, `t=${target.token}&t=${target.token}`, `t=x&t=${target.token}`, 't=x']) {
    yield { what: `the address ${query}`, post: { ...genuine, query } };
  }
}

export function* mutationsOf(target: Target, wire: Wire): Generator<Change> {
  const fields = sign(noticeFields(target, PAID));
  const genuine = wire.pack(fields, target);
  const { query = '' } = genuine;
  yield* spoilForm(fields, query, 'status=1');
  yield* shapeMutations(fields, query);
  yield* meaningful({ type: JSON_TYPE, body: JSON.stringify(fields) }, jsonMutations(fields, query));
  yield* signedMutations(target, wire);
  yield* tokenMutations(genuine, target);
  yield* scramble(genuine, 80, (body) => meaningOf(body, genuine.type));
}
