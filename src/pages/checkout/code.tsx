import type { Store } from '../../core/attempt.ts';
import { groupEvenly } from '../format.ts';
import { cleanText, safeUrl } from '../safe.ts';
import { speak, type TextKey } from '../text.ts';
import { OutLink } from './buttons.tsx';
import type { Given, PageModel } from './model.ts';
import { HowTo, NumberBlock } from './number.tsx';
import type { Symbols } from './shapes.ts';

const STORES: readonly (readonly [Store, TextKey, string])[] = [
  ['ibon', 'store.ibon', 'ibon'],
  ['famiport', 'store.famiport', 'FamiPort'],
  ['lifeet', 'store.lifeet', 'Life-ET'],
  ['okgo', 'store.okgo', 'OK-go'],
];

/** A code that is typed into a machine of a convenience store. */
export function CodeScreen({ model, symbols, given }: { model: PageModel; symbols: Symbols; given: Given<'cvs'> }) {
  const say = speak(model.locale);
  const code = cleanText(given.paymentCode);
  const url = safeUrl(given.paymentCodeUrl);
  const tied = given.stores ?? [];
  const stores = STORES.filter(([store]) => tied.length === 0 || tied.includes(store));
  return (
    <>
      <NumberBlock
        model={model}
        label={say('cvs.code')}
        number={code}
        groups={groupEvenly(code)}
        copy={say('cvs.copy')}
      >
        {url && (
          <p class="aside">
            <OutLink href={url}>{say('cvs.page', { gateway: model.gateway })}</OutLink>
          </p>
        )}
      </NumberBlock>
      <section class="stores">
        <h2>{say('cvs.stores')}</h2>
        <dl>
          {stores.map(([store, key, machine]) => (
            <div key={store}>
              <dt>{say(key)}</dt>
              <dd>{machine}</dd>
            </div>
          ))}
        </dl>
      </section>
      <HowTo
        model={model}
        symbols={symbols}
        steps={['cvs.step.machine', 'cvs.step.code', 'cvs.step.print', 'cvs.step.done']}
      />
    </>
  );
}
