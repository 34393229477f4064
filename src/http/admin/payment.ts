import type { Actor } from '../../core/actor.ts';
import { PayCoreError } from '../../core/errors.ts';
import { PAYMENT_NO } from '../../core/ids.ts';
import type { SyncResultType } from '../../core/lifecycle/sync.ts';
import type { Deps } from '../../deps.ts';
import type { FormTrouble } from '../../pages/admin/payment/parts.tsx';
import { RefundQuestionPage } from '../../pages/admin/payment/question.tsx';
import { PaymentPage } from '../../pages/admin/payment.tsx';
import type { DeskText } from '../../pages/admin/texts.ts';
import { formatMoney } from '../../pages/format.ts';
import { cleanText } from '../../pages/safe.ts';
import { cancelPayment } from '../../payments/cancel.ts';
import { loadPaymentModel } from '../../payments/desk/payment.ts';
import { askRefund, confirmRefund } from '../../payments/desk/refund.ts';
import type { Services } from '../../payments/index.ts';
import { resendDelivery, resendNotification } from '../../payments/resend.ts';
import { syncPayment } from '../../payments/sync/request.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { attachment } from './attachment.ts';
import type { DeskAction, DeskArea, Done, Form, Params, Problem, Shown, Visit } from './desk.ts';

/** One payment: looked at, asked about, told of again, cancelled, paid back. */

const PATH = '/admin/payments/:paymentNo';

export function paymentDesk(deps: Deps, services: Services): DeskArea {
  const find = (params: Params) => findPayment(deps, params);
  const found = async (params: Params) => (await find(params)) ?? fail();

  const show = async (visit: Visit, params: Params, trouble: FormTrouble | null): Promise<Shown | null> => {
    const payment = await find(params);
    return payment && showPayment(deps, visit, payment, trouble);
  };

  /** The page again, with what went wrong at the form that was sent. */
  const again =
    (action: FormTrouble['action'], which = '') =>
    (visit: Visit, problem: Problem, params: Params, form: Form) =>
      show(visit, params, { action, problem, which: which === '' ? '' : form.text(which) });

  const action = (
    name: FormTrouble['action'],
    right: DeskAction['right'],
    run: (visit: Visit, payment: PaymentWithAttempt, form: Form) => Promise<Done>,
    more: Partial<DeskAction> & { readonly which?: string } = {},
  ): DeskAction => {
    const { which, ...rest } = more;
    return {
      ...{ path: `${PATH}/${name}`, action: name, page: 'payment', right },
      run: async (visit, form, params) => run(visit, await found(params), form),
      again: again(name, which),
      ...rest,
    };
  };

  return {
    pages: [
      { path: PATH, page: 'payment', right: 'staff', show: (visit, params) => show(visit, params, null) },
      {
        path: `${PATH}/callbacks/:eventId`,
        ...{ page: 'payment', right: 'owner' },
        show: async (_, params) => downloadCallback(deps, await find(params), params.eventId ?? ''),
      },
    ],
    actions: [
      action('sync', 'staff', (visit, payment) => sync(deps, services, visit, payment)),
      action('resend', 'staff', (visit, payment, form) => resend(deps, visit, payment, form), { which: 'webhook_id' }),
      action('cancel', 'owner', (visit, payment) => cancel(deps, services, visit, payment)),
      // The question changes nothing; what it answers to does.
      action('refund', 'refund', (visit, payment, form) => ask(deps, visit, payment, form), {
        ...{ action: 'refund-question', which: 'gateway_trade_no' },
      }),
      action('refund', 'refund', (visit, payment, form) => refund(deps, services, visit, payment, form), {
        ...{ path: `${PATH}/confirm-refund`, which: 'gateway_trade_no' },
      }),
    ],
  };
}

async function findPayment(
  { store }: Pick<Deps, 'store'>,
  { paymentNo = '' }: Params,
): Promise<PaymentWithAttempt | null> {
  return PAYMENT_NO.test(paymentNo) ? store.findPayment(paymentNo) : null;
}

function fail(): never {
  throw new PayCoreError('PAYMENT_NOT_FOUND');
}

const ROW_ID = /^[1-9]\d{0,14}$/;

async function showPayment(
  deps: Deps,
  visit: Visit,
  found: PaymentWithAttempt,
  trouble: FormTrouble | null,
): Promise<Shown> {
  const { payment } = found;
  const before = visit.url.searchParams.get('before') ?? '';
  const model = await loadPaymentModel(deps, found, ROW_ID.test(before) ? Number(before) : null);
  return {
    title: visit.say('payment.title', { order: cleanText(payment.merchantOrderNo) }),
    body: PaymentPage({ frame: visit, model, trouble }),
    data: dataOf(payment),
  };
}

