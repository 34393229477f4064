import { speak } from '../text.ts';
import type { PageModel } from './model.ts';

/** For a payer who pays later: the page to himself, the deadline into his calendar. Not every browser can share. */
export function Keep({ model: { calendarUrl, pageUrl, locale } }: { model: PageModel }) {
  if (!calendarUrl) return null;
  const say = speak(locale);
  return (
    <section class="keep">
      <h2>{say('keep.title')}</h2>
      {pageUrl && (
        <button type="button" class="link" data-share={pageUrl} hidden>
          {say('keep.share')}
        </button>
      )}
      <a class="link" href={calendarUrl}>
        {say('keep.calendar')}
      </a>
    </section>
  );
}
