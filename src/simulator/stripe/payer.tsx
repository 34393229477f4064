import type { VNode } from 'preact';
import { answerPage, answerText, seeOther } from '../http.ts';
import { Rows } from '../pages/layout.tsx';
import { refuseAction } from '../rest.ts';
import { PayerPage, Step, WayBack } from '../rest-page.tsx';
import type { Call, World } from '../world.ts';
import { AFTERWARDS, type Telling } from './events.ts';
import { paymentErrors } from './failure.ts';
import {
  type Attempt,
  type Intent,
  openAttempt,
  openIntents,
  orderNoOf,
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
  const intent = openIntents(world).find((one) => one.attempt?.nonce === nonce);
  return intent ?? refuseAction('ORDER_NOT_FOUND', 'No such payment, or another try has taken its place.', 404);
}

function sceneOf(intent: Intent): Scene | null {
  const { method } = intent;
  const attempt = openAttempt(intent);
  return attempt && method ? { intent, attempt, method } : null;
}

function saleOf(intent: Intent) {
  const { amount, currency, fields, id, livemode } = intent;
  return {
    payee: `Stripe, ${livemode ? 'live' : 'test'} mode`,
    currency: currency.toUpperCase(),
    amount: formatMajor(amount, currency),
    item: fields.description,
    orderNo: orderNoOf(intent) || id,
  };
}

type StepName = 'pay' | 'processing' | 'decline' | 'expire';

const decline = 'Decline 拒絕';
const processing = 'Approve, the bank takes its time 處理中';
const cardLabels = { pay: 'The code is right 驗證成功', decline };
const redirectLabels = { pay: 'Approve 付款', processing, decline };
const qrLabels = { pay: 'Scan and pay 付款', processing, decline, expire: 'Let the code time out 逾時' };

function Redirected({ type, bank }: PaymentMethod) {
  const note =
    type === 'card'
      ? 'The bank would send a one-time code now. Nobody has to type one here.'
      : 'No login is needed here.';
  return <p class="quiet">{bank === null ? note : `Bank: ${bank}. ${note}`}</p>;
}

function Scanned({ nonce }: Attempt) {
  return (
    <>
      <p>
        <img src={`/stripe/qr/${nonce}.svg`} width="240" height="240" alt="QR code" />
      </p>
      <p class="quiet">Nobody has to scan this: choose what the payer does.</p>
    </>
  );
}

function askPage({ intent, attempt, method }: Scene): VNode {
  const isCard = method.type === 'card';
  const isRedirect = attempt.qr === null;
  const labels = isCard ? cardLabels : isRedirect ? redirectLabels : qrLabels;
  return (
    <PayerPage {...saleOf(intent)} title={isCard ? 'Verify the card 3D 驗證' : kindOf(method.type).title}>
      {isRedirect ? <Redirected {...method} /> : <Scanned {...attempt} />}
      <div class="stack">
        {Object.entries(labels).map(([name, label]) => {
          const action = `${payerPath(attempt)}/${name}`;
          return <Step key={name} action={action} name={name} label={label} isMain={name === 'pay'} />;
        })}
      </div>
    </PayerPage>
  );
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
  return (
    <PayerPage {...saleOf(intent)} title={title} css={css}>
      <Rows rows={[{ name: 'Stripe’s number', value: intent.id }, ...reason]} />
      <WayBack href={returnUrl && returnAddress(intent, returnUrl)} />
    </PayerPage>
  );
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
