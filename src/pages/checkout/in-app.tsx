import { speak } from '../text.ts';
import { CopyButton } from './buttons.tsx';
import type { PageModel } from './model.ts';

/** Where the way to pay may fail in the browser of another app: what to do instead, by one tap where the app knows one. */
export function InAppHint({ model }: { model: PageModel }) {
  const { inApp, pageUrl, locale } = model;
  if (!inApp) return null;
  const say = speak(locale);
  const { app, openUrl } = inApp;
  return (
    <section class="block in-app" data-in-app={app}>
      <p class="note">
        {say('inapp.text', { app })} {!openUrl && say('inapp.how')}
      </p>
      {openUrl ? (
        <a class="button" href={openUrl}>
          {say('inapp.open')}
        </a>
      ) : (
        pageUrl && <CopyButton model={model} text={pageUrl} label={say('inapp.copy')} quiet />
      )}
    </section>
  );
}
