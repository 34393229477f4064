import { GoForm } from './buttons.tsx';
import { NoticeLine, Steps } from './parts.tsx';
import { opensHere, type Scene } from './scene.ts';

/** A button that leads to the gateway, or brings a new code or form onto this page. */
export function GoScreen({ scene }: { scene: Scene }) {
  const { say, gateway, view } = scene;
  const here = opensHere(view);
  const [label, busy] = {
    qr: [say('qr.renew'), say('qr.busy')] as const,
    element: [say(view.instructions ? 'again.button' : 'go.on'), say('insite.loading')] as const,
    elsewhere: [say('go.button', { gateway }), say('go.busy', { gateway })] as const,
  }[here ?? 'elsewhere'];
  return (
    <>
      <NoticeLine scene={scene} />
      <section class="block" data-block>
        <GoForm
          scene={scene}
          label={label}
          busy={busy}
          first={!view.returned}
          look={view.notice === 'capture_failed' ? 'button second' : 'button'}
        />
      </section>
      {here === null && <GoSteps scene={scene} />}
    </>
  );
}

function GoSteps({ scene }: { scene: Scene }) {
  const { say, gateway, money } = scene;
  return (
    <Steps
      title={say('go.next')}
      steps={[say('go.step.leave', { gateway }), say('go.step.pay', { amount: money }), say('go.step.back')]}
    />
  );
}
