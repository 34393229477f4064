import type { ComponentChildren } from 'preact';
import { BackLink, GoForm } from './buttons.tsx';
import { type Mark, OutcomeMark } from './icons.tsx';
import { isUnderReview, type Scene } from './scene.ts';

function Outcome(props: { mark: Mark; text: string; children?: ComponentChildren }) {
  return (
    <section class="block outcome" data-block>
      <OutcomeMark mark={props.mark} />
      <p class="say">{props.text}</p>
      {props.children}
    </section>
  );
}

export function WaitingScreen({ scene }: { scene: Scene }) {
  const { say, gateway } = scene;
  const review = isUnderReview(scene.view);
  return (
    <Outcome mark="dots" text={say(review ? 'review.text' : 'waiting.text', { gateway })}>
      <noscript>
        <p class="aside">
          <a href={scene.pageUrl ?? ''}>{say('waiting.check')}</a>
        </p>
      </noscript>
      {/* What is under review may come out as paid: nothing here may lead to a second payment. */}
      {review ? <BackLink scene={scene} quiet /> : <PayAgain scene={scene} />}
    </Outcome>
  );
}

function PayAgain({ scene }: { scene: Scene }) {
  const { say, goAction } = scene;
  if (!goAction) return null;
  return (
    <>
      <p class="aside">{say('waiting.again')}</p>
      <GoForm scene={scene} label={say('again.button')} look="button second" />
    </>
  );
}

export function PaidScreen({ scene }: { scene: Scene }) {
  const { say, view, shop, successUrl } = scene;
  return (
    <Outcome mark="tick" text={view.livemode ? say('paid.text', { shop }) : say('paid.test')}>
      {view.flags.includes('duplicate') && <p class="note">{say('paid.duplicate')}</p>}
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

export function Receipt({ scene }: { scene: Scene }) {
  const { say } = scene;
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

export function ExpiredScreen({ scene }: { scene: Scene }) {
  const { say, goAction } = scene;
  const elsewhere = PAID_ELSEWHERE.includes(scene.view.instructions?.type);
  return (
    <Outcome mark="clock" text={say(elsewhere ? 'expired.text' : 'expired.order')}>
      <p class="note" data-late-note>
        {say(elsewhere ? 'expired.late' : 'expired.paid')}
      </p>
      <GoForm scene={scene} label={say('again.button')} />
      <BackLink scene={scene} quiet={goAction !== null} />
    </Outcome>
  );
}

export function FailedScreen({ scene }: { scene: Scene }) {
  const { say, goAction } = scene;
  return (
    <Outcome mark="cross" text={say('failed.text')}>
      <GoForm scene={scene} label={say('again.button')} />
      <BackLink scene={scene} quiet={goAction !== null} />
    </Outcome>
  );
}
