import type { Instructions } from '../../core/attempt.ts';
import { formatMoney } from '../format.ts';
import { cleanText, safePath, safeUrl } from '../safe.ts';
import { type Say, speak, type TextKey } from '../text.ts';
import { type Shape, shapeCode39, shapeQr } from './shapes.ts';
import type { PaymentView } from './view.ts';

/** A view made safe to draw: cleaned names, checked addresses, encoded symbols. Every part of the page gets this one. */
export interface Scene {
  readonly view: PaymentView;
  readonly say: Say;
  readonly shop: string;
  readonly gateway: string;
  readonly order: string;
  readonly money: string;
  readonly title: string;
  readonly goAction: string | null;
  readonly statusUrl: string | null;
  readonly pageUrl: string | null;
  /** Path and query of this page. */
  readonly pagePath: string | null;
  readonly guideUrl: string | null;
  readonly successUrl: string | null;
  readonly backUrl: string | null;
  /** What there is to pay with, only on the screen that shows it. */
  readonly instructions: Instructions | null;
  /** One for each barcode; null where Code 39 has no sign for a character. */
  readonly barcodes: readonly (Shape | null)[];
  /** The page's address. */
  readonly qr: Shape | null;
  /** What the payer's wallet reads. */
  readonly payQr: Shape | null;
}

const METHOD_KEYS: Readonly<Record<string, TextKey>> = {
  atm: 'method.atm',
  cvs: 'method.cvs',
  barcode: 'method.barcode',
  credit: 'method.credit',
  all: 'method.all',
  checkout: 'method.checkout',
  alipay: 'method.alipay',
  'wechat-pay': 'method.wechat',
  grabpay: 'method.grabpay',
  paynow: 'method.paynow',
  promptpay: 'method.promptpay',
  fpx: 'method.fpx',
};

const WALLET_KEYS: Readonly<Record<string, TextKey>> = {
  'wechat-pay': 'wallet.wechat',
  paynow: 'wallet.paynow',
  promptpay: 'wallet.promptpay',
};

/** The app that reads a method's QR code. */
export function walletKey(method: string): TextKey {
  return Object.hasOwn(WALLET_KEYS, method) ? (WALLET_KEYS[method] ?? 'wallet.other') : 'wallet.other';
}

/** What the page calls the method. Those only a gateway knows are just "online payment". */
export function methodKey(method: string): TextKey {
  return Object.hasOwn(METHOD_KEYS, method) ? (METHOD_KEYS[method] ?? 'method.other') : 'method.other';
}

/** The gateway has the payer's money or word for it, and makes up its mind. */
export function isUnderReview(view: PaymentView): boolean {
  return view.screen === 'waiting' && view.flags.includes('under_review');
}

/** What the button of the `go` screen brings onto this page; null: it leads away to the gateway. */
export function opensHere({ instructions, method, paysHere }: PaymentView): 'qr' | 'element' | null {
  if (instructions?.type === 'element') return 'element';
  if (instructions?.type === 'qr' || Object.hasOwn(WALLET_KEYS, method)) return 'qr';
  // Nothing to pay with yet: the outcome of the call that was to make it is not known.
  return instructions === null && paysHere ? 'element' : null;
}

function titleKey(view: PaymentView): TextKey {
  switch (view.screen) {
    case 'instructions':
      return methodKey(view.instructions && view.instructions.type !== 'qr' ? view.instructions.type : view.method);
    case 'choose':
      return 'method.all';
    case 'go':
    case 'insite':
    case 'element':
      return methodKey(view.method);
    case 'waiting':
      return isUnderReview(view) ? 'review.title' : 'waiting.title';
    case 'paid':
      return 'paid.title';
    case 'expired':
      return 'expired.title';
    case 'failed':
      return 'failed.title';
  }
}

async function shapeOrNull(make: Promise<Shape>): Promise<Shape | null> {
  try {
    return await make;
  } catch {
    return null;
  }
}

export async function prepareScene(view: PaymentView): Promise<Scene> {
  const say = speak(view.locale);
  const pageUrl = safeUrl(view.pageUrl);
  const instructions = view.screen === 'instructions' ? view.instructions : null;
  const texts = instructions?.type === 'barcode' ? instructions.barcodes : [];
  const successUrl = safeUrl(view.successUrl);
  return {
    view,
    say,
    pageUrl,
    instructions,
    successUrl,
    shop: cleanText(view.shopName),
    gateway: cleanText(view.gateway?.name ?? ''),
    order: cleanText(view.merchantOrderNo),
    money: formatMoney(view.amount, view.currency),
    title: say(titleKey(view)),
    goAction: safePath(view.goAction),
    statusUrl: safePath(view.statusUrl),
    pagePath: safePath(view.languages.find(({ locale }) => locale === view.locale)?.href ?? null),
    guideUrl: safeUrl(view.guideUrl),
    backUrl: safeUrl(view.cancelUrl) ?? successUrl,
    barcodes: await Promise.all(texts.map((text) => shapeOrNull(shapeCode39(text)))),
    payQr: instructions?.type === 'qr' ? await shapeOrNull(shapeQr(instructions.data)) : null,
    qr: instructions && instructions.type !== 'qr' && pageUrl ? await shapeOrNull(shapeQr(pageUrl)) : null,
  };
}
