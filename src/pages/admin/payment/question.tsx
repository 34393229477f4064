import { formatMoney } from '../../format.ts';
import { cleanText } from '../../safe.ts';
import type { Frame } from '../frame.ts';
import { ActionForm } from '../parts/form.tsx';
import type { RefundQuestion } from './model.ts';
import { Amount } from './parts.tsx';

/** The question before money goes back: how much, of which order, through whom. */
export function RefundQuestionPage({ frame, question }: { readonly frame: Frame; readonly question: RefundQuestion }) {
  const { say } = frame;
  const { payment, gatewayName, amount, rest, amountText, reason, tradeNo, formKey, seen } = question;
  const money = (minor: number) => formatMoney(minor, payment.currency);
  const path = `/admin/payments/${payment.paymentNo}`;
  const fields = { amount: amountText, reason, gateway_trade_no: tradeNo, form_key: formKey, seen: String(seen) };
  return (
    <section class="card refund-question">
      <h1>{say('payment.refund.title')}</h1>
      <Amount minor={amount} currency={payment.currency} />
      <p class="question-text">
        {say('payment.refund.ask', {
          order: cleanText(payment.merchantOrderNo),
          amount: money(amount),
          gateway: gatewayName,
        })}
      </p>
      <p>
        {say('payment.refund.of', { total: money(payment.amount), rest: money(rest) })} {say('payment.refund.final')}
      </p>
      {reason !== '' && <p>{say('payment.refund.by', { reason: cleanText(reason) })}</p>}
      <div class="actions">
        <ActionForm frame={frame} name="refund" action={`${path}/confirm-refund#refunds`} class="inline">
          {Object.entries(fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <button type="submit" class="button danger" data-confirm>
            {say('payment.refund.yes', { amount: money(amount) })}
          </button>
        </ActionForm>
        <a class="button quiet" href={path}>
          {say('payment.refund.no')}
        </a>
      </div>
    </section>
  );
}
