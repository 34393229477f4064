import type { ComponentChildren } from 'preact';
import { formatInstant, HOUR } from '../../core/time.ts';
import { formatMoment, formatTimeLeft, splitMoney } from '../format.ts';
import { cleanText } from '../safe.ts';
import type { TextKey } from '../text.ts';
import { Qr } from './qr.tsx';
import { methodKey, type Scene } from './scene.ts';
import type { Notice } from './view.ts';

/** The top of every screen: what it is about, how much, for which order, until when. */
export function Summary({ scene }: { scene: Scene }) {
  const { view, say } = scene;
  const { sign, digits } = splitMoney(view.amount, view.currency);
  return (
    <section class="summary">
      <h1 tabIndex={-1}>{scene.title}</h1>
      <p class={digits.length > 10 ? 'amount long' : 'amount'}>
        <span class="sign">{sign}</span>
        {digits}
      </p>
      <p class="order">
        <bdi>{say('summary.order', { order: scene.order })}</bdi>
      </p>
      <Pill scene={scene} />
    </section>
  );
}

function Pill({ scene }: { scene: Scene }) {
  const { view, say } = scene;
  if (view.screen === 'paid') {
    if (view.paidAt === null) return null;
    const moment = formatMoment(view.locale, say, view.paidAt, view.now);
    return <p class="pill good">{say('summary.paid', { moment })}</p>;
  }
  if (view.deadline === null || view.screen === 'failed' || view.screen === 'waiting') return null;
  const moment = formatMoment(view.locale, say, view.deadline, view.now);
  const due = <time dateTime={formatInstant(view.deadline)}>{say('summary.due', { moment })}</time>;
  if (view.screen === 'expired') return <p class="pill">{due}</p>;
  const left = view.deadline - view.now;
  return (
    <p class={left < HOUR ? 'pill soon' : 'pill'} data-deadline={view.deadline}>
      {due}
      <span class="left scripted" data-template={say('time.left')}>
        {left > 0 && say('time.left', { time: formatTimeLeft(view.locale, left) })}
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
export function NoticeLine({ scene }: { scene: Scene }) {
  const { notice } = scene.view;
  if (notice === null) return null;
  return (
    <p class="notice" role="status" data-notice={notice}>
      {scene.say(NOTICES[notice], { gateway: scene.gateway })}
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

/** The page's address as a QR code, to go on with on a phone. */
export function Carry({ scene, always }: { scene: Scene; always: boolean }) {
  if (!scene.qr || !scene.pageUrl) return null;
  return (
    <section class={always ? 'carry' : 'carry wide'}>
      <div class="qr" data-qr>
        <Qr shape={scene.qr} label={scene.say('carry.title')} />
      </div>
      <div>
        <h2>{scene.say('carry.title')}</h2>
        <p>{scene.say('carry.text')}</p>
      </div>
    </section>
  );
}

export function Details({ scene }: { scene: Scene }) {
  const { view, say } = scene;
  const show = (ms: number) => say('time.taipei', { moment: formatMoment(view.locale, say, ms, null) });
  const paid = view.screen === 'paid';
  const rows: readonly (readonly [string, string | null])[] = [
    [say('details.shop'), scene.shop],
    [say('details.order'), scene.order],
    [say('details.item'), view.itemName === null ? null : cleanText(view.itemName)],
    [say('details.amount'), scene.money],
    [say('details.method'), scene.gateway === '' ? null : `${say(methodKey(view.method))} · ${scene.gateway}`],
    [say('details.due'), view.deadline === null || paid ? null : show(view.deadline)],
    [say('details.paid'), paid && view.paidAt !== null ? show(view.paidAt) : null],
    [say('details.number'), cleanText(view.paymentNo)],
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
