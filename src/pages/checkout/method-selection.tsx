import { speak } from '../text.ts';
import { Contact } from './brand.tsx';
import { BackLink } from './buttons.tsx';
import { KindIcon } from './icons.tsx';
import { describeHint, HELD, KINDS } from './kinds.ts';
import type { Choice, PageModel } from './model.ts';
import { NoticeLine } from './notice.tsx';

/** The ways to pay, one button each. Pressing one may take a number at the gateway, so each is a post. */
export function ChooseScreen({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  const { action, choices = [] } = model.change ?? {};
  if (choices.length === 0 || !action) {
    return (
      <section class="block none" data-block>
        <p class="note">{say('choose.none')}</p>
        <Contact brand={model.brand} say={say} />
        <BackLink model={model} quiet={false} />
      </section>
    );
  }
  return (
    <>
      <NoticeLine model={model} />
      <section class="block choices" data-block>
        <form method="post" action={action} accept-charset="utf-8" data-choices>
          {choices.map((choice) => (
            <ChoiceRow model={model} choice={choice} key={choice.route} />
          ))}
        </form>
      </section>
    </>
  );
}

function ChoiceRow({ model, choice }: { model: PageModel; choice: Choice }) {
  const say = speak(model.locale);
  const { route, kind, gateway, isCurrent } = choice;
  const { name: key, picture } = KINDS[kind];
  const name = say(key);
  return (
    <button
      type="submit"
      class="choice"
      name="route"
      value={route}
      aria-current={isCurrent ? 'true' : undefined}
      data-choice={route}
    >
      {/* Older browsers make no grid of a button itself. */}
      <span class="choice-row">
        <KindIcon picture={picture} />
        <span class="choice-name" data-busy={say('choose.busy')}>
          {name}
        </span>
        <small class="choice-side">
          {isCurrent && <em>{say('choose.current')}</em>}
          {!name.includes(gateway) && <bdi>{gateway}</bdi>}
        </small>
        <ChoiceLine model={model} choice={choice} />
      </span>
    </button>
  );
}

/** What the payer has of it counts more than what it is. */
function ChoiceLine({ model, choice }: { model: PageModel; choice: Choice }) {
  const say = speak(model.locale);
  const { held, hasFailed } = choice;
  if (held) return <small class="choice-hint held">{say(HELD[held].note)}</small>;
  if (hasFailed) return <small class="choice-hint failed">{say('choose.failed')}</small>;
  return <small class="choice-hint">{describeHint(choice, say)}</small>;
}

/** From what was chosen to what was taken before, and to the list. */
export function OtherWays({ model }: { model: PageModel }) {
  const { listUrl, choices = [] } = model.change ?? {};
  const others = choices.filter(({ isCurrent }) => !isCurrent);
  if (model.screen === 'choose' || others.length === 0) return null;
  return (
    <section class="block change">
      {others.map((choice) => (
        <HeldNumber model={model} choice={choice} key={choice.route} />
      ))}
      {listUrl && (
        <a href={listUrl} data-change>
          {speak(model.locale)('choose.change')}
        </a>
      )}
    </section>
  );
}

/** Back to a number that the payer has taken before. */
function HeldNumber({ model, choice: { route, held } }: { model: PageModel; choice: Choice }) {
  const { action } = model.change ?? {};
  if (!held || !action) return null;
  const say = speak(model.locale);
  return (
    <form method="post" action={action} accept-charset="utf-8" class="held" data-held={route}>
      <p>{say(HELD[held].note)}</p>
      <button type="submit" class="link" name="route" value={route} data-busy={say('choose.busy')}>
        {say(HELD[held].show)}
      </button>
    </form>
  );
}
