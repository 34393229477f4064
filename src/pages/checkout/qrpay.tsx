import { cleanText } from '../safe.ts';
import { speak } from '../text.ts';
import { CopyButton, StartForm } from './buttons.tsx';
import type { PageModel } from './model.ts';
import { NoticeLine } from './notice.tsx';
import type { Symbols } from './shapes.ts';
import { Steps } from './steps.tsx';
import { Qr } from './symbol.tsx';
import { methodKey, moneyOf, walletKey } from './words.ts';

/**
 * A code for a wallet, and the only one on the page: with the page's own beside it a wallet might read the wrong one.
 * The gateways do not say for how long a code is good, hence the way to another.
 */
export function QrScreen({ model, symbols: { wallet } }: { model: PageModel; symbols: Symbols }) {
  const say = speak(model.locale);
  const label = say('qr.label', { method: say(methodKey(model.method)) });
  return (
    <>
      <NoticeLine model={model} />
      <section class="block flush" data-block>
        <div class="pay-qr" data-pay-qr data-qr={wallet ? '' : undefined}>
          {wallet ? <Qr shape={wallet} label={label} size="large" /> : <p>{say('qr.broken')}</p>}
        </div>
      </section>
      {wallet && <Save model={model} />}
      <Renew model={model} quiet={wallet !== null} />
      {wallet && <QrSteps model={model} />}
    </>
  );
}

function Renew({ model, quiet }: { model: PageModel; quiet: boolean }) {
  if (!model.startAction) return null;
  const say = speak(model.locale);
  const labels = { label: say('qr.renew'), busy: say('qr.busy') };
  return (
    <section class="block renew">
      {quiet && <p>{say('qr.old')}</p>}
      <StartForm model={model} {...labels} look={quiet ? 'link' : 'button'} />
    </section>
  );
}

/**
 * WeChat pays from its camera only, never from a picture (WeChat Pay documentation, Native payment, FAQ); banks' apps
 * take a picture too.
 */
const CAMERA_ONLY: readonly string[] = ['wechat-pay'];

/** The code as a picture, for the wallet on the phone that shows it. */
function Save({ model }: { model: PageModel }) {
  const { pictureUrl, method, paymentNo, locale } = model;
  if (!pictureUrl || CAMERA_ONLY.includes(method)) return null;
  return (
    <section class="block for-phone">
      <a class="button" href={pictureUrl} download={`${cleanText(paymentNo)}.png`} data-save-picture>
        {speak(locale)('qr.save')}
      </a>
    </section>
  );
}

/** On a phone the code stands where the wallet is, so that it comes first how to get it there. */
function QrSteps({ model }: { model: PageModel }) {
  const { method, pageUrl, locale } = model;
  const say = speak(locale);
  const app = say(walletKey(method));
  const check = say('qr.step.check', { amount: moneyOf(model) });
  const scan = [say('qr.step.open', { app }), say('qr.step.scan'), check];
  const cameraOnly = CAMERA_ONLY.includes(method);
  const onPhone = cameraOnly
    ? [say('qr.step.screen', { app }), ...scan]
    : [say('qr.step.save'), say('qr.step.pick', { app }), check];
  return (
    <>
      <Steps class="for-phone" title={say('qr.phone')} steps={onPhone}>
        {!cameraOnly && <p class="other">{say('qr.other')}</p>}
        {pageUrl && <CopyButton model={model} text={pageUrl} label={say('barcode.copy')} quiet />}
      </Steps>
      <Steps class="for-screen" title={say('qr.title')} steps={scan} />
    </>
  );
}
