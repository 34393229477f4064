import type { ComponentChildren } from 'preact';
import { speak } from '../text.ts';
import { BackLink, StartForm } from './buttons.tsx';
import { type Mark, OutcomeMark } from './icons.tsx';
import type { PageModel } from './model.ts';
import { NoticeLine } from './notice.tsx';
import { isUnderReview } from './words.ts';

function Outcome(props: { mark: Mark; text: string; children?: ComponentChildren }) {
  return (
    <section class="block outcome" data-block>
      <OutcomeMark mark={props.mark} />
      <p class="say">{props.text}</p>
      {props.children}
    </section>
  );
}

export function WaitingScreen({ model }: { model: PageModel }) {
  const { gateway, locale } = model;
  const say = speak(locale);
  const review = isUnderReview(model);
  return (
    <Outcome mark="dots" text={say(review ? 'review.text' : 'waiting.text', { gateway })}>
      {model.notice === 'capture_failed' && <NoticeLine model={model} />}
      <noscript>
        <p class="aside">
          <a href={model.pageUrl ?? ''}>{say('waiting.check')}</a>
        </p>
      </noscript>
      {/* What is under review, or being taken, may come out as paid: nothing here may lead to a second payment. */}
      {review || !model.startAction ? <BackLink model={model} quiet /> : <PayAgain model={model} />}
    </Outcome>
  );
}

function PayAgain({ model }: { model: PageModel }) {
  if (!model.startAction) return null;
  const say = speak(model.locale);
  return (
    <>
      <p class="aside">{say('waiting.again')}</p>
      <StartForm model={model} label={say('again.button')} look="button second" />
    </>
  );
}

export function PaidScreen({ model }: { model: PageModel }) {
  const { shopName, successUrl, locale } = model;
  const say = speak(locale);
  return (
    <Outcome mark="tick" text={model.livemode ? say('paid.text', { shop: shopName }) : say('paid.test')}>
      {model.flags.includes('duplicate') && <p class="note">{say('paid.duplicate')}</p>}
      {successUrl ? (
        <>
          <a class="button" href={successUrl} data-continue>
            {say('paid.continue')}
          </a>
          <p class="aside scripted leaving" data-leaving>
            <span>{say('paid.leaving')}</span>
            <button type="button" class="link" data-stay>
              {say('paid.stay')}
            </button>
          </p>
        </>
      ) : (
        <p class="aside">{say('paid.close')}</p>
      )}
    </Outcome>
  );
}

export function Receipt({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  return (
    <section class="receipt">
      <p>{say('paid.receipt')}</p>
      <button type="button" class="link scripted" data-print>
        {say('paid.print')}
      </button>
    </section>
  );
}

/** Numbers that are taken to a counter or a bank, where money goes on its way without us. */
const PAID_ELSEWHERE: readonly (string | undefined)[] = ['atm', 'cvs', 'barcode'];

export function ExpiredScreen({ model }: { model: PageModel }) {
  const { startAction, locale } = model;
  const say = speak(locale);
  const elsewhere = PAID_ELSEWHERE.includes(model.instructions?.type);
  return (
    <Outcome mark="clock" text={say(elsewhere ? 'expired.text' : 'expired.order')}>
      <p class="note" data-late-note>
        {say(elsewhere ? 'expired.late' : 'expired.paid')}
      </p>
      <StartForm model={model} label={say('again.button')} />
      <BackLink model={model} quiet={startAction !== null} />
    </Outcome>
  );
}

export function FailedScreen({ model }: { model: PageModel }) {
  const { startAction, locale } = model;
  const say = speak(locale);
  return (
    <Outcome mark="cross" text={say('failed.text')}>
      <StartForm model={model} label={say('again.button')} />
      <BackLink model={model} quiet={startAction !== null} />
    </Outcome>
  );
}
