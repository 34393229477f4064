import type { ComponentChildren } from 'preact';
import { speak } from '../text.ts';
import type { PageModel } from './model.ts';

/**
 * Pressing it spends a number at the gateway, so it is a post and never a link. Only the form marked `first` is ever
 * sent by checkout.js itself; the others wait for a finger.
 */
export function StartForm(props: {
  model: PageModel;
  label: string;
  /** What the button says once it is pressed. */
  busy?: string;
  first?: boolean;
  look?: 'button' | 'button second' | 'link';
  /** What is sent along. */
  children?: ComponentChildren;
}) {
  const { startAction, gateway, locale } = props.model;
  if (!startAction) return null;
  return (
    // What is wrong with a field is said in the language of the page.
    <form
      method="post"
      action={startAction}
      accept-charset="utf-8"
      noValidate={props.children !== undefined}
      data-go={props.first ? 'first' : 'again'}
    >
      {props.children}
      <button
        type="submit"
        class={props.look ?? 'button'}
        data-busy={props.busy ?? speak(locale)('go.busy', { gateway })}
      >
        {props.label}
      </button>
    </form>
  );
}

export function BackLink({ model, quiet }: { model: PageModel; quiet: boolean }) {
  if (!model.homeUrl) return null;
  return (
    <a class={quiet ? 'button second' : 'button'} href={model.homeUrl} data-home>
      {speak(model.locale)('shop.back')}
    </a>
  );
}

export function CopyButton(props: { model: PageModel; text: string; label: string; quiet?: boolean }) {
  const say = speak(props.model.locale);
  return (
    <button
      type="button"
      class={props.quiet ? 'button second scripted' : 'button scripted'}
      data-copy={props.text}
      data-done={say('copy.done')}
      data-failed={say('copy.failed')}
    >
      {props.label}
    </button>
  );
}

/** Leaves this site: no opener, no referrer with the token in it. */
export function OutLink(props: { href: string; class?: string; children: ComponentChildren }) {
  return (
    <a class={props.class} href={props.href} target="_blank" rel="noopener noreferrer">
      {props.children}
    </a>
  );
}

/** The gateway's own pictures of how it is done. */
export function GuideLink({ model }: { model: PageModel }) {
  const { guideUrl, gateway, locale } = model;
  if (!guideUrl) return null;
  return (
    <p class="guide">
      <OutLink href={guideUrl}>{speak(locale)('page.guide', { gateway })}</OutLink>
    </p>
  );
}
