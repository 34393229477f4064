import { safeUrl } from '../safe.ts';
import { BackLink } from './buttons.tsx';
import { NoticeLine } from './parts.tsx';
import type { Scene } from './scene.ts';

/** What the script says, in the payer's language. */
function textsOf({ say }: Scene): string {
  return JSON.stringify({
    loading: say('insite.loading'),
    paying: say('insite.paying'),
    failed: say('insite.failed'),
    refused: say('insite.refused'),
    unclear: say('notice.capture_failed'),
  });
}

/**
 * The gateway's own form, drawn by its script into `[data-element]`. The browser pays with it, without us; the gateway's
 * script moves it from `loading` to `ready`, `paying` or `failed`.
 */
export function ElementScreen({ scene }: { scene: Scene }) {
  const { say, money, gateway, view } = scene;
  const { element } = view;
  if (!element) return null;
  return (
    <>
      <NoticeLine scene={scene} />
      <section
        class="block insite"
        data-block
        data-pay-element
        data-state="loading"
        data-script-url={safeUrl(element.scriptUrl) ?? undefined}
        data-settings={JSON.stringify(element.settings)}
        data-texts={textsOf(scene)}
      >
        <div class="scripted">
          <div data-element />
          <p class="status" role="status" data-element-status>
            {say('insite.loading')}
          </p>
          <button type="button" class="button" disabled data-element-pay>
            {say('insite.button', { amount: money })}
          </button>
          <div hidden data-element-failed>
            <button type="button" class="button" data-element-retry>
              {say('insite.retry')}
            </button>
            <BackLink scene={scene} quiet />
          </div>
          <p class="aside">{say('element.safe', { gateway })}</p>
        </div>
        <noscript>
          <p class="note">{say('insite.script')}</p>
          <BackLink scene={scene} quiet />
        </noscript>
      </section>
    </>
  );
}
