import { cleanText, safePath } from '../safe.ts';
import { BackLink } from './buttons.tsx';
import { NoticeLine } from './parts.tsx';
import { methodKey, type Scene } from './scene.ts';

/** The ways to pay, one button each. Pressing one may take a number at the gateway, so each is a post. */
export function ChooseScreen({ scene }: { scene: Scene }) {
  const { say, view } = scene;
  const action = safePath(view.change?.action ?? null);
  const choices = view.change?.choices ?? [];
  if (choices.length === 0 || !action) {
    return (
      <section class="block" data-block>
        <p class="note">{say('choose.none')}</p>
        <BackLink scene={scene} quiet={false} />
      </section>
    );
  }
  return (
    <>
      <NoticeLine scene={scene} />
      <section class="block choices" data-block>
        <form method="post" action={action} accept-charset="utf-8" data-choices>
          {choices.map(({ route, gateway, method }) => (
            <button type="submit" class="choice" name="route" value={route} key={route} data-choice={route}>
              <span data-busy={say('choose.busy')}>{say(methodKey(method))}</span>
              <small>
                <bdi>{cleanText(gateway)}</bdi>
              </small>
            </button>
          ))}
        </form>
      </section>
    </>
  );
}

/** Back to the list, from what was chosen. */
export function ChangeLink({ scene }: { scene: Scene }) {
  const href = safePath(scene.view.change?.listUrl ?? null);
  if (!href || scene.view.screen === 'choose') return null;
  return (
    <section class="block change">
      <a href={href} data-change>
        {scene.say('choose.change')}
      </a>
    </section>
  );
}
