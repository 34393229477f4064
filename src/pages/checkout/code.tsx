import { STORES } from '../../core/attempt.ts';
import { groupEvenly } from '../format.ts';
import { cleanText, safeUrl } from '../safe.ts';
import { speak } from '../text.ts';
import { OutLink } from './buttons.tsx';
import type { Given, PageModel } from './model.ts';
import { Entry, HowTo, NumberBlock, Onward } from './number.tsx';
import type { Symbols } from './shapes.ts';
import { listSteps, StoreSteps } from './stores.tsx';
import { STORE_KEYS } from './words.ts';

/** A code that is typed into a machine of a convenience store. */
export function CodeScreen({ model, symbols, given }: { model: PageModel; symbols: Symbols; given: Given<'cvs'> }) {
  const say = speak(model.locale);
  const code = cleanText(given.paymentCode);
  const url = safeUrl(given.paymentCodeUrl);
  const tied = given.stores ?? [];
  const stores = STORES.filter((store) => tied.length === 0 || tied.includes(store));
  const [only, ...others] = stores;
  const isOne = only !== undefined && others.length === 0;
  return (
    <>
      <NumberBlock
        model={model}
        label={say('cvs.code')}
        number={code}
        groups={groupEvenly(code)}
        copy={say('copy.code')}
        before={isOne && <Entry label={say('cvs.only')}>{say(STORE_KEYS[only])}</Entry>}
      >
        {url && (
          <p class="aside">
            <OutLink href={url}>{say('cvs.page', { gateway: model.gateway })}</OutLink>
          </p>
        )}
      </NumberBlock>
      {isOne ? (
        <HowTo model={model} symbols={symbols} steps={listSteps(only)} />
      ) : (
        <>
          <StoreSteps model={model} stores={stores} />
          <Onward model={model} symbols={symbols} />
        </>
      )}
    </>
  );
}
