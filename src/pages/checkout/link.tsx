import type { ComponentChildren } from 'preact';
import { type AmountProblem, enteredDecimals, type LinkState } from '../../core/link.ts';
import { formatInstant } from '../../core/time.ts';
import { formatMoment, formatMoney, formatMoneyRange, splitMoney } from '../format.ts';
import { cleanText, safePath, safeUrl } from '../safe.ts';
import { type Say, speak, type TextKey } from '../text.ts';
import { Contact } from './brand.tsx';
import { renderDocument } from './document.tsx';
import { Field } from './field.tsx';
import type { LinkForm, LinkPageModel } from './link-model.ts';
import { Amount } from './summary.tsx';

/** A payment link's page: what it is for, how much, and a button that makes the payment. Complete without scripts. */
export function renderLinkPage(model: LinkPageModel): string {
  const say = speak(model.locale);
  const title = cleanText(model.title);
  const isOpen = model.state === 'open' || model.state === 'begun';
  return renderDocument({
    locale: model.locale,
    title: say('link.page', { title, shop: cleanText(model.shopName) }),
    shopName: model.shopName,
    homeUrl: model.homeUrl,
    brand: model.brand,
    secure: model.isSecure,
    test: !model.livemode,
    languages: model.languages,
    hasContact: !isOpen,
    // Without a form there is nothing that a script could do.
    scripts: isOpen ? ['link'] : [],
    children:
      model.state === 'open' || model.state === 'begun' ? (
        <OpenLink model={model} say={say} />
      ) : (
        <EndedLink model={model} state={model.state} say={say} />
      ),
  });
}

interface Part {
  readonly model: LinkPageModel;
  readonly say: Say;
}

function OpenLink({ model, say }: Part) {
  const item = cleanText(model.itemName ?? '');
  const title = cleanText(model.title);
  return (
    <main class="card link-page" data-link-no={model.linkNo} data-state={model.state}>
      <section class="summary">
        <h1>
          <bdi>{title}</bdi>
        </h1>
        {item !== '' && item !== title && (
          <p class="item">
            <bdi>{item}</bdi>
          </p>
        )}
        {model.amount !== null && <Amount amount={model.amount} currency={model.currency} locale={model.locale} />}
        <Expiry model={model} say={say} />
      </section>
      <section class="block" data-block>
        {model.state === 'begun' ? <Continue model={model} say={say} /> : <PayForm model={model} say={say} />}
      </section>
      <Home model={model} say={say} look="quiet" />
    </main>
  );
}

function Home({ model, say, look }: Part & { readonly look: 'quiet' | 'button' }) {
  const href = safeUrl(model.homeUrl);
  if (!href) return null;
  const link = (
    <a class={look === 'button' ? 'button second' : undefined} href={href} data-home>
      {say('shop.back')}
    </a>
  );
  return look === 'button' ? link : <section class="block home">{link}</section>;
}

function Expiry({ model: { state, expiresAt, now, locale }, say }: Part) {
  if (expiresAt === null || state !== 'open') return null;
  const moment = formatMoment(locale, say, expiresAt, now);
  return (
    <p class="pill">
      <time dateTime={formatInstant(expiresAt)}>{say('due.here', { moment })}</time>
    </p>
  );
}

/** A press makes a payment or leads to the one there is, so it is a post and never a link. */
function PostForm({ model, children }: { model: LinkPageModel; children: ComponentChildren }) {
  return (
    // The browser's own complaints would not be in the language of the page.
    <form method="post" action={safePath(model.action) ?? ''} accept-charset="utf-8" noValidate data-link-form>
      <input type="hidden" name="form_key" value={model.formKey} />
      {children}
    </form>
  );
}

function Continue({ model, say }: Part) {
  return (
    <PostForm model={model}>
      <button type="submit" class="button" data-busy={say('choose.busy')}>
        {say('link.continue')}
      </button>
      <p class="aside">{say('link.begun')}</p>
    </PostForm>
  );
}

function PayForm({ model, say }: Part) {
  const [firstBad] = Object.keys(model.problems);
  const field = (name: keyof LinkForm) => ({ name, value: model.form[name], focus: firstBad === name, say });
  const { sign } = splitMoney(0, model.currency, model.locale);
  return (
    <PostForm model={model}>
      {model.amount === null && (
        <Field
          {...field('amount')}
          label={say('link.amount')}
          sign={sign.trim()}
          hint={describeRange(model, say)}
          problem={model.problems.amount && explainAmount(model, say, model.problems.amount)}
          input={{ inputMode: 'decimal', autoComplete: 'off' }}
        />
      )}
      <Field
        {...field('buyer_name')}
        label={say('link.name')}
        isOptional
        problem={model.problems.buyer_name && say('link.problem.name')}
        input={{ autoComplete: 'name' }}
      />
      <Field
        {...field('buyer_email')}
        label={say('link.email')}
        isOptional
        problem={model.problems.buyer_email && say('link.problem.email')}
        input={{ inputMode: 'email', autoComplete: 'email', autoCapitalize: 'none' }}
      />
      <p class="hint">{say('link.why')}</p>
      <button type="submit" class="button" data-busy={say('choose.busy')}>
        {say('link.button')}
      </button>
    </PostForm>
  );
}

function describeRange(model: LinkPageModel, say: Say): string | null {
  const { min, max, hasMin, hasMax, currency, locale } = model;
  const values = boundsOf(model);
  if (hasMin && hasMax) return say('link.range', { range: formatMoneyRange(min, max, currency, locale) });
  if (hasMin) return say('link.min', values);
  return hasMax ? say('link.max', values) : null;
}

function boundsOf({ min, max, currency, locale }: LinkPageModel) {
  return { min: formatMoney(min, currency, locale), max: formatMoney(max, currency, locale) };
}

const PROBLEMS: Readonly<Record<AmountProblem, TextKey>> = {
  empty: 'link.problem.empty',
  format: 'link.problem.format',
  decimals: 'link.problem.decimals',
  min: 'link.problem.min',
  max: 'link.problem.max',
};

function explainAmount(model: LinkPageModel, say: Say, problem: AmountProblem): string {
  const decimals = enteredDecimals(model.currency);
  if (problem === 'decimals' && decimals === 0) return say('link.problem.whole');
  return say(PROBLEMS[problem], { decimals, ...boundsOf(model) });
}

const ENDS: Readonly<Record<Exclude<LinkState, 'open'>, readonly [TextKey, TextKey]>> = {
  used: ['link.used.title', 'link.used.text'],
  closed: ['link.closed.title', 'link.closed.text'],
  expired: ['link.expired.title', 'link.expired.text'],
};

function EndedLink({ model, state, say }: Part & { state: Exclude<LinkState, 'open'> }) {
  const [title, text] = ENDS[state];
  const moment = formatMoment(model.locale, say, model.expiresAt ?? model.now, model.now);
  return (
    <main class="card message" data-link-no={model.linkNo} data-state={state}>
      <p class="title">
        <bdi>{cleanText(model.title)}</bdi>
      </p>
      <h1>{say(title)}</h1>
      <p>{say(text, { moment })}</p>
      <Home model={model} say={say} look="button" />
      <Contact brand={model.brand} say={say} />
    </main>
  );
}
