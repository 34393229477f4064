import { signatureHeader, signPayload } from '../../src/simulator/stripe/events.ts';
import { START } from '../support/clock.ts';
import { BIG, PAID, scramble } from './changes.ts';
import type { Change, Post, Target } from './contract.ts';
import {
  type Data,
  eventData,
  intentData,
  JSON_TYPE,
  meaningOf,
  SIGNATURE,
  signed,
  WEBHOOK_SECRET,
  write,
} from './stripe-callbacks.ts';

/** Events that a careless reader would fall for, or fall over. */

const NOW = START / 1000;
const ODD: readonly unknown[] = [null, true, 0, -1, 1.5, '', [], {}, '98000', ['98000'], { 0: 1 }, '__proto__', 1e300];

/** `pack` signs what it is given, or does not: where nothing is proved, nothing of it may count. */
export type Pack = (body: string) => Post;

/** Every field of event and intent replaced. What says "paid" with all of its money is left alone. */
function* fieldMutations(target: Target, pack: Pack): Generator<Change> {
  const say = (what: string, event: Data): Change => ({ what, post: pack(write(event)) });
  const event = eventData(target, PAID);
  const intent = intentData(target, PAID);
  const inside = (change: Data) => eventData(target, PAID, { ...intent, ...change });
  for (const odd of ODD) {
    const text = JSON.stringify(odd);
    for (const name of ['type', 'data', 'livemode']) yield say(`${name} is ${text}`, { ...event, [name]: odd });
    for (const name of ['amount_received', 'currency', 'status']) {
      yield say(`the intent’s ${name} is ${text}`, inside({ [name]: odd }));
    }
    yield say(`the object is ${text}`, { ...event, data: { object: odd } });
  }
  for (const type of [
    'payment_intent.Succeeded',
    'payment_intent.succeeded ',
    'charge.succeeded',
    'checkout.session.completed',
  ]) {
    yield say(`the type is ${type}`, { ...event, type });
  }
  for (const status of ['processing', 'requires_capture', 'requires_action', 'Succeeded', 'paid']) {
    yield say(`succeeded, but the intent is ${status}`, inside({ status }));
  }
  yield say('only amount, nothing received', inside({ amount_received: undefined }));
  yield say('another currency', inside({ currency: 'usd' }));
  yield say('a hundred times as much', inside({ amount_received: target.amount * 100 }));
  yield say('a hundredth', inside({ amount_received: target.amount / 100 }));
  yield say('the other mode', { ...event, livemode: !event.livemode });
  yield say('about another payment of ours', inside({ metadata: { payment_no: 'PAY202606220001ZZZZZZZZ' } }));
  yield say('our number on another intent', inside({ id: 'pi_3Another' }));
  yield say('an intent that is none', inside({ id: 'seti_3Another' }));
  yield say('a refund of it', {
    ...event,
    type: 'charge.refunded',
    data: { object: { id: 'ch_1', object: 'charge', payment_intent: target.tradeNo } },
  });
}

/** Bodies that are no event at all. */
function* shapeMutations(target: Target, pack: Pack): Generator<Change> {
  const body = write(eventData(target, PAID));
  const say = (what: string, text: string): Change => ({ what, post: pack(text) });
  for (const text of [
    '',
    ' ',
    '{',
    '[]',
    'null',
    '0',
    '""',
    '{}',
    '{"data":{"object":{}}}',
    `[${body}]`,
    `${body},`,
    `${body}${body}`,
  ]) {
    yield say(`the body is ${text.slice(0, 24)}`, text);
  }
  yield say('a form', new URLSearchParams({ type: 'payment_intent.succeeded', id: String(target.tradeNo) }).toString());
  yield say('a byte order mark in front', `\uFEFF${body}`);
  yield say('a NUL behind', `${body}\0`);
  yield say('300 kB', body.replace('{', `{"x":"${'a'.repeat(BIG)}",`));
  yield say('nested without end', `${'['.repeat(50_000)}${']'.repeat(50_000)}`);
  yield say('a text in a text', JSON.stringify(body));
}

/** Bodies that are right, with a signature that is not. */
function* signatureMutations(target: Target): Generator<Change> {
  const body = write(eventData(target, PAID));
  const genuine = signatureHeader(WEBHOOK_SECRET, NOW, body);
  const v1 = signPayload(WEBHOOK_SECRET, NOW, body);
  const say = (what: string, header: string | null, text = body): Change => ({
    what,
    post: { type: JSON_TYPE, body: text, headers: header === null ? {} : { [SIGNATURE]: header } },
  });
  yield say('no signature', null);
  for (const header of [
    'x',
    't',
    't=',
    'v1=',
    `t=${NOW}`,
    `v1=${v1}`,
    `t=${NOW},v0=${v1}`,
    `t=${NOW},v1=`,
    `t=${NOW},v1=${v1.toUpperCase()}`,
    `t=${NOW},v1=${v1.slice(0, -1)}`,
    `t=${NOW},v1=${v1}0`,
    `t=${NOW},V1=${v1}`,
    `T=${NOW},v1=${v1}`,
    `t=${NOW};v1=${v1}`,
    `t=0,v1=${v1}`,
    `t=-1,v1=${v1}`,
    `t=x,v1=${v1}`,
    `t=${NOW + 1},v1=${v1}`,
    `t=${NOW}, v1=${v1}`,
    `t=${NOW},v1= ${v1}`,
    `v1=${v1},t=${NOW + 1}`,
    `t=${NOW},t=${NOW + 1},v1=${v1}`,
    'a'.repeat(8000),
    `t=${NOW}${',v1=0'.repeat(1000)}`,
  ]) {
    yield say(`the signature is ${header.slice(0, 40)}`, header);
  }
  for (const secret of [
    '',
    'whsec_',
    'whsec_simulator00000000000000000',
    'undefined',
    'null',
    WEBHOOK_SECRET.slice(6),
  ]) {
    yield say(
      `signed with "${secret}"`,
      `t=${NOW},v1=${secret === '' ? '0'.repeat(64) : signPayload(secret, NOW, body)}`,
    );
  }
  for (const age of [301, 3600, 86_400]) {
    yield say(`${age} seconds old`, signatureHeader(WEBHOOK_SECRET, NOW - age, body));
  }
  yield say(
    'the signature of the body without spaces',
    signatureHeader(WEBHOOK_SECRET, NOW, meaningOf(Buffer.from(body))),
  );
  yield say('serialised anew', genuine, JSON.stringify(JSON.parse(body)));
  yield say('a line break behind', genuine, `${body}\n`);
  yield say('signed without its time', `t=${NOW},v1=${signPayload(WEBHOOK_SECRET, 0, body)}`);
}

export function* mutationsOfSigned(target: Target): Generator<Change> {
  yield* signatureMutations(target);
  yield* fieldMutations(target, (body) => signed(body));
  yield* shapeMutations(target, (body) => signed(body));
  yield* scramble(signed(write(eventData(target, PAID))), 150, meaningOf);
}

export function* mutationsOfUnsigned(target: Target): Generator<Change> {
  const pack = (body: string): Post => ({ type: JSON_TYPE, body });
  yield* fieldMutations(target, pack);
  yield* shapeMutations(target, pack);
  yield* scramble(pack(write(eventData(target, PAID))), 120, meaningOf);
}
