// Stand-in for Stripe.js (https://js.stripe.com/dahlia/stripe.js): Payment Element, confirmPayment, retrievePaymentIntent.
// As with Stripe, card numbers are typed into a frame of the simulator's own and never reach the page around it; the
// page gets the id of a payment method. It writes no <style> and no style attribute, so a strict CSP is fine.

/** @import { Ask, Away, Confirmation, ElementsOptions, SimulatedElement, SimulatedElements, StripeObject, Submitted } from './simulator' */

(() => {
  const { origin } = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src);
  const CHANNEL = 'stripe-simulator';
  const SECRET = /^(pi_[A-Za-z0-9]+)_secret_[A-Za-z0-9]+$/;
  const PATIENCE = 30e3;

  /**
   * `{a: {b: 1}}` → `a[b]=1`.
   * @param {object} values
   * @returns {string[][]}
   */
  function encode(values, prefix = '') {
    return Object.entries(values).flatMap(([name, value]) => {
      const path = prefix ? `${prefix}[${name}]` : name;
      if (value === undefined || value === null) return [];
      return typeof value === 'object' ? encode(value, path) : [[path, String(value)]];
    });
  }

  /**
   * Key and version go among the parameters: headers of their own would make the browser ask for leave first.
   * @type {Ask}
   */
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

  class IntegrationError extends Error {
    /** @override */
    name = 'IntegrationError';
  }

  /** @param {string | undefined} clientSecret */
  function readSecret(clientSecret) {
    const id = SECRET.exec(String(clientSecret))?.[1];
    if (!id) throw new IntegrationError('Invalid value for clientSecret: it should look like pi_…_secret_….');
    return id;
  }

  /**
   * @param {string} key
   * @param {{ locale?: string }} options
   */
  function Stripe(key, options = {}) {
    if (typeof key !== 'string' || !key.startsWith('pk_')) {
      throw new IntegrationError('Please call Stripe() with your publishable key, and never with a secret one.');
    }

    /** @param {string} clientSecret */
    async function retrievePaymentIntent(clientSecret) {
      const answer = await ask('GET', `payment_intents/${readSecret(clientSecret)}`, key, {
        client_secret: clientSecret,
      });
      return answer.error ? { error: answer.error } : { paymentIntent: answer };
    }

    /** @param {Confirmation} options */
    async function confirmPayment({ elements, confirmParams = {}, redirect = 'always' } = {}) {
      const own = /** @type {SimulatedElements | undefined} */ (elements);
      const element = own?.getElement('payment');
      if (!own || !element) {
        throw new IntegrationError('confirmPayment needs elements with a payment Element that is mounted.');
      }
      if (!confirmParams.return_url && redirect !== 'if_required') {
        throw new IntegrationError('confirmParams.return_url is needed.');
      }
      const made = await element.submit();
      if (!made.method) return { error: made.error };
      const { clientSecret } = own.options;
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
      /** @param {ElementsOptions} given */
      elements: (given = {}) => makeElements(key, { locale: options.locale, ...given }),
      confirmPayment,
      retrievePaymentIntent,
    };
  }

  /**
   * Never answers when the browser is on its way elsewhere.
   * @param {StripeObject} intent
   * @param {string | undefined} returnUrl
   * @param {string} redirect
   */
  function goOn(intent, returnUrl, redirect) {
    const action = /** @type {Away} */ (intent.next_action?.[intent.next_action.type] ?? {});
    const away = action.url ?? action.hosted_instructions_url ?? action.stripe_js;
    if (away) return leave(away);
    if (redirect === 'if_required') return { paymentIntent: intent };
    const target = new URL(returnUrl ?? '');
    target.searchParams.set('payment_intent', intent.id);
    target.searchParams.set('payment_intent_client_secret', intent.client_secret);
    target.searchParams.set('redirect_status', intent.status === 'processing' ? 'pending' : intent.status);
    return leave(target.href);
  }

  /** @param {string} url */
  function leave(url) {
    location.assign(url);
    return new Promise(() => {});
  }

  /** @type {(key: string, options: ElementsOptions) => SimulatedElements} */
  function makeElements(key, options) {
    readSecret(options.clientSecret);
    /** @type {SimulatedElement | null} */
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

  /** @type {(key: string, options: ElementsOptions, forget: () => void) => SimulatedElement} */
  function makePaymentElement(key, options, forget) {
    /** @type {{ name: string, handler: (detail: object) => void }[]} */
    let handlers = [];
    /** @type {Map<number, (answer: Submitted) => void>} */
    const waiting = new Map();
    /** @type {HTMLIFrameElement | null} */
    let frame = null;
    let count = 0;

    /** @type {(name: string, detail?: object) => void} */
    const emit = (name, detail) => {
      for (const one of handlers) if (one.name === name) one.handler({ elementType: 'payment', ...detail });
    };
    /** @param {MessageEvent} message */
    const receive = ({ source, origin: from, data }) => {
      if (!frame || source !== frame.contentWindow || from !== origin || data?.channel !== CHANNEL) return;
      if (data.name === 'height') frame.style.height = `${Number(data.height)}px`;
      else if (data.name === 'submitted') waiting.get(data.id)?.(data.answer);
      else emit(data.name, data.detail);
    };
    /** @type {SimulatedElement} */
    const element = {
      mount(target) {
        const box = typeof target === 'string' ? document.querySelector(target) : target;
        if (!box) throw new IntegrationError(`The selector you specified (${target}) applies to no DOM elements.`);
        element.unmount();
        frame = makeFrame({ key, clientSecret: options.clientSecret ?? '', locale: options.locale ?? 'auto' });
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
      submit() {
        const inner = frame?.contentWindow;
        if (!inner) throw new IntegrationError('The payment Element must be mounted before this.');
        count += 1;
        const id = count;
        return new Promise((resolve) => {
          waiting.set(id, (answer) => {
            waiting.delete(id);
            resolve(answer);
          });
          inner.postMessage({ channel: CHANNEL, name: 'submit', id }, origin);
        });
      },
    };
    return element;
  }

  /**
   * What the frame needs stands behind the `#`, which no server gets to see.
   * @param {{ key: string, clientSecret: string, locale: string }} settings
   */
  function makeFrame(settings) {
    const frame = document.createElement('iframe');
    frame.src = `${origin}/stripe/elements/payment#${new URLSearchParams({ ...settings, page: location.origin })}`;
    frame.title = 'Secure payment input frame';
    // Through the object model, which no CSP forbids.
    Object.assign(frame.style, { display: 'block', width: '100%', height: '0', border: '0' });
    return frame;
  }

  window.Stripe = Stripe;
  // For the frame, whose script comes after this one.
  window.StripeWire = { ask, CHANNEL, SECRET };
})();
