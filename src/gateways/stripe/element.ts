import type { Attempt } from '../../core/attempt.ts';
import type { Environment } from '../../core/payment.ts';
import type { ElementDriver, GatewayContext, PageOrigins } from '../gateway.ts';
import { services } from './services.ts';

/** Stripe.js of the train that our version of the API belongs to; Stripe wants it loaded from its own host only. */
const SCRIPT = '/dahlia/stripe.js';

/** How Stripe.js spells our languages (Stripe.js reference, "Supported locales"). */
const LOCALES: Readonly<Record<NonNullable<Attempt['locale']>, string>> = {
  'zh-tw': 'zh-TW',
  'zh-cn': 'zh',
  en: 'en',
  ja: 'ja',
  ko: 'ko',
  th: 'th',
  ms: 'ms',
};

/** What Stripe.js loads from and calls (Stripe documentation, "Integration security guide", Content Security Policy). */
const STRIPE_ORIGINS: PageOrigins = {
  script: ['https://js.stripe.com', 'https://*.js.stripe.com'],
  frame: ['https://js.stripe.com', 'https://*.js.stripe.com', 'https://hooks.stripe.com'],
  connect: ['https://api.stripe.com'],
  img: ['https://*.stripe.com'],
  // Its script sets styles on the frames it puts into our page.
  inlineStyle: true,
};

/** The operator's own origins in their place: nothing may be loaded from Stripe beside them. */
function listOrigins(ctx: Pick<GatewayContext, 'originOf'>, environment: Environment): PageOrigins {
  const [js, api] = [ctx.originOf('js', environment), ctx.originOf('api', environment)];
  if (js === services.js.production) {
    return api === services.api.production ? STRIPE_ORIGINS : { ...STRIPE_ORIGINS, connect: [api] };
  }
  return { script: [js], frame: [js], connect: [...new Set([api, js])], img: [js], inlineStyle: true };
}

export const element: ElementDriver = {
  describe(attempt, secrets, ctx, environment) {
    const { instructions, locale } = attempt;
    if (instructions?.type !== 'element') throw new Error(`attempt ${attempt.id} has no client secret`);
    return {
      scriptUrl: ctx.originOf('js', environment) + SCRIPT,
      settings: {
        publishableKey: secrets.publishable_key ?? '',
        clientSecret: instructions.clientSecret,
        returnUrl: ctx.urls.browserReturn,
        ...(locale === null ? {} : { locale: LOCALES[locale] }),
      },
    };
  },
  origins: listOrigins,
};
