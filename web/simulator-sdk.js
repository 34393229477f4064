// Stand-in for ECPay's script (https://ecpg.ecpay.com.tw/Scripts/sdk-1.0.0.js): the same calls, no real card, and
// nothing but the simulator it came from is asked. It writes no <style> and no style attribute, so a strict CSP is fine.

/** @import { ECPayScript } from './types' */
/** @import { PaymentMethod, TokenAnswer } from './simulator' */

(() => {
  const { origin } = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src);
  const BOX_ID = 'ECPayPayment';

  const texts = {
    'zh-TW': {
      title: '選擇付款方式',
      note: '模擬器：不會收取款項，也不需要卡號。',
      choose: '請選擇付款方式',
      noBox: '找不到 #ECPayPayment',
      noAnswer: '無法連線至付款服務',
    },
    'en-US': {
      title: 'Choose how to pay',
      note: 'Simulator: no real money, no card number needed.',
      choose: 'Choose a payment method',
      noBox: '#ECPayPayment is missing',
      noAnswer: 'The payment service cannot be reached',
    },
  };

  /** @type {keyof typeof texts} */
  let language = 'zh-TW';
  let token = '';
  let round = 0;

  /** @param {keyof (typeof texts)['zh-TW']} name */
  function text(name) {
    return texts[language][name];
  }

  /** @param {Record<string, string>} fields */
  async function ask(fields) {
    /** @type {TokenAnswer} */
    let answer;
    try {
      const body = new URLSearchParams(fields);
      const response = await fetch(`${origin}/Merchant/SimulatorPayToken`, {
        method: 'POST',
        body,
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      });
      answer = await response.json();
    } catch {
      throw new Error(text('noAnswer'));
    }
    if (answer.error) throw new Error(answer.error.message);
    return answer;
  }

  /** @param {unknown} error */
  function readMessage(error) {
    return error instanceof Error ? error.message : String(error);
  }

  /**
   * An element with text and style; style through the object model, which no CSP forbids.
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Partial<CSSStyleDeclaration>} style
   */
  function make(tag, style, content = '') {
    const element = document.createElement(tag);
    element.textContent = content;
    Object.assign(element.style, style);
    return element;
  }

  /** @type {(method: PaymentMethod, isFirst: boolean) => HTMLElement} */
  function makeRow(method, isFirst) {
    const row = make('label', {
      display: 'flex',
      alignItems: 'center',
      gap: '12px',
      minHeight: '48px',
      padding: '0 16px',
      borderTop: isFirst ? 'none' : '1px solid color-mix(in srgb, currentColor 16%, transparent)',
      cursor: 'pointer',
    });
    const input = make('input', { width: '18px', height: '18px', margin: '0', flex: 'none' });
    input.type = 'radio';
    input.name = 'ecpay-method';
    input.value = method.id;
    input.checked = isFirst;
    row.append(input, make('span', {}, language === 'zh-TW' ? method.zh : method.en));
    return row;
  }

  /** @type {(box: HTMLElement, methods: readonly PaymentMethod[]) => void} */
  function render(box, methods) {
    const group = make('fieldset', { margin: '0', padding: '0', border: 'none', minWidth: '0' });
    const rows = make('div', {
      border: '1px solid color-mix(in srgb, currentColor 16%, transparent)',
      borderRadius: '10px',
    });
    rows.append(...methods.map((method, at) => makeRow(method, at === 0)));
    group.append(
      make('legend', { padding: '0', marginBottom: '8px', fontWeight: '600' }, text('title')),
      rows,
      make('p', { margin: '8px 0 0', fontSize: '13px' }, text('note')),
    );
    box.replaceChildren(group);
  }

  /**
   * Callbacks get null when all is well, as ECPay's script does it.
   * @type {ECPayScript['initialize']}
   */
  function initialize(_environment, _type, callback) {
    queueMicrotask(() => callback?.(null));
  }

  /** @type {ECPayScript['createPayment']} */
  async function createPayment(newToken, newLanguage, callback) {
    token = String(newToken);
    language = newLanguage === 'en-US' ? newLanguage : 'zh-TW';
    round += 1;
    const current = round;
    const box = document.getElementById(BOX_ID);
    if (!box) {
      callback?.(text('noBox'));
      return;
    }
    /** @type {readonly PaymentMethod[]} */
    let methods = [];
    let message = null;
    try {
      methods = (await ask({ Token: token })).Methods;
    } catch (error) {
      message = readMessage(error);
    }
    // Another call was made meanwhile; its form is the one that counts.
    if (current !== round) return;
    if (message === null) render(box, methods);
    else box.replaceChildren();
    callback?.(message);
  }

  /** @type {ECPayScript['getPayToken']} */
  async function getPayToken(callback) {
    /** @type {HTMLInputElement | null} */
    const chosen = document.querySelector(`#${BOX_ID} input[name="ecpay-method"]:checked`);
    if (!chosen) {
      callback(null, text('choose'));
      return;
    }
    let payment = null;
    let message = null;
    try {
      payment = await ask({ Token: token, Method: chosen.value });
    } catch (error) {
      message = readMessage(error);
    }
    callback(payment, message);
  }

  window.ECPay = { initialize, createPayment, getPayToken, getLanguage: () => language };
})();
