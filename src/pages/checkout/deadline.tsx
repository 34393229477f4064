import { formatInstant, HOUR } from '../../core/time.ts';
import { formatMoment, formatTimeLeft, listTimeLeft } from '../format.ts';
import { speak } from '../text.ts';
import type { PageModel, Screen } from './model.ts';
import { isDueElsewhere, momentOf } from './words.ts';

/** Screens on which no time limit means anything. */
const WITHOUT: readonly Screen[] = ['failed', 'cancelled', 'waiting'];

/** Until when it has to be paid, or since when it is. */
export function DeadlinePill({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  if (model.screen === 'paid') {
    if (model.paidAt === null) return null;
    const moment = formatMoment(model.locale, say, model.paidAt, model.now, model.timezone);
    return <p class="pill good">{say('summary.paid', { moment })}</p>;
  }
  if (model.deadline === null || WITHOUT.includes(model.screen)) return null;
  const isElsewhere = isDueElsewhere(model);
  const moment = momentOf(model, model.deadline);
  const due = (
    <time dateTime={formatInstant(model.deadline)}>{say(isElsewhere ? 'due.elsewhere' : 'due.here', { moment })}</time>
  );
  if (model.screen === 'expired' || model.isOverdue) return <p class="pill">{due}</p>;
  const left = model.deadline - model.now;
  return (
    <p
      class={left < HOUR ? 'pill soon' : 'pill'}
      data-deadline={model.deadline}
      // Who pays right here need not be hurried before the last hour.
      data-late={isElsewhere ? undefined : ''}
      hidden={!isElsewhere && left >= HOUR}
    >
      {due}
      <span class="left scripted" data-left={JSON.stringify(listTimeLeft(say))}>
        {formatTimeLeft(say, left)}
      </span>
    </p>
  );
}
