import type { ComponentChildren, VNode } from 'preact';
import { answerPage, answerText, seeOther } from '../http.ts';
import { Layout, Rows } from '../pages/layout.tsx';
import { refuseAction } from '../rest.ts';
import type { Call, World } from '../world.ts';
import { errorOf } from './cards.ts';
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

interface PageProps {
  readonly intent: Intent;
  readonly title: string;
  readonly css?: string;
  readonly children: ComponentChildren;
}

function Page({ intent, title, css, children }: PageProps) {
  const { amount, currency, id, livemode } = intent;
  const { description } = intent.fields;
  return (
    <Layout title={title}>
      <header class="order-head">
        <p class="quiet">Stripe, {livemode ? 'live' : 'test'} mode</p>
        <p>
          <span class="amount large">
            <small>{currency.toUpperCase()} </small>
            {formatMajor(amount, currency)}
          </span>
        </p>
        {description && <p class="items">{description}</p>}
        <p class="quiet">Order {orderNoOf(intent) || id}</p>
      </header>
      {css ? <h1 class={css}>{title}</h1> : <h1>{title}</h1>}
      {children}
    </Layout>
  );
}

type StepName = 'pay' | 'processing' | 'decline' | 'expire';

function Steps({ attempt, labels }: { readonly attempt: Attempt; readonly labels: Partial<Record<StepName, string>> }) {
  return (
    <div class="stack">
      {Object.entries(labels).map(([name, label]) => (
        <form key={name} class="stack" method="post" action={`${payerPath(attempt)}/${name}`}>
          <button type="submit" class={name === 'pay' ? 'button' : 'button plain'} data-action={name}>
            {label}
          </button>
        </form>
      ))}
    </div>
  );
}

const decline = 'Decline 拒絕';
const processing = 'Approve, the bank takes its time 處理中';

function RedirectBody({ attempt, method }: Scene) {
  const isCard = method.type === 'card';
  const note = isCard
    ? 'The bank would send a one-time code now. Nobody has to type one here.'
    : 'No login is needed here.';
  const labels = isCard ? { pay: 'The code is right 驗證成功', decline } : { pay: 'Approve 付款', processing, decline };
  return (
    <>
      <p class="quiet">{method.bank === null ? note : `Bank: ${method.bank}. ${note}`}</p>
      <Steps attempt={attempt} labels={labels} />
    </>
  );
}

function QrBody({ attempt }: Scene) {
  const labels = { pay: 'Scan and pay 付款', processing, decline, expire: 'Let the code time out 逾時' };
  return (
    <>
      <p>
        <img src={`/stripe/qr/${attempt.nonce}.svg`} width="240" height="240" alt="QR code" />
      </p>
      <p class="quiet">Nobody has to scan this: choose what the payer does.</p>
      <Steps attempt={attempt} labels={labels} />
    </>
  );
}

function askPage(scene: Scene): VNode {
  const { intent, attempt, method } = scene;
  const title = method.type === 'card' ? 'Verify the card 3D 驗證' : kindOf(method.type).title;
  return (
    <Page intent={intent} title={title}>
      {attempt.qr === null ? <RedirectBody {...scene} /> : <QrBody {...scene} />}
    </Page>
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
    <Page intent={intent} title={title} css={css}>
      <Rows rows={[{ name: 'Stripe’s number', value: intent.id }, ...reason]} />
      {returnUrl !== null && (
        <a class="button plain" data-back href={returnAddress(intent, returnUrl)}>
          Back to shop 返回商店
        </a>
      )}
    </Page>
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

/** `GET /stripe/qr/{nonce}.svg|png` */
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
