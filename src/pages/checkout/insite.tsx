import { safePath } from '../safe.ts';
import type { Scene } from './scene.ts';
import { VendorForm } from './vendor.tsx';

/** What insite.js says, in the payer's language. */
function textsOf({ say, gateway }: Scene): string {
  return JSON.stringify({
    loading: say('insite.loading'),
    renewed: say('insite.renewed'),
    again: say('insite.again'),
    paying: say('insite.paying'),
    leaving: say('insite.leaving'),
    asking: say('insite.asking', { gateway }),
    refused: say('insite.refused'),
    reason: say('insite.reason', { gateway }),
    failed: say('insite.failed'),
  });
}

/**
 * The gateway's own form in our page. Its script writes into `#ECPayPayment`, the name ECPay's documentation fixes;
 * everything around it is ours, and insite.js moves it from `loading` to `ready`, `paying` or `failed`.
 */
export function InSiteScreen({ scene }: { scene: Scene }) {
  const { say, gateway, view } = scene;
  const formUrl = safePath(view.inSite?.formUrl ?? null);
  const payUrl = safePath(view.inSite?.payUrl ?? null);
  return (
    <section
      class="block insite"
      data-block
      data-insite
      data-state="loading"
      data-form-url={formUrl ?? undefined}
      data-pay-url={payUrl ?? undefined}
      data-texts={textsOf(scene)}
    >
      <VendorForm scene={scene} hook="insite" safe={say('insite.safe', { gateway })}>
        <div id="ECPayPayment" />
      </VendorForm>
    </section>
  );
}
