// Has Stripe's script draw Stripe's form and pay with it. Our server hears of it from Stripe, and checkout.js shows it.
import { load, runForm, within } from './vendor.js';

/** @import { Gateway, StripeElement, StripeError, StripeSettings, StripeTexts } from './types' */

/** @type {() => Promise<{ error?: StripeError }>} */
let confirm = async () => ({});

// The form is a page of Stripe's own, which our style sheet does not reach: it is told our colours.
/** @param {Element} place */
const lookOf = (place) => {
  const style = getComputedStyle(place);
  /** @param {string} name */
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'stripe',
    variables: {
      colorPrimary: token('accent'),
      colorBackground: token('card'),
      colorText: token('ink'),
      colorTextSecondary: token('quiet'),
      colorDanger: token('bad'),
      borderRadius: '10px',
      fontFamily: style.fontFamily,
      fontSizeBase: '15px',
    },
  };
};

/**
 * Resolves when the form can be filled in.
 * @param {StripeElement} element
 * @param {Element} place
 */
const mount = (element, place) =>
  within((resolve, reject) => {
    element.on('ready', resolve);
    element.on('loaderror', (said) => reject(said?.error ?? said));
    place.textContent = '';
    element.mount(place);
  });

// What its own words are: a mistake in the form and a no of the bank. The rest is written for programmers, and leaves
// open what became of the payment (Stripe API reference, "Errors").
/**
 * @param {StripeTexts} texts
 * @param {StripeError} error
 */
const explain = (texts, { type = '', message }) =>
  /^(card|validation)_error$/.test(type) ? (message ?? texts.refused) : texts.unclear;

/** @type {Gateway<StripeTexts>} */
const gateway = {
  box: '[data-pay-element]',
  hook: 'element',

  async draw({ box }, isCurrent) {
    await load(box.dataset.scriptUrl ?? '', () => window.Stripe);
    const place = box.querySelector('[data-element]');
    if (!isCurrent() || !window.Stripe || !place) return null;
    /** @type {StripeSettings} */
    const { publishableKey, clientSecret, returnUrl, locale } = JSON.parse(box.dataset.settings ?? '');
    const stripe = window.Stripe(publishableKey, locale ? { locale } : {});
    const elements = stripe.elements({ clientSecret, appearance: lookOf(place) });
    await mount(elements.create('payment'), place);
    confirm = async () => stripe.confirmPayment({ elements, confirmParams: { return_url: returnUrl } });
    return '';
  },

  // Answers only when it did not work: otherwise the browser is on its way to the return address.
  async pay(form, isCurrent) {
    form.show('paying', form.texts.paying);
    const { error = {} } = await confirm().catch(() => ({ error: undefined }));
    if (isCurrent()) form.show('ready', explain(form.texts, error));
  },

  // What the script calls an invalid request will be none the next time either.
  explain: ({ texts }, reason) =>
    /** @type {StripeError | undefined} */ (reason)?.type === 'invalid_request_error' ? texts.closed : texts.failed,

  resume: (form) => form.draw(),
};

runForm(gateway);
