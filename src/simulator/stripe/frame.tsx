import { render } from 'preact-render-to-string';

/** The frame talks to the page around it and to its own origin, and styles itself with the simulator's own sheet. */
const FRAME_SECURITY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  'frame-ancestors *',
].join('; ');

/** `GET /stripe/elements/payment`: where a payer types, on the simulator's own origin as it is on Stripe's. */
export function showFrame(): Response {
  const page = render(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Stripe simulator</title>
        <link rel="stylesheet" href="/simulator/assets/simulator.css" />
        <script src="/dahlia/stripe.js" defer />
        <script src="/simulator/assets/simulator-stripe-frame.js" type="module" />
      </head>
      <body />
    </html>,
  );
  return new Response(`<!doctype html>${page}`, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': FRAME_SECURITY,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      // Isolated pages embed only what says that it may be.
      'cross-origin-resource-policy': 'cross-origin',
      'cross-origin-embedder-policy': 'require-corp',
    },
  });
}
