import { safeUrl } from '../safe.ts';
import { NoticeLine } from './parts.tsx';
import type { Scene } from './scene.ts';
import { VendorForm } from './vendor.tsx';

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
  const { say, gateway, view } = scene;
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
        <VendorForm scene={scene} hook="element" safe={say('element.safe', { gateway })}>
          <div data-element />
        </VendorForm>
      </section>
    </>
  );
}
