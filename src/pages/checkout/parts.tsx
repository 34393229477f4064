import type { ComponentChildren } from 'preact';
import { formatInstant, HOUR } from '../../core/time.ts';
import { formatMoment, formatTimeLeft, splitMoney } from '../format.ts';
import { cleanText } from '../safe.ts';
import { speak, type TextKey } from '../text.ts';
import type { Notice, PageModel } from './model.ts';
import { methodKey, moneyOf, titleKey } from './words.ts';

/** The top of every screen: what it is about, how much, for which order, until when. */
export function Summary({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  const { sign, digits } = splitMoney(model.amount, model.currency);
  return (
    <section class="summary">
      <h1 tabIndex={-1}>{say(titleKey(model))}</h1>
      <p class={digits.length > 10 ? 'amount long' : 'amount'}>
        <span class="sign">{sign}</span>
        {digits}
      </p>
      <p class="order">
        <bdi>{say('summary.order', { order: model.merchantOrderNo })}</bdi>
      </p>
      <Pill model={model} />
    </section>
  );
}

function Pill({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  if (model.screen === 'paid') {
    if (model.paidAt === null) return null;
    const moment = formatMoment(model.locale, say, model.paidAt, model.now);
    return <p class="pill good">{say('summary.paid', { moment })}</p>;
  }
  if (model.deadline === null || model.screen === 'failed' || model.screen === 'waiting') return null;
  const moment = formatMoment(model.locale, say, model.deadline, model.now);
  const due = <time dateTime={formatInstant(model.deadline)}>{say('summary.due', { moment })}</time>;
  if (model.screen === 'expired') return <p class="pill">{due}</p>;
  const left = model.deadline - model.now;
  return (
    <p class={left < HOUR ? 'pill soon' : 'pill'} data-deadline={model.deadline}>
      {due}
      <span class="left scripted" data-template={say('time.left')}>
        {left > 0 && say('time.left', { time: formatTimeLeft(model.locale, left) })}
      </span>
    </p>
  );
}

const NOTICES: Readonly<Record<Notice, TextKey>> = {
  declined: 'notice.declined',
  cancelled: 'notice.cancelled',
  capture_failed: 'notice.capture_failed',
};

/** What happened at the gateway that the payer came back from. */
export function NoticeLine({ model }: { model: Pick<PageModel, 'notice' | 'gateway' | 'locale'> }) {
  const { notice, gateway, locale } = model;
  if (notice === null) return null;
  return (
    <p class="notice" role="status" data-notice={notice}>
      {speak(locale)(NOTICES[notice], { gateway })}
    </p>
  );
}

export function Steps(props: { title: string; steps: readonly string[]; children?: ComponentChildren }) {
  return (
    <section class="steps">
      <h2>{props.title}</h2>
      <ol>
        {props.steps.map((step) => (
          <li key={step}>
            <span>{step}</span>
          </li>
        ))}
      </ol>
      {props.children}
    </section>
  );
}

function nameCard({ last4, bank }: NonNullable<PageModel['card']>): string {
  return cleanText(['•••• ', last4, ...(bank ? [' · ', bank] : [])].join(''));
}

export function Details({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  const show = (ms: number) => say('time.taipei', { moment: formatMoment(model.locale, say, ms, null) });
  const paid = model.screen === 'paid';
  const rows: readonly (readonly [string, string | null])[] = [
    [say('details.shop'), model.shopName],
    [say('details.order'), model.merchantOrderNo],
    [say('details.item'), model.itemName],
    [say('details.amount'), moneyOf(model)],
    [say('details.method'), model.gateway === '' ? null : `${say(methodKey(model.method))} · ${model.gateway}`],
    [say('details.due'), model.deadline === null || paid ? null : show(model.deadline)],
    [say('details.card'), paid && model.card ? nameCard(model.card) : null],
    [say('details.paid'), paid && model.paidAt !== null ? show(model.paidAt) : null],
    [say('details.number'), cleanText(model.paymentNo)],
  ];
  return (
    <section class="details">
      <h2>{say('details.title')}</h2>
      <dl>
        {rows.map(
          ([name, value]) =>
            value !== null &&
            value !== '' && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
