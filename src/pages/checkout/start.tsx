import { speak } from '../text.ts';
import { AskScreen } from './ask.tsx';
import { StartForm } from './buttons.tsx';
import type { PageModel } from './model.ts';
import { NoticeLine } from './notice.tsx';
import { Steps } from './steps.tsx';
import { moneyOf, opensHere } from './words.ts';

/** A button that leads to the gateway, or brings a new code or form onto this page. */
export function GoScreen({ model }: { model: PageModel }) {
  return model.asks ? <AskScreen model={model} asks={model.asks} /> : <StartScreen model={model} />;
}

function StartScreen({ model }: { model: PageModel }) {
  const { gateway, locale } = model;
  const say = speak(locale);
  const here = opensHere(model);
  const [label, busy] = {
    qr: [say('qr.renew'), say('qr.busy')] as const,
    element: [say(model.instructions ? 'again.button' : 'go.on'), say('insite.loading')] as const,
    elsewhere: [say('go.button', { gateway }), say('go.busy', { gateway })] as const,
  }[here ?? 'elsewhere'];
  return (
    <>
      <NoticeLine model={model} />
      <section class="block" data-block>
        <StartForm
          model={model}
          label={label}
          busy={busy}
          first={!model.returned && !model.inApp}
          look={model.notice === 'capture_failed' || model.inApp ? 'button second' : 'button'}
        />
      </section>
      {here === null && <GoSteps model={model} />}
    </>
  );
}

function GoSteps({ model }: { model: PageModel }) {
  const { gateway, locale } = model;
  const say = speak(locale);
  return (
    <Steps
      title={say('go.next')}
      steps={[say('go.step.leave', { gateway }), say('go.step.pay', { amount: moneyOf(model) }), say('go.step.back')]}
    />
  );
}
