import { CopyButton, GoForm } from './buttons.tsx';
import { NoticeLine, Steps } from './parts.tsx';
import { Qr } from './qr.tsx';
import { methodKey, type Scene, walletKey } from './scene.ts';

/**
 * A code for a wallet, and the only one on the page: with the page's own beside it a wallet might read the wrong one.
 * The gateways do not say for how long a code is good, hence the way to another.
 */
export function QrScreen({ scene }: { scene: Scene }) {
  const { say, view, payQr } = scene;
  const label = say('qr.label', { method: say(methodKey(view.method)) });
  return (
    <>
      <NoticeLine scene={scene} />
      <section class="block flush" data-block>
        <div class="pay-qr" data-pay-qr>
          {payQr ? <Qr shape={payQr} label={label} size="large" /> : <p>{say('qr.broken')}</p>}
        </div>
      </section>
      <Renew scene={scene} quiet={payQr !== null} />
      {payQr && <QrSteps scene={scene} />}
    </>
  );
}

function Renew({ scene, quiet }: { scene: Scene; quiet: boolean }) {
  const { say, goAction } = scene;
  if (!goAction) return null;
  const labels = { label: say('qr.renew'), busy: say('qr.busy') };
  return (
    <section class="block renew">
      {quiet && <p>{say('qr.old')}</p>}
      <GoForm scene={scene} {...labels} look={quiet ? 'link' : 'button'} />
    </section>
  );
}

/**
 * WeChat pays from its camera only, never from a picture (WeChat Pay documentation, Native payment, FAQ); banks' apps
 * take a screenshot.
 */
const CAMERA_ONLY: readonly string[] = ['wechat-pay'];

function QrSteps({ scene }: { scene: Scene }) {
  const { say, view, pageUrl } = scene;
  const app = say(walletKey(view.method));
  const cameraOnly = CAMERA_ONLY.includes(view.method);
  return (
    <Steps
      title={say('qr.title')}
      steps={[
        say('qr.step.open', { app }),
        say('qr.step.scan'),
        say('qr.step.check', { amount: scene.money }),
        say(cameraOnly ? 'qr.step.screen' : 'qr.step.picture', { app }),
      ]}
    >
      {cameraOnly && pageUrl && <CopyButton scene={scene} text={pageUrl} label={say('barcode.copy')} quiet />}
    </Steps>
  );
}
