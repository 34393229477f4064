import type { ComponentChildren } from 'preact';
import { type Mark, OutcomeMark } from './icons.tsx';
import { NoticeLine, Steps } from './parts.tsx';
import type { Scene } from './scene.ts';

function Outcome(props: { mark: Mark; text: string; children?: ComponentChildren }) {
  return (
    <section class="block outcome" data-block>
      <OutcomeMark mark={props.mark} />
      <p class="say">{props.text}</p>
      {props.children}
    </section>
  );
}

/**
 * Pressing it spends a number at the gateway, so it is a post and never a link. Only the form marked `first` is ever
 * sent by checkout.js itself; the others wait for a finger.
 */
export function GoForm(props: { scene: Scene; label: string; first?: boolean; quiet?: boolean }) {
  const { goAction, say, gateway } = props.scene;
  if (!goAction) return null;
  return (
    <form method="post" action={goAction} accept-charset="utf-8" data-go={props.first ? 'first' : 'again'}>
      <button type="submit" class={props.quiet ? 'button second' : 'button'} data-busy={say('go.busy', { gateway })}>
        {props.label}
      </button>
    </form>
  );
}

export function GoScreen({ scene }: { scene: Scene }) {
  const { say, gateway, money } = scene;
  return (
    <>
      <NoticeLine scene={scene} />
      <section class="block" data-block>
        <GoForm scene={scene} label={say('go.button', { gateway })} first={!scene.view.returned} />
      </section>
      <Steps
        title={say('go.next')}
        steps={[say('go.step.leave', { gateway }), say('go.step.pay', { amount: money }), say('go.step.back')]}
      />
    </>
  );
}

export function WaitingScreen({ scene }: { scene: Scene }) {
  const { say, gateway, view } = scene;
  const review = view.flags.includes('under_review');
  return (
    <Outcome mark="dots" text={say(review ? 'waiting.review' : 'waiting.text', { gateway })}>
      <noscript>
        <p class="aside">
          <a href={scene.pageUrl ?? ''}>{say('waiting.check')}</a>
        </p>
      </noscript>
      {scene.goAction && (
        <>
          <p class="aside">{say('waiting.again')}</p>
          <GoForm scene={scene} label={say('again.button')} quiet />
        </>
      )}
    </Outcome>
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

export function BackLink({ scene, quiet }: { scene: Scene; quiet: boolean }) {
  if (!scene.backUrl) return null;
  return (
    <a class={quiet ? 'button second' : 'button'} href={scene.backUrl}>
      {scene.say('shop.back')}
    </a>
  );
}

export function ExpiredScreen({ scene }: { scene: Scene }) {
  const { say, goAction } = scene;
  return (
    <Outcome mark="clock" text={say('expired.text')}>
      <p class="note" data-late-note>
        {say('expired.late')}
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
