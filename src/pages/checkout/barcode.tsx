import { cleanText } from '../safe.ts';
import { speak } from '../text.ts';
import { CopyButton } from './buttons.tsx';
import type { Given, PageModel } from './model.ts';
import { HowTo } from './number.tsx';
import type { Symbols } from './shapes.ts';
import { Code39 } from './symbol.tsx';

/** Three barcodes for the counter of a convenience store. */
export function BarcodeScreen(props: { model: PageModel; symbols: Symbols; given: Given<'barcode'> }) {
  const { model, symbols, given } = props;
  const say = speak(model.locale);
  return (
    <>
      <section class="block flush" data-block>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls */}
        <div class="bars" data-bars role="group" aria-label={say('barcode.group')}>
          {given.barcodes.map((raw, i) => {
            const text = cleanText(raw);
            const shape = symbols.barcodes[i];
            const label = say('barcode.label', { number: i + 1, text });
            return (
              <figure key={`${i}${text}`} data-barcode={i + 1}>
                {shape ? <Code39 shape={shape} label={label} /> : <p>{say('barcode.broken')}</p>}
                <figcaption aria-hidden={shape ? 'true' : undefined}>{text}</figcaption>
              </figure>
            );
          })}
        </div>
      </section>
      <HowTo
        model={model}
        symbols={symbols}
        steps={['barcode.step.bright', 'barcode.step.counter', 'barcode.step.scan', 'barcode.step.done']}
        carried
      >
        {/* The address, never the numbers: typed in by hand they are of no use at the counter. */}
        {model.pageUrl && <CopyButton model={model} text={model.pageUrl} label={say('barcode.copy')} quiet />}
      </HowTo>
    </>
  );
}
