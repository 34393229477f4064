import type { VNode } from 'preact';
import { answerPage, answerText, refuseAction, seeOther } from '../http.ts';
import { PayerPage, type PayerParts } from '../pages/payer.tsx';
import type { Call, World } from '../world.ts';
import { AFTERWARDS, type Telling } from './events.ts';
import { paymentErrors } from './failure.ts';
import {
  type Attempt,
  type Intent,
  openAttempt,
  orderNoOf,
  orders,
  type PaymentMethod,
  payerPath,
  returnAddress,
} from './intent.ts';
import { kindOf } from './kinds.ts';
import { errorOf } from './methods.ts';
import { formatMajor } from './money.ts';
import { drawPng, drawSvg } from './qr.ts';
import { fail, process, succeed } from './settle.ts';

/** A try to pay, with the page it is shown on. */
interface Scene {
  readonly intent: Intent;
  readonly attempt: Attempt;
  readonly method: PaymentMethod;
}

function findByNonce(world: World, nonce = ''): Intent {
  const intent = orders.shelf(world).find((one) => one.attempt?.nonce === nonce);
  return intent ?? refuseAction('ORDER_NOT_FOUND', 'No such payment, or another try has taken its place.', 404);
}

function sceneOf(intent: Intent): Scene | null {
  const { method } = intent;
  const attempt = openAttempt(intent);
  return attempt && method ? { intent, attempt, method } : null;
}

function pageOf(intent: Intent, parts: PayerParts): VNode {
  const { amount, currency, fields, id, livemode } = intent;
  const sale = {
    payee: `Stripe, ${livemode ? 'live' : 'test'} mode`,
    unit: `${currency.toUpperCase()} `,
    amount: formatMajor(amount, currency),
    items: fields.description === undefined ? [] : [fields.description],
    orderNo: orderNoOf(intent) || id,
  };
  return <PayerPage sale={sale} {...parts} />;
}

type StepName = 'pay' | 'processing' | 'decline' | 'expire';
type Steps = readonly (readonly [StepName, string])[];

const waysOut: Steps = [
  ['processing', 'Approve, the bank takes its time 處理中'],
  ['decline', 'Decline 拒絕'],
];
const cardSteps: Steps = [['pay', 'The code is right 驗證成功'], ...waysOut.slice(1)];
const redirectSteps: Steps = [['pay', 'Approve 付款'], ...waysOut];
const qrSteps: Steps = [['pay', 'Scan and pay 付款'], ...waysOut, ['expire', 'Let the code time out 逾時']];

function askPage({ intent, attempt, method: { type, bank } }: Scene): VNode {
  const title = type === 'card' ? 'Verify the card 3D 驗證' : kindOf(type).title;
  const path = payerPath(attempt);
  if (attempt.qr !== null) {
    const picture = (
      <p>
        <img src={`/stripe/qr/${attempt.nonce}.svg`} width="240" height="240" alt="QR code" />
      </p>
    );
    const note = 'Nobody has to scan this: choose what the payer does.';
    return pageOf(intent, { title, path, steps: qrSteps, note, children: picture });
  }
  const note =
    type === 'card'
      ? 'The bank would send a one-time code now. Nobody has to type one here.'
      : 'No login is needed here.';
  const steps = type === 'card' ? cardSteps : redirectSteps;
  return pageOf(intent, { title, path, steps, note: bank === null ? note : `Bank: ${bank}. ${note}` });
}

const endings: Partial<Record<Intent['status'], readonly [title: string, css: string]>> = {
  succeeded: ['Paid 付款成功', 'good'],
  processing: ['Processing 處理中', 'warn'],
  canceled: ['Canceled 已取消', 'bad'],
};

/** How the try ended; nothing can be done about it here any more. */
function endPage(intent: Intent): VNode {
  const [title, css] = endings[intent.status] ?? ['Not paid 付款失敗', 'bad'];
  const returnUrl = intent.attempt?.returnUrl ?? null;
  const reason = intent.lastError ? [{ name: 'Reason', value: intent.lastError.message }] : [];
  const rows = [{ name: 'Stripe’s number', value: intent.id }, ...reason];
  return pageOf(intent, { title, css, rows, back: returnUrl && returnAddress(intent, returnUrl) });
}

/** What a payer can press. A card may be declined all the same when the payer is through. */
const steps: Readonly<Record<StepName, (telling: Telling, scene: Scene) => Promise<Intent>>> = {
  pay: (telling, { intent, method }) => {
    const error = errorOf(method.card);
    return error === null ? succeed(telling, intent, method) : fail(telling, intent, error);
  },
  processing: (telling, { intent, method }) => process(telling, intent, method),
  decline: (telling, { intent, method }) =>
    fail(telling, intent, method.type === 'card' ? paymentErrors.unauthenticated : paymentErrors.failed),
  expire: (telling, { intent }) => fail(telling, intent, paymentErrors.expired),
};

/** `GET /stripe/authorize/{nonce}`: the page of the wallet, the bank or the QR code. */
export function showPayer({ world, params }: Call): Response {
  const intent = findByNonce(world, params[0]);
  const scene = sceneOf(intent);
  return answerPage(scene ? askPage(scene) : endPage(intent));
}

/** `POST /stripe/authorize/{nonce}/{step}`: what the payer pressed there, once. */
export async function stepPayer({ world, params }: Call): Promise<Response> {
  const [nonce, name = ''] = params;
  const step = Object.hasOwn(steps, name) ? steps[name as StepName] : undefined;
  if (!step) return refuseAction('NOT_FOUND', 'No such step.', 404);
  const intent = findByNonce(world, nonce);
  const scene = sceneOf(intent);
  if (!scene) return answerPage(endPage(intent));
  const { returnUrl, qr } = scene.attempt;
  const after = await step({ world, plan: AFTERWARDS }, scene);
  // A code is scanned with a phone while the shop's own page waits elsewhere: nobody is carried back.
  return returnUrl === null || qr !== null ? answerPage(endPage(after)) : seeOther(returnAddress(after, returnUrl));
}

export async function showQr({ world, params }: Call): Promise<Response> {
  const [nonce, extension] = params;
  const text = findByNonce(world, nonce).attempt?.qr ?? refuseAction('NOT_FOUND', 'This payment has no QR code.', 404);
  const response =
    extension === 'svg'
      ? answerText(await drawSvg(text), 200, 'image/svg+xml')
      : new Response(new Uint8Array(await drawPng(text)), { headers: { 'content-type': 'image/png' } });
  response.headers.set('cross-origin-resource-policy', 'cross-origin');
  return response;
}
