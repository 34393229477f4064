import { LOCALES, type Locale } from '../../../src/core/locale.ts';
import {
  type PageModel,
  type Problem,
  renderFormPost,
  renderLinkPage,
  renderNotFound,
  renderPaymentPage,
  renderProblem,
  renderReturned,
} from '../../../src/pages/checkout/index.ts';
import { FORM_POST, LONG, makeElement, makeModel, namedIn, SCREENS } from '../../unit/pages/example.ts';
import { HOSTILE, hostileLink, hostileModel } from '../../unit/pages/hostile.ts';
import { LINK_SCREENS, LONG_LINK, makeLinkModel } from '../../unit/pages/link-example.ts';

/** Everything a payer can come to see, in every language and with whatever texts a shop puts into it. */
export interface Screen {
  readonly name: string;
  /** Drawn by the gateway's script, which has to be waited for. */
  readonly isForm: boolean;
  draw(locale: Locale, texts: Texts): string | Promise<string>;
}

/** What stands in the places that a shop or a payer fills: what is usual, the longest there is, or something hostile. */
export type Texts = 'usual' | 'long' | { readonly hostile: string };

const HOUR_LEFT = 600_000;
const PROBLEMS: readonly Problem[] = [
  'too_many_tries',
  'used_up',
  'refused',
  'unreachable',
  'unclear',
  'unavailable',
  'method',
];
const BRAND = { accent: null, logoUrl: null, contact: '+886 2 2345 6789' } as const;
const ACCENTS = ['#ffff00', '#000000', '#ffffff'] as const;

function choose<T>(texts: Texts, usual: T, long: T, hostile: (text: string) => T): T {
  if (texts === 'usual') return usual;
  return texts === 'long' ? long : hostile(texts.hostile);
}

/** `origin` is where the stand-in for Stripe's script is. */
export function listScreens(origin: string): readonly Screen[] {
  const payment = (name: string, changes: Partial<PageModel>): Screen => ({
    name,
    isForm: /^(insite|element)/.test(name),
    draw: (locale, texts) =>
      renderPaymentPage(
        makeModel({
          ...changes,
          ...(changes.change ? { change: namedIn(locale, changes.change) } : {}),
          ...(changes.element ? { element: makeElement(origin) } : {}),
          ...choose(texts, {}, LONG, hostileModel),
          locale,
          languages: LOCALES.map((other) => ({ locale: other, href: `/${other}/pay/PAY1?token=t` })),
        }),
      ),
  });
  const plain = (name: string, draw: Screen['draw']): Screen => ({ name, isForm: false, draw });
  const { now } = makeModel();
  return [
    ...Object.entries(SCREENS).map(([name, changes]) => payment(name, changes)),
    payment('last hour', { deadline: now + HOUR_LEFT }),
    ...ACCENTS.flatMap((accent) =>
      ['go, unclear', 'choose'].map((name) =>
        payment(`${name}, ${accent}`, {
          ...SCREENS[name],
          brand: { ...BRAND, accent },
        }),
      ),
    ),
    ...Object.entries(LINK_SCREENS).map(([name, changes]) =>
      plain(`link, ${name}`, (locale, texts) =>
        renderLinkPage(
          makeLinkModel({
            ...changes,
            ...choose(texts, {}, LONG_LINK, hostileLink),
            locale,
            languages: LOCALES.map((other) => ({ locale: other, href: `/${other}/link/LNK1` })),
          }),
        ),
      ),
    ),
    // Would leave by itself.
    plain('form post', (locale, texts) => {
      const shopName = choose(texts, FORM_POST.shopName, String(LONG.shopName), (text) => text);
      const fields = { ...FORM_POST.fields, ItemName: shopName };
      const { gateway: gatewayName } = makeModel({ locale });
      return renderFormPost({ ...FORM_POST, gatewayName, shopName, fields, locale }).replace(
        'data-submit',
        'data-still',
      );
    }),
    plain('not found', (locale) => renderNotFound(locale)),
    plain('returned', (locale) => renderReturned(locale)),
    plain('returned, paid', (locale) =>
      renderReturned(locale, { status: 'paid', notice: null, gateway: makeModel({ locale }).gateway }, FORM_POST),
    ),
    ...PROBLEMS.map((kind) =>
      plain(`problem, ${kind}`, (locale, texts) => {
        const shopName = choose(texts, FORM_POST.shopName, String(LONG.shopName), (text) => text);
        const { gateway } = makeModel({ locale });
        return renderProblem(locale, kind, '/back', {
          shop: { ...FORM_POST, shopName, brand: BRAND },
          changeUrl: '/change',
          gateway,
        });
      }),
    ),
  ];
}

const hostile = Object.values(HOSTILE);
/** One after the other, so that screens that turn through them see different ones. */
export const TEXTS: readonly Texts[] = [
  'usual',
  ...hostile.slice(0, 4).map((text) => ({ hostile: text })),
  'long',
  ...hostile.slice(4).map((text) => ({ hostile: text })),
];
