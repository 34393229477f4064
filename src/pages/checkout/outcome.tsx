import type { ComponentChildren } from 'preact';
import { speak } from '../text.ts';
import { BackLink, StartForm } from './buttons.tsx';
import type { PageModel } from './model.ts';
import { NoticeLine } from './notice.tsx';
import { isPaidElsewhere, isUnderReview } from './words.ts';

/** Below the state: what it means, and what to do now. */
function Outcome(props: { text: string; children?: ComponentChildren }) {
  return (
    <section class="block outcome" data-block>
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
    <Outcome text={say(review ? 'review.text' : 'waiting.text', { gateway })}>
      {model.notice === 'capture_failed' && <NoticeLine model={model} />}
      <noscript>
        <p class="aside">
          <a href={model.pageUrl ?? ''}>{say('waiting.check')}</a>
        </p>
      </noscript>
      {/* What is under review, or being taken, may come out as paid: nothing here may lead to a second payment. */}
      {!review && <PayAgain model={model} />}
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
  const { shopName, locale } = model;
  const say = speak(locale);
  return (
    <Outcome text={model.livemode ? say('paid.text', { shop: shopName }) : say('paid.test')}>
      {model.flags.includes('duplicate') && <p class="note">{say('paid.duplicate')}</p>}
      <WayOn model={model} />
    </Outcome>
  );
}

/** Only the page that the shop has named for it is gone on to without a press. */
function WayOn({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  if (!model.successUrl) {
    return model.homeUrl ? <BackLink model={model} quiet /> : <p class="aside">{say('paid.close')}</p>;
  }
  return (
    <>
      <a class="button" href={model.successUrl} data-continue>
        {say('paid.continue')}
      </a>
      <p class="aside scripted leaving" data-leaving>
        <span>{say('paid.leaving')}</span>
        <button type="button" class="link" data-stay>
          {say('paid.stay')}
        </button>
      </p>
    </>
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

export function ExpiredScreen({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  const elsewhere = isPaidElsewhere(model);
  return (
    <Outcome text={say(elsewhere ? 'expired.text' : 'expired.order')}>
      <p class="note" data-late-note>
        {say(elsewhere ? 'expired.late' : 'expired.paid')}
      </p>
      <NextTry model={model} />
    </Outcome>
  );
}

export function FailedScreen({ model }: { model: PageModel }) {
  return (
    <Outcome text={speak(model.locale)('failed.text')}>
      <LateNote model={model} />
      <NextTry model={model} />
    </Outcome>
  );
}

/** Nobody has failed here: it was ended on purpose. */
export function CancelledScreen({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  return (
    <Outcome text={say('cancelled.text')}>
      <p class="note" data-late-note>
        {say(isPaidElsewhere(model) ? 'cancelled.late' : 'cancelled.paid')}
      </p>
      <NextTry model={model} />
    </Outcome>
  );
}

/** Where a number was given out, it may have been paid before it was known that nobody should. */
function LateNote({ model }: { model: PageModel }) {
  if (!isPaidElsewhere(model)) return null;
  return (
    <p class="note" data-late-note>
      {speak(model.locale)('cancelled.late')}
    </p>
  );
}

function NextTry({ model }: { model: PageModel }) {
  return (
    <>
      <StartForm model={model} label={speak(model.locale)('again.button')} />
      <BackLink model={model} quiet={model.startAction !== null} />
    </>
  );
}
