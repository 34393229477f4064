import { speak } from '../text.ts';
import { BackLink } from './buttons.tsx';
import type { PageModel } from './model.ts';
import { NoticeLine } from './notice.tsx';
import { methodKey } from './words.ts';

/** The ways to pay, one button each. Pressing one may take a number at the gateway, so each is a post. */
export function ChooseScreen({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  const { action, choices = [] } = model.change ?? {};
  if (choices.length === 0 || !action) {
    return (
      <section class="block" data-block>
        <p class="note">{say('choose.none')}</p>
        <BackLink model={model} quiet={false} />
      </section>
    );
  }
  return (
    <>
      <NoticeLine model={model} />
      <section class="block choices" data-block>
        <form method="post" action={action} accept-charset="utf-8" data-choices>
          {choices.map(({ route, gateway, method }) => (
            <button type="submit" class="choice" name="route" value={route} key={route} data-choice={route}>
              <span data-busy={say('choose.busy')}>{say(methodKey(method))}</span>
              <small>
                <bdi>{gateway}</bdi>
              </small>
            </button>
          ))}
        </form>
      </section>
    </>
  );
}

/** Back to the list, from what was chosen. */
export function ChangeLink({ model }: { model: PageModel }) {
  const { listUrl } = model.change ?? {};
  if (!listUrl || model.screen === 'choose') return null;
  return (
    <section class="block change">
      <a href={listUrl} data-change>
        {speak(model.locale)('choose.change')}
      </a>
    </section>
  );
}
