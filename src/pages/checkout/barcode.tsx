import { cleanText } from '../safe.ts';
import { type Say, speak } from '../text.ts';
import { CopyButton, PrintButton } from './buttons.tsx';
import type { Given, PageModel } from './model.ts';
import { HowTo } from './number.tsx';
import type { Shape, Symbols } from './shapes.ts';
import { Code39 } from './symbol.tsx';

/** Three barcodes for the counter of a convenience store. */
export function BarcodeScreen(props: { model: PageModel; symbols: Symbols; given: Given<'barcode'> }) {
  const { model, symbols, given } = props;
  const say = speak(model.locale);
  const drawn = given.barcodes.flatMap((_, i) => (symbols.barcodes[i] ? [i + 1] : []));
  return (
    <>
      <section class="block flush" data-block>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls */}
        <div class="bars" id="codes" data-bars role="group" aria-label={say('barcode.group')}>
          {given.barcodes.map((text, i) => (
            <Segment
              key={`${i}${text}`}
              say={say}
              number={i + 1}
              text={cleanText(text)}
              shape={symbols.barcodes[i] ?? null}
              drawn={drawn}
            />
          ))}
          {drawn.length > 0 && <p class="enlarge-hint">{say('barcode.hint')}</p>}
        </div>
      </section>
      <HowTo
        model={model}
        symbols={symbols}
        steps={['barcode.step.bright', 'barcode.step.counter', 'barcode.step.scan', 'barcode.step.done']}
      >
        <div class="after-steps">
          {/* The address, never the numbers: typed in by hand they are of no use at the counter. */}
          {model.pageUrl && <CopyButton model={model} text={model.pageUrl} label={say('barcode.copy')} quiet />}
          <PrintButton label={say('barcode.print')} />
        </div>
      </HowTo>
    </>
  );
}

interface SegmentProps {
  readonly say: Say;
  readonly number: number;
  readonly text: string;
  readonly shape: Shape | null;
  /** The numbers of those that could be drawn. */
  readonly drawn: readonly number[];
}

/** One barcode, a link to itself: by it alone, over the whole screen, it is read where three small ones are not. */
function Segment({ say, number, text, shape, drawn }: SegmentProps) {
  return (
    <figure data-barcode={number} id={`code-${number}`}>
      {shape ? (
        <a class="bar-code" href={`#code-${number}`} title={say('barcode.enlarge', { number })}>
          <Code39 shape={shape} label={say('barcode.label', { number, text })} />
        </a>
      ) : (
        <p>{say('barcode.broken')}</p>
      )}
      <figcaption aria-hidden={shape ? 'true' : undefined}>{text}</figcaption>
      {shape && <Turns say={say} number={number} drawn={drawn} />}
    </figure>
  );
}

/** The ways on from a code that is shown alone. */
function Turns({ say, number, drawn }: Pick<SegmentProps, 'say' | 'number' | 'drawn'>) {
  const at = drawn.indexOf(number);
  const [before, after] = [drawn[at - 1], drawn[at + 1]];
  const values = { number: at + 1, count: drawn.length };
  return (
    <p class="turns">
      <a href="#codes">{say('barcode.close')}</a>
      {before && (
        <a href={`#code-${before}`} rel="prev">
          {say('barcode.previous')}
        </a>
      )}
      {after ? (
        <a href={`#code-${after}`} rel="next" data-forward>
          {say('barcode.next', values)}
        </a>
      ) : (
        <a href="#codes" data-forward>
          {say('barcode.last', values)}
        </a>
      )}
    </p>
  );
}
