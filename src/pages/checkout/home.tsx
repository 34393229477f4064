import { speak } from '../text.ts';
import type { PageModel, Screen } from './model.ts';

/** Screens that have nothing else to press say it with a button (buttons.tsx, BackLink). */
const ENDS: readonly Screen[] = ['paid', 'expired', 'failed', 'cancelled'];

/** The quiet way back to the shop, below what there is to do. */
export function HomeLink({ model }: { model: PageModel }) {
  const { homeUrl, screen, change, locale } = model;
  const isEmpty = screen === 'choose' && (change?.choices ?? []).length === 0;
  if (!homeUrl || isEmpty || ENDS.includes(screen)) return null;
  return (
    <section class="block home">
      <a href={homeUrl} data-home>
        {speak(locale)('shop.back')}
      </a>
    </section>
  );
}
