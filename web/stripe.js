// Has Stripe's script draw Stripe's form and pay with it. Our server hears of it from Stripe, and checkout.js shows it.
const PATIENCE = 30e3;
let turn = 0;

const load = (url) =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = resolve;
    script.onerror = reject;
    setTimeout(reject, PATIENCE);
    document.head.append(script);
  });

const start = async () => {
  const box = document.querySelector('[data-pay-element]');
  if (!box) return;
  const mine = ++turn;
  const texts = JSON.parse(box.dataset.texts);
  const { publishableKey, clientSecret, returnUrl, locale } = JSON.parse(box.dataset.settings);
  const part = (name) => box.querySelector(`[data-element-${name}]`);
  const show = (state, text = '') => {
    if (mine !== turn) return;
    box.dataset.state = state;
    part('pay').disabled = state !== 'ready';
    part('pay').hidden = state === 'failed';
    part('failed').hidden = state !== 'failed';
    part('status').textContent = text;
  };
  part('retry').onclick = () => location.reload();
  try {
    if (!window.Stripe) await load(box.dataset.scriptUrl);
    const stripe = window.Stripe(publishableKey, locale ? { locale } : {});
    const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'stripe';
    const elements = stripe.elements({ clientSecret, appearance: { theme } });
    const form = elements.create('payment');
    const patience = setTimeout(() => show('failed', texts.failed), PATIENCE);
    form.on('ready', () => {
      clearTimeout(patience);
      show('ready');
    });
    form.on('loaderror', () => {
      clearTimeout(patience);
      show('failed', texts.failed);
    });
    form.mount(box.querySelector('[data-element]'));
    part('pay').onclick = async () => {
      show('paying', texts.paying);
      // Comes back only when it did not work: otherwise the browser is on its way to the return address.
      const { error } = await stripe.confirmPayment({ elements, confirmParams: { return_url: returnUrl } });
      show('ready', error?.message ?? texts.refused);
    };
  } catch {
    show('failed', texts.failed);
  }
};

document.addEventListener('paycore:main', start);
start();
