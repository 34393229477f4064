import type { VNode } from 'preact';
import { Layout, type Row, Rows } from '../pages/layout.tsx';
import { type Attempt, type Intent, type PaymentMethod, payerPath, returnAddress } from './intent.ts';
import { type KindName, kindOf } from './kinds.ts';
import { formatMajor } from './money.ts';
import { orderNoOf } from './order.ts';

/** A try to pay, with the page it is shown on. */
export interface Scene {
  readonly intent: Intent;
  readonly attempt: Attempt;
  readonly method: PaymentMethod;
}

function Head({ intent }: { readonly intent: Intent }) {
  const orderNo = orderNoOf(intent.metadata);
  return (
    <header class="order-head">
      <p class="quiet">Stripe, {intent.livemode ? 'live' : 'test'} mode</p>
      <p>
        <span class="amount large">
          <small>{intent.currency.toUpperCase()} </small>
          {formatMajor(intent.amount, intent.currency)}
        </span>
      </p>
      {intent.description && <p class="items">{intent.description}</p>}
      <p class="quiet">Order {orderNo === '' ? intent.id : orderNo}</p>
    </header>
  );
}

interface Step {
  readonly name: string;
  readonly label: string;
  readonly isPlain?: boolean;
}

function StepForm({ attempt, step }: { readonly attempt: Attempt; readonly step: Step }) {
  return (
    <form class="stack" method="post" action={`${payerPath(attempt)}/${step.name}`}>
      <button type="submit" class={step.isPlain ? 'button plain' : 'button'} data-action={step.name}>
        {step.label}
      </button>
    </form>
  );
}

function Steps({ attempt, steps }: { readonly attempt: Attempt; readonly steps: readonly Step[] }) {
  return (
    <div class="stack">
      {steps.map((step) => (
        <StepForm key={step.name} attempt={attempt} step={step} />
      ))}
    </div>
  );
}

const decline: Step = { name: 'decline', label: 'Decline 拒絕', isPlain: true };
const later: Step = { name: 'processing', label: 'Approve, the bank takes its time 處理中', isPlain: true };

function titleOf(type: KindName): string {
  return type === 'card' ? 'Verify the card 3D 驗證' : kindOf(type).title;
}

function RedirectBody({ attempt, method }: Scene) {
  const isCard = method.type === 'card';
  const note = isCard
    ? 'The bank would send a one-time code now. Nobody has to type one here.'
    : 'No login is needed here.';
  const approve: Step = { name: 'pay', label: isCard ? 'The code is right 驗證成功' : 'Approve 付款' };
  return (
    <>
      <p class="quiet">{method.bank === null ? note : `Bank: ${method.bank}. ${note}`}</p>
      <Steps attempt={attempt} steps={isCard ? [approve, decline] : [approve, later, decline]} />
    </>
  );
}

function QrBody({ attempt }: Scene) {
  const expire: Step = { name: 'expire', label: 'Let the code time out 逾時', isPlain: true };
  return (
    <>
      <p>
        <img src={`/stripe/qr/${attempt.nonce}.svg`} width="240" height="240" alt="QR code" />
      </p>
      <p class="quiet">Nobody has to scan this: choose what the payer does.</p>
      <Steps attempt={attempt} steps={[{ name: 'pay', label: 'Scan and pay 付款' }, later, decline, expire]} />
    </>
  );
}

export function askPage(scene: Scene): VNode {
  const title = titleOf(scene.method.type);
  return (
    <Layout title={title}>
      <Head intent={scene.intent} />
      <h1>{title}</h1>
      {scene.attempt.qr === null ? <RedirectBody {...scene} /> : <QrBody {...scene} />}
    </Layout>
  );
}

const endings: Partial<Record<Intent['status'], { readonly title: string; readonly css: string }>> = {
  succeeded: { title: 'Paid 付款成功', css: 'good' },
  processing: { title: 'Processing 處理中', css: 'warn' },
  canceled: { title: 'Canceled 已取消', css: 'bad' },
};

/** How the try ended; nothing can be done about it here any more. */
export function endPage(intent: Intent, returnUrl: string | null): VNode {
  const { title, css } = endings[intent.status] ?? { title: 'Not paid 付款失敗', css: 'bad' };
  const rows: Row[] = [
    { name: 'Stripe’s number', value: intent.id },
    ...(intent.lastError ? [{ name: 'Reason', value: intent.lastError.message }] : []),
  ];
  return (
    <Layout title={title}>
      <Head intent={intent} />
      <h1 class={css}>{title}</h1>
      <Rows rows={rows} />
      {returnUrl !== null && (
        <a class="button plain" data-back href={returnAddress(intent, returnUrl)}>
          Back to shop 返回商店
        </a>
      )}
    </Layout>
  );
}
