import type { TestApp } from '../support/app.ts';
import { scramble } from './changes.ts';
import type { Change, Post, Target } from './contract.ts';
import { forgeEvent, makeEvent } from './paypal-callbacks.ts';

const TYPE = 'application/json';
const HEADERS = ['transmission-id', 'transmission-time', 'transmission-sig', 'cert-url', 'auth-algo'].map(
  (name) => `paypal-${name}`,
);
const FORGE_KINDS =
  'wrong-transmission other-body reserialised wrong-webhook-id simulator-webhook-id other-order amount'.split(' ');
const SCRAMBLED = 180;

/** What a forger could send while the payer has approved nothing: none of it is money. */
export async function mutationsOf(target: Target, app: TestApp): Promise<readonly Change[]> {
  const genuine = await makeEvent(target, { fact: 'paid' }, app);
  const other = await makeEvent(target, { fact: 'paid', again: true }, app);
  const forged: Change[] = [];
  for (const kind of FORGE_KINDS) forged.push({ what: `forged: ${kind}`, post: await forgeEvent(target, kind, app) });
  await makeEvent(target, { fact: 'declined' }, app);
  return [
    ...forged,
    ...mutationsOfHeaders(genuine, other),
    ...mutationsOfBody(genuine),
    ...claims(target, genuine),
    ...scramble(genuine, SCRAMBLED, (body) => body.toString('latin1')),
  ];
}

function* mutationsOfHeaders(genuine: Post, other: Post): Generator<Change> {
  const put = (what: string, headers: Readonly<Record<string, string>>): Change => ({
    what,
    post: { ...genuine, headers },
  });
  const headers = genuine.headers ?? {};
  yield put('no headers', {});
  yield put('the headers of another delivery', other.headers ?? {});
  for (const name of HEADERS) {
    const { [name]: value = '', ...others } = headers;
    yield put(`without ${name}`, others);
    yield put(`${name} twice`, { ...others, [name]: `${value}, ${value}` });
    // Some are the same in every delivery.
    const another = other.headers?.[name] ?? '';
    if (another !== value) yield put(`${name} of another delivery`, { ...others, [name]: another });
    yield put(`${name} that closes its text`, { ...others, [name]: `x","webhook_id":"x` });
    yield put(`${name} that is too long`, { ...others, [name]: 'x'.repeat(600) });
  }
}

function* mutationsOfBody(genuine: Post): Generator<Change> {
  const text = Buffer.from(genuine.body).toString('utf8');
  const put = (what: string, body: string): Change => ({ what, post: { ...genuine, body } });
  yield put('nothing', '');
  yield put('written anew', JSON.stringify(JSON.parse(text)));
  yield put('written anew in lines', JSON.stringify(JSON.parse(text), null, 2));
  yield put('in a list', `[${text}]`);
  yield put('in a text', JSON.stringify(text));
  yield put('as a field', `{"event":${text}}`);
  yield put('twice', text + text);
  yield put('with a field behind it', `${text},"webhook_id":"SIMULATORWEBHOOK1"`);
  yield put('with another event behind it', `${text},"webhook_event":${text}`);
  yield put('with a byte order mark', `\ufeff${text}`);
  yield put('with a blank before it', ` ${text}`);
  yield put('with a line behind it', `${text}\n`);
  yield put('with a zero behind it', `${text}\0`);
  yield put('with a comment', `${text}// x`);
  yield put('with its first field twice', text.replace(/^\{/, '{"event_type":"PAYMENT.CAPTURE.COMPLETED",'));
  yield put('cut off', text.slice(0, -1));
  yield put('as a form', new URLSearchParams({ event: text }).toString());
}

/** "Paid", in all the ways in which the numbers can be written. */
function* claims({ tradeNo, paymentNo }: Target, genuine: Post): Generator<Change> {
  const amount = { currency_code: 'TWD', value: '980' };
  const paid = { status: 'COMPLETED', amount };
  const resources: Record<string, object> = {
    'an order': { ...paid, id: tradeNo },
    'our number': { ...paid, custom_id: paymentNo },
    'our number as invoice': { ...paid, invoice_id: paymentNo },
    'an order in a list': { ...paid, id: [tradeNo] },
    'an order in an object': { ...paid, id: { tradeNo } },
    'our number in a list': { ...paid, custom_id: [paymentNo] },
    'our number in small letters': { ...paid, custom_id: paymentNo.toLowerCase() },
    'a related order': { ...paid, supplementary_data: { related_ids: { order_id: tradeNo } } },
    'a unit': { ...paid, purchase_units: [{ custom_id: paymentNo, payments: { captures: [paid] } }] },
    'a unit that is none': { ...paid, purchase_units: { custom_id: paymentNo } },
    'a prototype': JSON.parse(`{"__proto__":{"custom_id":"${paymentNo}"},"status":"COMPLETED"}`),
  };
  for (const event_type of ['PAYMENT.CAPTURE.COMPLETED', 'CHECKOUT.ORDER.APPROVED', 'CHECKOUT.ORDER.COMPLETED']) {
    for (const [what, resource] of Object.entries(resources)) {
      const body = JSON.stringify({ id: 'WH-1', event_type, resource, paid: true });
      yield { what: `${event_type} of ${what}`, post: { type: TYPE, body, headers: genuine.headers ?? {} } };
    }
  }
}
