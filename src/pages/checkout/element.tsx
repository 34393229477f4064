import { safeUrl } from '../safe.ts';
import type { Scene } from './scene.ts';

/** The gateway's own form, drawn by its script in `[data-element]`; the browser pays with it, without us. */
export function ElementScreen({ scene }: { scene: Scene }) {
  const { say, money, view } = scene;
  const { element } = view;
  if (!element) return null;
  return (
    <section
      class="block insite"
      data-block
      data-pay-element
      data-script-url={safeUrl(element.scriptUrl) ?? undefined}
      data-settings={JSON.stringify(element.settings)}
    >
      <div data-element />
      <button type="button" class="button" disabled data-element-pay>
        {say('insite.button', { amount: money })}
      </button>
    </section>
  );
}