function dataOf({ paymentNo, status }: PaymentWithAttempt['payment']) {
  return { 'data-payment-no': paymentNo, 'data-status': status };
}

async function downloadCallback(
  { store }: Pick<Deps, 'store'>,
  found: PaymentWithAttempt | null,
  eventId: string,
): Promise<Response | null> {
  if (!found || !ROW_ID.test(eventId)) return null;
  const kept = await store.findCallbackBody(found.payment.id, Number(eventId));
  return kept && attachment(kept.body, `${found.payment.paymentNo}-callback-${eventId}.txt`);
}

function actorOf({ person: { id, name } }: Visit): Actor {
  return { type: 'person', id, name };
}

function pathOf({ payment }: PaymentWithAttempt): string {
  return `/admin/payments/${payment.paymentNo}`;
}

/** What a question may come to that is no error. */
const SYNC_NOTICES: Readonly<Partial<Record<SyncResultType, DeskText>>> = {
  paid: 'payment.done.sync.paid',
  unpaid: 'payment.done.sync.unpaid',
  mismatch: 'payment.done.sync.mismatch',
  not_found: 'payment.done.sync.not_found',
  over: 'payment.done.sync.over',
};

async function sync(
  deps: Deps,
  { syncAttempt }: Pick<Services, 'syncAttempt'>,
  visit: Visit,
  found: PaymentWithAttempt,
): Promise<Done> {
  const { payment } = found;
  const result = await syncPayment(deps, syncAttempt, found, actorOf(visit));
  return {
    to: pathOf(found),
    notice: SYNC_NOTICES[result.sync.result] ?? 'payment.done.sync.unknown',
    values: { gateway: deps.gateways.find(payment.gateway)?.name ?? visit.say('payment.gateway.none') },
    audit: {
      about: payment.paymentNo,
      before: { status: payment.status },
      after: { status: result.status, result: result.sync.result },
    },
  };
}

async function resend(deps: Deps, visit: Visit, found: PaymentWithAttempt, form: Form): Promise<Done> {
  const { payment } = found;
  const webhookId = form.text('webhook_id');
  const by = actorOf(visit);
  const { event, webhook_id, state } =
    webhookId === '' ? await resendNotification(deps, payment, by) : await resendDelivery(deps, payment, webhookId, by);
  return {
    to: pathOf(found),
    notice: state === 'sending' ? 'payment.done.resending' : 'payment.done.resend',
    audit: { about: payment.paymentNo, after: { event, webhook_id } },
  };
}

async function cancel(
  deps: Deps,
  { syncAttempt, calls }: Pick<Services, 'syncAttempt' | 'calls'>,
  visit: Visit,
  found: PaymentWithAttempt,
): Promise<Done> {
  const { status, paymentNo } = found.payment;
  const { payment } = await cancelPayment(deps, { syncAttempt, calls }, actorOf(visit), found);
  const isDone = status === 'pending' && payment.reason === 'CANCELLED';
  return {
    to: pathOf(found),
    notice: isDone ? 'payment.done.cancel' : 'payment.done.cancel.over',
    audit: { about: paymentNo, before: { status }, after: { status: payment.status } },
  };
}

function readSent(form: Form) {
  return { amount: form.text('amount'), reason: form.text('reason'), tradeNo: form.text('gateway_trade_no') };
}

async function ask(deps: Deps, visit: Visit, found: PaymentWithAttempt, form: Form): Promise<Done> {
  const question = await askRefund(deps, found, readSent(form));
  return {
    shown: {
      title: visit.say('payment.refund.title'),
      body: RefundQuestionPage({ frame: visit, question }),
      data: dataOf(found.payment),
    },
    audit: { about: found.payment.paymentNo, after: { amount: question.amountText } },
  };
}

async function refund(
  deps: Deps,
  services: Services,
  visit: Visit,
  found: PaymentWithAttempt,
  form: Form,
): Promise<Done> {
  const { payment } = found;
  const sent = { ...readSent(form), formKey: form.text('form_key'), seen: form.text('seen') };
  const { created, data, amount } = await confirmRefund(deps, services, found, sent, actorOf(visit));
  const isOver = data.status === 'succeeded';
  const done = isOver ? 'payment.done.refund' : 'payment.done.refund.pending';
  return {
    to: pathOf(found),
    notice: created ? done : 'payment.done.refund.again',
    values: {
      ...{ amount: formatMoney(amount, payment.currency), no: data.refund_no },
      gateway: deps.gateways.find(payment.gateway)?.name ?? '',
    },
    audit: {
      about: payment.paymentNo,
      after: { refund_no: data.refund_no, amount: data.amount_decimal, status: data.status, created },
    },
  };
}
