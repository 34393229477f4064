import type { ComponentChildren } from 'preact';
import { speak, type TextKey, type Values } from '../text.ts';
import { CopyButton, GuideLink } from './buttons.tsx';
import { Keep } from './keep.tsx';
import type { PageModel } from './model.ts';
import type { Symbols } from './shapes.ts';
import { Steps } from './steps.tsx';
import { Qr } from './symbol.tsx';
import { moneyOf } from './words.ts';

/** What every screen has that shows a number to pay with elsewhere. */

/**
 * A long number in groups. The groups are parted by space that is not text, so that selecting it by hand copies the
 * bare number; a screen reader gets the groups as text.
 */
export function Groups({ groups }: { groups: readonly string[] }) {
  return (
    <>
      <span class="groups" aria-hidden="true" data-number={groups.join('')}>
        {groups.map((group, i) => (
          <span key={`${i}${group}`}>{group}</span>
        ))}
      </span>
      <span class="unseen unselectable">{groups.join(' ')}</span>
    </>
  );
}

/** One thing that has to be typed in elsewhere, with a button of its own where it has one. */
export function Entry(props: { label: string; children: ComponentChildren; button?: ComponentChildren }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>
        <div>{props.children}</div>
        {props.button}
      </dd>
    </div>
  );
}

/** The number itself, with a button that copies it. */
export function NumberBlock(props: {
  model: PageModel;
  label: string;
  number: string;
  groups: readonly string[];
  copy: string;
  /** What has to be known besides: entries before and after it. */
  before?: ComponentChildren;
  after?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <section class="block" data-block>
      <dl class="entries">
        {props.before}
        <Entry
          label={props.label}
          button={<CopyButton model={props.model} text={props.number} label={props.copy} shown />}
        >
          <span class="code">
            <Groups groups={props.groups} />
          </span>
        </Entry>
        {props.after}
      </dl>
      {props.children}
    </section>
  );
}

/** What is done with the number, step by step, and the ways to go on with it elsewhere. */
export function HowTo(props: {
  model: PageModel;
  symbols: Symbols;
  steps: readonly TextKey[];
  values?: Values;
  children?: ComponentChildren;
}) {
  const { model } = props;
  const say = speak(model.locale);
  const values = { amount: moneyOf(model), gateway: model.gateway, ...props.values };
  return (
    <>
      <Steps title={say('steps.title')} steps={props.steps.map((key) => say(key, values))}>
        {props.children}
        <GuideLink model={model} />
      </Steps>
      <Onward model={model} symbols={props.symbols} />
    </>
  );
}

/** How the number, or the whole page, gets to where it is needed. */
export function Onward(props: { model: PageModel; symbols: Symbols }) {
  return (
    <>
      <Keep model={props.model} />
      <Carry {...props} />
    </>
  );
}

/** The page's address as a QR code, to go on with on a phone. */
function Carry({ model, symbols }: { model: PageModel; symbols: Symbols }) {
  if (!symbols.page) return null;
  const say = speak(model.locale);
  return (
    <section class="carry">
      <div class="qr" data-qr>
        <Qr shape={symbols.page} label={say('carry.title')} />
      </div>
      <div>
        <h2>{say('carry.title')}</h2>
        <p>{say('carry.text')}</p>
      </div>
    </section>
  );
}
