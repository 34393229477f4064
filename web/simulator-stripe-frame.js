// The frame of the stand-in for Stripe.js, on the simulator's own origin: where a payer types. simulator-stripe.js is
// loaded before it, and stands in the page around it too.

/** @import { FieldName, Submitted, Typed } from './simulator' */

const { ask, CHANNEL, SECRET } = window.StripeWire;

const texts = {
  zh: {
    note: '模擬器：不會收取款項。測試卡號：4242 4242 4242 4242 成功、4000 0000 0000 0002 拒絕、4000 0000 0000 3220 需 3D 驗證。',
    quiet: '模擬器：不會收取款項。',
    number: '卡號',
    expiry: '有效期限（月 / 年）',
    cvc: '安全碼',
    email: '電子郵件',
    bank: '銀行',
    choose: '請選擇銀行',
    away: '送出後將前往付款頁面。',
    incomplete: '不完整',
  },
  en: {
    note: 'Simulator: no real money. Test cards: 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined, 4000 0000 0000 3220 asks for 3-D Secure.',
    quiet: 'Simulator: no real money.',
    number: 'Card number',
    expiry: 'Expiry (month / year)',
    cvc: 'Security code',
    email: 'Email',
    bank: 'Bank',
    choose: 'Choose a bank',
    away: 'After submission, you will be taken to another page to pay.',
    incomplete: 'is incomplete',
  },
};
/** @type {Record<string, string>} */
const names = { card: 'Card', alipay: 'Alipay', wechat_pay: 'WeChat Pay', grabpay: 'GrabPay', fpx: 'FPX' };
Object.assign(names, { paynow: 'PayNow', promptpay: 'PromptPay' });
const banks =
  'maybank2u cimb public_bank rhb hong_leong_bank ambank affin_bank agrobank alliance_bank bank_islam bank_muamalat ' +
  'bank_of_china bank_rakyat bnp_paribas bsn citibank deutsche_bank hsbc kfh maybank2e mbsb_bank ocbc pb_enterprise ' +
  'standard_chartered uob';

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string>>} attributes
 * @param {(Node | string)[]} children
 */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * What each field has to look like to be complete.
 * @type {Record<FieldName, RegExp>}
 */
const shapes = {
  number: /^(?:\d[ -]?){13,19}$/,
  expiry: /^(0[1-9]|1[0-2]) ?\/? ?(\d\d)$/,
  cvc: /^\d{3,4}$/,
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  bank: /./,
};
/** @type {Record<string, readonly FieldName[]>} */
const fieldsOf = { card: ['number', 'expiry', 'cvc'], promptpay: ['email'], fpx: ['bank'] };
/** @type {Partial<Record<FieldName, string>>} */
const hints = { number: '1234 1234 1234 1234', expiry: 'MM / YY', cvc: 'CVC', email: 'you@example.com' };

/**
 * What was typed, as Stripe's API takes it.
 * @type {Record<string, (typed: Typed) => object>}
 */
const readers = {
  card: ({ number = '', expiry = '', cvc }) => {
    const [, month, year] = shapes.expiry.exec(expiry) ?? [];
    return { card: { number: number.replaceAll(/[ -]/g, ''), exp_month: Number(month), exp_year: Number(year), cvc } };
  },
  promptpay: ({ email }) => ({ billing_details: { email } }),
  fpx: ({ bank }) => ({ fpx: { bank } }),
};

const told = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const { key = '', clientSecret = '', locale = 'auto', page = '' } = told;
const say = /^zh/i.test(locale === 'auto' ? navigator.language : locale) ? texts.zh : texts.en;
const form = make('form', { class: 'stack' });
/** @type {Map<FieldName, HTMLInputElement | HTMLSelectElement>} */
let fields = new Map();
/** @type {readonly string[]} */
let types = [];
let type = '';

/** @type {(name: string, rest?: object) => void} */
const tell = (name, rest) => parent.postMessage({ channel: CHANNEL, name, ...rest }, page);

const tellHeight = () => tell('height', { height: document.documentElement.offsetHeight });

/** @returns {Typed} */
const readTyped = () => Object.fromEntries([...fields].map(([name, { value }]) => [name, value.trim()]));

const findLacking = () => [...fields].find(([name, { value }]) => !shapes[name].test(value.trim()))?.[0];

const tellChange = () => {
  const values = Object.values(readTyped());
  const empty = values.length > 0 && values.every((value) => value === '');
  tell('change', { detail: { complete: !findLacking(), empty, collapsed: false, value: { type } } });
};

/** @param {FieldName} name */
function makeInput(name) {
  const input = make('input', { name, placeholder: hints[name] ?? '' });
  input.type = name === 'email' ? 'email' : 'text';
  input.autocomplete = 'off';
  input.inputMode = name === 'email' ? 'email' : 'numeric';
  return input;
}

function makeBanks() {
  const options = banks.split(' ').map((value) => make('option', { value }, value.replaceAll('_', ' ')));
  return make('select', { name: 'bank' }, make('option', { value: '' }, say.choose), ...options);
}

function draw() {
  const tabs = types.map((one) => {
    const radio = make('input', { type: 'radio', name: 'method', value: one });
    radio.checked = one === type;
    radio.style.minHeight = '0';
    return make('label', { class: 'check' }, radio, names[one] ?? one);
  });
  fields = new Map((fieldsOf[type] ?? []).map((name) => [name, name === 'bank' ? makeBanks() : makeInput(name)]));
  const labels = [...fields].map(([name, field]) =>
    make('label', {}, make('span', { class: 'quiet' }, say[name]), field),
  );
  const note = make('p', { class: 'quiet' }, type === 'card' ? say.note : `${say.quiet} ${say.away}`);
  form.replaceChildren(...(types.length > 1 ? tabs : []), ...labels, note);
}

/** @returns {Promise<Submitted>} */
async function submit() {
  const name = findLacking();
  if (name) {
    fields.get(name)?.focus();
    const message = `${say[name]} ${say.incomplete}`;
    return { error: { type: 'validation_error', code: `incomplete_${name}`, message } };
  }
  const made = await ask('POST', 'payment_methods', key, { type, ...readers[type]?.(readTyped()) });
  return made.error ? { error: made.error } : { method: { id: made.id, type: made.type } };
}

async function begin() {
  document.body.style.background = 'var(--card)';
  const id = SECRET.exec(clientSecret)?.[1] ?? 'none';
  const intent = await ask('GET', `payment_intents/${id}`, key, { client_secret: clientSecret });
  if (intent.error) return tell('loaderror', { detail: { error: intent.error } });
  types = intent.payment_method_types;
  type = types[0] ?? '';
  draw();
  form.style.marginTop = '0';
  document.body.append(form);
  new ResizeObserver(tellHeight).observe(document.body);
  tellHeight();
  tell('ready', {});
  return tellChange();
}

addEventListener('message', async ({ source, origin, data }) => {
  if (source !== parent || origin !== page || data?.channel !== CHANNEL || data.name !== 'submit') return;
  tell('submitted', { id: data.id, answer: await submit() });
});
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement && target.name === 'method') {
    type = target.value;
    draw();
  }
  tellChange();
});
begin();
