import { answerPage } from '../http.ts';

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
  const response = answerPage(
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
  response.headers.set('content-security-policy', FRAME_SECURITY);
  // Isolated pages embed only what says that it may be.
  response.headers.set('cross-origin-resource-policy', 'cross-origin');
  response.headers.set('cross-origin-embedder-policy', 'require-corp');
  return response;
}
