import { formatInstant, HOUR } from '../../core/time.ts';
import { formatMoment, formatTimeLeft } from '../format.ts';
import { speak } from '../text.ts';
import type { PageModel, Screen } from './model.ts';

/** Screens on which no time limit means anything. */
const WITHOUT: readonly Screen[] = ['failed', 'cancelled', 'waiting'];

/** Until when it has to be paid, or since when it is. */
export function DeadlinePill({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  if (model.screen === 'paid') {
    if (model.paidAt === null) return null;
    const moment = formatMoment(model.locale, say, model.paidAt, model.now);
    return <p class="pill good">{say('summary.paid', { moment })}</p>;
  }
  if (model.deadline === null || WITHOUT.includes(model.screen)) return null;
  const moment = formatMoment(model.locale, say, model.deadline, model.now);
  const due = <time dateTime={formatInstant(model.deadline)}>{say('summary.due', { moment })}</time>;
  if (model.screen === 'expired') return <p class="pill">{due}</p>;
  const left = model.deadline - model.now;
  return (
    <p class={left < HOUR ? 'pill soon' : 'pill'} data-deadline={model.deadline}>
      {due}
      <span class="left scripted" data-template={say('time.left')}>
        {left > 0 && say('time.left', { time: formatTimeLeft(model.locale, left) })}
      </span>
    </p>
  );
}
