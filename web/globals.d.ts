import type { StripeWire } from './simulator';
import type { ECPayScript, StripeScript, SwaggerUi } from './types';

/** What the scripts of gateways, and the stand-ins for them, put into the page. */
declare global {
  const ECPay: ECPayScript;
  interface Window {
    ECPay?: ECPayScript;
    Stripe?: StripeScript;
    StripeWire: StripeWire;
    SwaggerUIBundle(options: object): SwaggerUi;
  }
}
