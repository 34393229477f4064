// Paying in the page: has ECPay's script draw ECPay's form, and hands what the form gives back to our server.
// checkout.js swaps the screens; the two talk by events.
const LIBRARIES = ['/assets/vendor/jquery.js', '/assets/vendor/forge.js'];
const PATIENCE = 30e3;
// Our server waits 40 s for the bank; and more often than this no token is renewed.
const MINUTE = 60e3;
// A token that runs out under the payer's hands would fail on the button.
const RESERVE = 30e3;

let box = null;
let texts = {};
let note = '';
// Whoever finds another number here was overtaken and keeps quiet.
let turn = 0;
let renewAt = 0;
let timer = 0;
let turnedAway = false;

const part = (name) => box.querySelector(`[data-insite-${name}]`);
const show = (state, text = '') => {
  box.dataset.state = state;
  part('pay').disabled = state !== 'ready';
  part('pay').hidden = state === 'failed';
  part('failed').hidden = state !== 'failed';
  part('status').textContent = text;
};

// checkout.js draws the page again; `next` is said if it is this screen again.
const refresh = (next = '') => {
  note = next;
  document.dispatchEvent(new Event('paycore:stale'));
};

// This screen, after this tab went to the bank, means that it did not work.
const markAway = (value) => {
  try {
    const key = `paycore:${document.querySelector('main').dataset.paymentNo}:away`;
    const was = sessionStorage.getItem(key);
    sessionStorage.setItem(key, value);
    return was;
  } catch {
    return '';
  }
};

const post = async (url, body) => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(MINUTE),
  });
  return { status: answer.status, ...(await answer.json()) };
};

// ECPay's script answers by callback, if it does.
const within = (begin) =>
  new Promise((resolve, reject) => {
    setTimeout(reject, PATIENCE);
    begin((error) => (error ? reject(error) : resolve()), resolve, reject);
  });

const loads = new Map();
const load = (src) => {
  if (!loads.has(src)) {
    const script = document.createElement('script');
    script.src = src;
    loads.set(src, new Promise((yes, no) => Object.assign(script, { onload: yes, onerror: no })));
    loads.get(src).catch(() => loads.delete(src));
    document.head.append(script);
  }
  return within((_, yes, no) => loads.get(src).then(yes, no));
};

const draw = async (text = '', renew = false) => {
  const mine = ++turn;
  clearTimeout(timer);
  show('loading', texts.loading);
  try {
    const { status, data } = await post(box.dataset.formUrl + (renew ? '&renew=1' : ''), {});
    if (mine !== turn) return;
    // Another screen is due; this one again after that is a failure.
    if (status === 409 && !turnedAway) {
      turnedAway = true;
      return refresh(text);
    }
    if (status !== 200) throw status;
    renewAt = Date.now() + Math.max(data.expires_in_ms - RESERVE, MINUTE);
    for (const src of [...LIBRARIES, data.script_url]) await load(src);
    if (mine !== turn) return;
    const { environment, language } = data.settings;
    const place = box.querySelector('#ECPayPayment');
    place.replaceChildren();
    await within((done) => ECPay.initialize(environment, 1, done));
    if (mine !== turn) return;
    // A form that stands there will do, said or not.
    await within((done) => ECPay.createPayment(data.token, language, done, 'V2')).catch((said) => {
      if (said || !place.hasChildNodes()) throw said;
    });
    if (mine !== turn) return;
    turnedAway = false;
    show('ready', text);
    timer = setTimeout(renewForm, renewAt - Date.now());
  } catch (error) {
    if (mine === turn) show('failed', error === 409 ? texts.asking : texts.failed);
  }
};

// A forgotten tab shall not ask for tokens all night.
const renewForm = () => {
  if (!box || document.hidden || box.dataset.state !== 'ready' || Date.now() < renewAt) return;
  draw(texts.renewed, true);
};

const press = async () => {
  if (box.dataset.state !== 'ready') return;
  if (Date.now() >= renewAt) return renewForm();
  const mine = ++turn;
  show('paying');
  try {
    const info = await within((_, yes, no) => ECPay.getPayToken((given, error) => (error ? no(error) : yes(given))));
    if (mine === turn) await pay(mine, info.PayToken);
  } catch (said) {
    if (mine !== turn) return;
    if (/token|逾時|過期|expire/i.test(said)) draw(texts.renewed, true);
    else show('ready', typeof said === 'string' ? said : texts.again);
  }
};

// Sent once: the server finds out what became of it, so every doubt ends in a look at the page.
const pay = async (mine, PayToken) => {
  show('paying', texts.paying);
  const { status, data, error } = await post(box.dataset.payUrl, { PayToken }).catch(() => ({ status: 0 }));
  // Told once, so taken from another screen too, unless that says paid.
  if (/^https?:/.test(data?.redirect_url) && document.querySelector('main[data-status="pending"]')) {
    markAway('1');
    if (mine === turn) show('paying', texts.leaving);
    return location.assign(data.redirect_url);
  }
  if (mine !== turn) return;
  if (status === 422) {
    const reason = error?.gateway?.message;
    draw(texts.refused + (reason ? `\n${texts.reason.replace('{reason}', () => reason)}` : ''));
  } else {
    if (!status || status >= 500) show('paying', texts.asking);
    refresh(status === 200 ? '' : texts.again);
  }
};

const start = () => {
  const found = document.querySelector('[data-insite]');
  if (found === box) return;
  box = found;
  turn++;
  if (!box) return;
  texts = JSON.parse(box.dataset.texts);
  draw(markAway('') ? texts.again : note);
  note = '';
};

document.addEventListener('paycore:main', start);
document.addEventListener('visibilitychange', renewForm);
document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-insite-pay]')) press();
  else if (target.closest('[data-insite-retry]')) draw();
});
// Back without a reload: the number is spent.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted && box?.dataset.state === 'paying') refresh(texts.again);
});
start();
