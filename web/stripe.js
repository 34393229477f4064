// Has Stripe's script draw Stripe's form and pay with it. Our server hears of it from Stripe, and checkout.js shows it.
const PATIENCE = 30e3;
let box = null;
let texts = {};
// Whoever finds another number here was overtaken and keeps quiet.
let turn = 0;

const part = (name) => box.querySelector(`[data-element-${name}]`);
const show = (state, text = '') => {
  box.dataset.state = state;
  part('pay').disabled = state !== 'ready';
  part('pay').hidden = state === 'failed';
  part('failed').hidden = state !== 'failed';
  part('status').textContent = text;
};

const load = (url) =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script');
    Object.assign(script, { src: url, onload: resolve, onerror: reject });
    setTimeout(reject, PATIENCE);
    document.head.append(script);
  });

// The form is a page of Stripe's own, which our style sheet does not reach: it is told our colours.
const lookOf = (place) => {
  const style = getComputedStyle(place);
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

/** Resolves when the form can be filled in. */
const mount = (form, place) =>
  new Promise((resolve, reject) => {
    form.on('ready', resolve);
    form.on('loaderror', reject);
    setTimeout(reject, PATIENCE);
    place.replaceChildren();
    form.mount(place);
  });

// What its own words are: a mistake in the form and a no of the bank. The rest is written for programmers, and leaves
// open what became of the payment (Stripe API reference, "Errors").
const explain = ({ type, message }) =>
  /^(card|validation)_error$/.test(type) ? (message ?? texts.refused) : texts.unclear;

const draw = async () => {
  const mine = ++turn;
  show('loading', texts.loading);
  try {
    if (!window.Stripe) await load(box.dataset.scriptUrl);
    if (mine !== turn) return;
    const { publishableKey, clientSecret, returnUrl, locale } = JSON.parse(box.dataset.settings);
    const stripe = window.Stripe(publishableKey, locale ? { locale } : {});
    const place = box.querySelector('[data-element]');
    const elements = stripe.elements({ clientSecret, appearance: lookOf(place) });
    await mount(elements.create('payment'), place);
    if (mine !== turn) return;
    part('pay').onclick = () =>
      pay(async () => stripe.confirmPayment({ elements, confirmParams: { return_url: returnUrl } }));
    show('ready');
  } catch {
    if (mine === turn) show('failed', texts.failed);
  }
};

// Answers only when it did not work: otherwise the browser is on its way to the return address.
const pay = async (confirm) => {
  if (box.dataset.state !== 'ready') return;
  const mine = ++turn;
  show('paying', texts.paying);
  const { error = {} } = await confirm().catch(() => ({}));
  if (mine === turn) show('ready', explain(error));
};

const start = () => {
  const found = document.querySelector('[data-pay-element]');
  if (found === box) return;
  box = found;
  turn++;
  if (!box) return;
  texts = JSON.parse(box.dataset.texts);
  part('retry').onclick = draw;
  draw();
};

document.addEventListener('paycore:main', start);
// Back from the bank without a reload: what was begun there is over, and the form wants to be drawn again.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted && box?.dataset.state === 'paying') draw();
});
start();
