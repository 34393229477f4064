// Paying in the page: has ECPay's script draw ECPay's form, and hands what the form gives back to our server.
import { fetchWithin } from './checkout/fetch.js';
import { load, runForm, within } from './vendor.js';

/** @import { Form, Gateway, InSiteAnswer, IsCurrent, InSiteTexts } from './types' */

const LIBRARIES = ['/assets/vendor/jquery.js', '/assets/vendor/forge.js'];
// Our server waits 40 s for the bank; and more often than this no token is renewed.
const MINUTE = 60e3;
// A token that runs out under the payer's hands would fail on the button.
const RESERVE = 30e3;

let note = '';
let renewAt = 0;
let timer = 0;
let turnedAway = false;
/** @type {Form<InSiteTexts> | null} */
let drawn = null;

// checkout.js draws the page again; `next` is said if it is this screen again.
const refresh = (next = '') => {
  note = next;
  document.dispatchEvent(new Event('paycore:stale'));
};

// This screen, after this tab went to the bank, means that it did not work.
/** @param {string} value */
const markAway = (value) => {
  try {
    const key = `paycore:${document.querySelector('main')?.dataset.paymentNo}:away`;
    const was = sessionStorage.getItem(key);
    sessionStorage.setItem(key, value);
    return was;
  } catch {
    return '';
  }
};

/**
 * @param {string | undefined} url
 * @param {object} body
 * @returns {Promise<InSiteAnswer>}
 */
const post = async (url = '', body) => {
  const answer = await fetchWithin(MINUTE, url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, ...(await answer.json()) };
};

/**
 * ECPay's script answers by callback, if it does.
 * @param {(done: (error?: unknown) => void) => void} begin
 */
const done = (begin) => within((resolve, reject) => begin((error) => (error ? reject(error) : resolve(null))));

// A forgotten tab shall not ask for tokens all night.
const renew = () => {
  if (!drawn?.box.isConnected || document.hidden || !drawn.is('ready') || Date.now() < renewAt) return;
  drawn.draw({ text: drawn.texts.renewed, renew: true });
};

const askToken = () =>
  within((resolve, reject) =>
    ECPay.getPayToken((given, error) => (error || !given ? reject(error) : resolve(given.PayToken))),
  );

// Sent once: the server finds out what became of it, so every doubt ends in a look at the page.
/**
 * @param {Form<InSiteTexts>} form
 * @param {IsCurrent} isCurrent
 * @param {unknown} PayToken
 */
const send = async ({ box, texts, show, draw }, isCurrent, PayToken) => {
  show('paying', texts.paying);
  /** @type {InSiteAnswer} */
  const { status, data, error } = await post(box.dataset.payUrl, { PayToken }).catch(() => ({ status: 0 }));
  // Told once, so taken from another screen too, unless that says paid.
  const bank = data?.redirect_url ?? '';
  if (/^https?:/.test(bank) && document.querySelector('main[data-status="pending"]')) {
    markAway('1');
    if (isCurrent()) show('paying', texts.leaving);
    return location.assign(bank);
  }
  if (!isCurrent()) return;
  if (status === 422) {
    const reason = error?.gateway?.message;
    draw({ text: texts.refused + (reason ? `\n${texts.reason.replace('{reason}', () => reason)}` : '') });
  } else {
    if (!status || status >= 500) show('paying', texts.asking);
    refresh(status === 200 ? '' : texts.again);
  }
};

/** @type {Gateway<InSiteTexts>} */
const gateway = {
  box: '[data-insite]',
  hook: 'insite',

  begin({ texts }) {
    const text = markAway('') ? texts.again : note;
    note = '';
    return { text };
  },

  async draw(form, isCurrent, { text = '', renew: isRenewal = false }) {
    clearTimeout(timer);
    drawn = form;
    const { status, data } = await post(form.box.dataset.formUrl + (isRenewal ? '&renew=1' : ''), {});
    if (!isCurrent()) return null;
    // Another screen is due; this one again after that is a failure.
    if (status === 409 && !turnedAway) {
      turnedAway = true;
      refresh(text);
      return null;
    }
    const place = form.box.querySelector('#ECPayPayment');
    if (status !== 200 || !data || !place) throw status;
    renewAt = Date.now() + Math.max(data.expires_in_ms - RESERVE, MINUTE);
    for (const src of [...LIBRARIES, data.script_url]) await load(src);
    if (!isCurrent()) return null;
    const { environment, language } = data.settings;
    place.textContent = '';
    await done((end) => ECPay.initialize(environment, 1, end));
    if (!isCurrent()) return null;
    // A form that stands there will do, said or not.
    await done((end) => ECPay.createPayment(data.token, language, end, 'V2')).catch((said) => {
      if (said || !place.hasChildNodes()) throw said;
    });
    if (!isCurrent()) return null;
    turnedAway = false;
    timer = setTimeout(renew, renewAt - Date.now());
    return text;
  },

  // A gateway that refuses will do so again; one that cannot be reached may be there in a minute.
  explain: ({ texts }, reason) => (reason === 409 ? texts.asking : reason === 422 ? texts.closed : texts.failed),

  async pay(form, isCurrent) {
    if (Date.now() >= renewAt) return renew();
    form.show('paying');
    try {
      const token = await askToken();
      if (isCurrent()) await send(form, isCurrent, token);
    } catch (said) {
      if (!isCurrent()) return;
      if (/token|逾時|過期|expire/i.test(String(said))) form.draw({ text: form.texts.renewed, renew: true });
      else form.show('ready', typeof said === 'string' ? said : form.texts.again);
    }
  },

  // The number is spent.
  resume: ({ texts }) => refresh(texts.again),
};

document.addEventListener('visibilitychange', renew);
runForm(gateway);
