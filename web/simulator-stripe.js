// Stand-in for Stripe.js (https://js.stripe.com/dahlia/stripe.js): Payment Element, confirmPayment, retrievePaymentIntent.
// As with Stripe, card numbers are typed into a frame of the simulator's own and never reach the page around it; the
// page gets the id of a payment method. It writes no <style> and no style attribute, so a strict CSP is fine.
(() => {
  const { src, dataset } = document.currentScript;
  const { origin } = new URL(src);
  const isFrame = dataset.frame !== undefined;
  const CHANNEL = 'stripe-simulator';
  const SECRET = /^(pi_[A-Za-z0-9]+)_secret_[A-Za-z0-9]+$/;
  const PATIENCE = 30e3;

  /** `{a: {b: 1}}` → `a[b]=1`. */
  function encode(values, prefix = '') {
    return Object.entries(values).flatMap(([name, value]) => {
      const path = prefix ? `${prefix}[${name}]` : name;
      if (value === undefined || value === null) return [];
      return typeof value === 'object' ? encode(value, path) : [[path, String(value)]];
    });
  }

  /** Key and version go among the parameters: headers of their own would make the browser ask for leave first. */
  async function ask(method, path, key, values) {
    const parameters = new URLSearchParams(encode({ ...values, key, _stripe_version: '2026-08-26.dahlia' }));
    const isPost = method === 'POST';
    try {
      const response = await fetch(`${origin}/v1/${path}${isPost ? '' : `?${parameters}`}`, {
        method,
        ...(isPost ? { body: parameters } : {}),
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(PATIENCE),
      });
      return await response.json();
    } catch {
      return { error: { type: 'api_connection_error', message: 'The payment service cannot be reached.' } };
    }
  }

  // The page's side.

  class IntegrationError extends Error {
    name = 'IntegrationError';
  }

  function readSecret(clientSecret) {
    const id = SECRET.exec(String(clientSecret))?.[1];
    if (!id) throw new IntegrationError('Invalid value for clientSecret: it should look like pi_…_secret_….');
    return id;
  }

  function Stripe(key, options = {}) {
    if (typeof key !== 'string' || !key.startsWith('pk_')) {
      throw new IntegrationError('Please call Stripe() with your publishable key, and never with a secret one.');
    }

    async function retrievePaymentIntent(clientSecret) {
      const answer = await ask('GET', `payment_intents/${readSecret(clientSecret)}`, key, {
        client_secret: clientSecret,
      });
      return answer.error ? { error: answer.error } : { paymentIntent: answer };
    }

    async function confirmPayment({ elements, confirmParams = {}, redirect = 'always' } = {}) {
      const element = elements?.getElement('payment');
      if (!element) throw new IntegrationError('confirmPayment needs elements with a payment Element that is mounted.');
      if (!confirmParams.return_url && redirect !== 'if_required') {
        throw new IntegrationError('confirmParams.return_url is needed.');
      }
      const made = await element.submit();
      if (made.error) return { error: made.error };
      const { clientSecret } = elements.options;
      const { return_url, receipt_email, shipping } = confirmParams;
      const answer = await ask('POST', `payment_intents/${readSecret(clientSecret)}/confirm`, key, {
        return_url,
        receipt_email,
        shipping,
        client_secret: clientSecret,
        payment_method: made.method.id,
        expected_payment_method_type: made.method.type,
      });
      return answer.error ? { error: answer.error } : goOn(answer, return_url, redirect);
    }

    return {
      elements: (given = {}) => makeElements(key, { locale: options.locale, ...given }),
      confirmPayment,
      retrievePaymentIntent,
    };
  }

  /** Never answers when the browser is on its way elsewhere. */
  function goOn(intent, returnUrl, redirect) {
    const action = intent.next_action?.[intent.next_action.type];
    const away = action?.url ?? action?.hosted_instructions_url ?? action?.stripe_js;
    if (away) return leave(away);
    if (redirect === 'if_required') return { paymentIntent: intent };
    const target = new URL(returnUrl);
    target.searchParams.set('payment_intent', intent.id);
    target.searchParams.set('payment_intent_client_secret', intent.client_secret);
    target.searchParams.set('redirect_status', intent.status === 'processing' ? 'pending' : intent.status);
    return leave(target.href);
  }

  function leave(url) {
    location.assign(url);
    return new Promise(() => {});
  }

  function makeElements(key, options) {
    readSecret(options.clientSecret);
    let payment = null;
    return {
      options,
      create(type) {
        if (type !== 'payment') throw new IntegrationError(`The simulator has no ${type} Element.`);
        if (payment) throw new IntegrationError('Can only create one Element of type payment through elements().');
        payment = makePaymentElement(key, options, () => {
          payment = null;
        });
        return payment;
      },
      getElement: (type) => (type === 'payment' ? payment : null),
      submit: async () => (payment ? { error: (await payment.submit()).error } : {}),
    };
  }

  function makePaymentElement(key, options, forget) {
    let handlers = [];
    const waiting = new Map();
    let frame = null;
    let count = 0;

    const emit = (name, detail) => {
      for (const one of handlers) if (one.name === name) one.handler({ elementType: 'payment', ...detail });
    };
    const receive = ({ source, origin: from, data }) => {
      if (!frame || source !== frame.contentWindow || from !== origin || data?.channel !== CHANNEL) return;
      if (data.name === 'height') frame.style.height = `${Number(data.height)}px`;
      else if (data.name === 'submitted') waiting.get(data.id)?.(data.answer);
      else emit(data.name, data.detail);
    };
    const element = {
      mount(target) {
        const box = typeof target === 'string' ? document.querySelector(target) : target;
        if (!box) throw new IntegrationError(`The selector you specified (${target}) applies to no DOM elements.`);
        element.unmount();
        frame = makeFrame({ key, clientSecret: options.clientSecret, locale: options.locale ?? 'auto' });
        addEventListener('message', receive);
        box.replaceChildren(frame);
      },
      unmount() {
        removeEventListener('message', receive);
        frame?.remove();
        frame = null;
      },
      destroy() {
        element.unmount();
        forget();
      },
      on(name, handler) {
        handlers = [...handlers, { name, handler }];
        return element;
      },
      off(name, handler) {
        handlers = handlers.filter((one) => one.name !== name || (handler && one.handler !== handler));
        return element;
      },
      /** Has the frame make a payment method of what was typed: `{method}` or `{error}`. */
      submit() {
        if (!frame) throw new IntegrationError('The payment Element must be mounted before this.');
        count += 1;
        const id = count;
        return new Promise((resolve) => {
          waiting.set(id, (answer) => {
            waiting.delete(id);
            resolve(answer);
          });
          frame.contentWindow.postMessage({ channel: CHANNEL, name: 'submit', id }, origin);
        });
      },
    };
    return element;
  }

  /** What the frame needs stands behind the `#`, which no server gets to see. */
  function makeFrame(settings) {
    const frame = document.createElement('iframe');
    frame.src = `${origin}/stripe/elements/payment#${new URLSearchParams({ ...settings, page: location.origin })}`;
    frame.title = 'Secure payment input frame';
    // Through the object model, which no CSP forbids.
    Object.assign(frame.style, { display: 'block', width: '100%', height: '0', border: '0' });
    return frame;
  }

  // The frame's side.

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
  const names = { card: 'Card', alipay: 'Alipay', wechat_pay: 'WeChat Pay', grabpay: 'GrabPay', fpx: 'FPX' };
  Object.assign(names, { paynow: 'PayNow', promptpay: 'PromptPay' });
  const banks =
    'maybank2u cimb public_bank rhb hong_leong_bank ambank affin_bank agrobank alliance_bank bank_islam bank_muamalat ' +
    'bank_of_china bank_rakyat bnp_paribas bsn citibank deutsche_bank hsbc kfh maybank2e mbsb_bank ocbc pb_enterprise ' +
    'standard_chartered uob';

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  /** Each field: what it is called, and what it has to look like to be complete. */
  const shapes = {
    number: /^(?:\d[ -]?){13,19}$/,
    expiry: /^(0[1-9]|1[0-2]) ?\/? ?(\d\d)$/,
    cvc: /^\d{3,4}$/,
    email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
    bank: /./,
  };
  const fieldsOf = { card: ['number', 'expiry', 'cvc'], promptpay: ['email'], fpx: ['bank'] };
  const hints = { number: '1234 1234 1234 1234', expiry: 'MM / YY', cvc: 'CVC', email: 'you@example.com' };

  const readers = {
    card: ({ number, expiry, cvc }) => {
      const [, month, year] = shapes.expiry.exec(expiry);
      return {
        card: { number: number.replaceAll(/[ -]/g, ''), exp_month: Number(month), exp_year: Number(year), cvc },
      };
    },
    promptpay: ({ email }) => ({ billing_details: { email } }),
    fpx: ({ bank }) => ({ fpx: { bank } }),
  };

  function makeField(name, say) {
    const wide = name === 'bank' ? make('select', { name }) : make('input', { name, placeholder: hints[name] });
    if (name === 'bank') {
      wide.append(make('option', { value: '' }, say.choose));
      wide.append(...banks.split(' ').map((value) => make('option', { value }, value.replaceAll('_', ' '))));
    } else {
      wide.type = name === 'email' ? 'email' : 'text';
      wide.autocomplete = 'off';
      wide.inputMode = name === 'email' ? 'email' : 'numeric';
    }
    return make('label', {}, make('span', { class: 'quiet' }, say[name]), wide);
  }

  function runFrame() {
    const told = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    const language = told.locale === 'auto' ? navigator.language : told.locale;
    const say = /^zh/i.test(language ?? '') ? texts.zh : texts.en;
    const tell = (name, rest) => parent.postMessage({ channel: CHANNEL, name, ...rest }, told.page);
    const form = make('form', { class: 'stack' });
    let types = [];
    let type = '';

    const typed = () =>
      Object.fromEntries((fieldsOf[type] ?? []).map((name) => [name, form.elements[name].value.trim()]));
    const lacking = () => Object.entries(typed()).find(([name, value]) => !shapes[name].test(value))?.[0];
    const tellChange = () => {
      const values = Object.values(typed());
      const empty = values.length > 0 && values.every((value) => value === '');
      tell('change', { detail: { complete: !lacking(), empty, collapsed: false, value: { type } } });
    };

    function draw() {
      const tabs = types.map((one) => {
        const radio = make('input', { type: 'radio', name: 'method', value: one });
        radio.checked = one === type;
        radio.style.minHeight = '0';
        return make('label', { class: 'check' }, radio, names[one] ?? one);
      });
      const fields = (fieldsOf[type] ?? []).map((name) => makeField(name, say));
      const note = make('p', { class: 'quiet' }, type === 'card' ? say.note : `${say.quiet} ${say.away}`);
      form.replaceChildren(...(types.length > 1 ? tabs : []), ...fields, note);
    }

    async function submit() {
      const name = lacking();
      if (name) {
        form.elements[name].focus();
        const message = `${say[name]} ${say.incomplete}`;
        return { error: { type: 'validation_error', code: `incomplete_${name}`, message } };
      }
      const made = await ask('POST', 'payment_methods', told.key, { type, ...readers[type]?.(typed()) });
      return made.error ? { error: made.error } : { method: { id: made.id, type: made.type } };
    }

    addEventListener('message', async ({ source, origin: from, data }) => {
      if (source !== parent || from !== told.page || data?.channel !== CHANNEL || data.name !== 'submit') return;
      tell('submitted', { id: data.id, answer: await submit() });
    });
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', ({ target }) => {
      if (target.name === 'method') {
        type = target.value;
        draw();
      }
      tellChange();
    });

    async function begin() {
      document.body.style.background = 'var(--card)';
      const id = SECRET.exec(told.clientSecret)?.[1] ?? 'none';
      const intent = await ask('GET', `payment_intents/${id}`, told.key, { client_secret: told.clientSecret });
      if (intent.error) return tell('loaderror', { detail: { error: intent.error } });
      types = intent.payment_method_types;
      type = types[0];
      draw();
      form.style.marginTop = '0';
      document.body.append(form);
      new ResizeObserver(() => tell('height', { height: document.documentElement.offsetHeight })).observe(
        document.body,
      );
      tell('height', { height: document.documentElement.offsetHeight });
      tell('ready', {});
      return tellChange();
    }
    begin();
  }

  if (isFrame) runFrame();
  else window.Stripe = Stripe;
})();
