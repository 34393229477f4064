import { renderToString } from 'preact-render-to-string';
import type { Way } from './ways.ts';

export interface Notification {
  readonly at: string;
  readonly webhook_id: string;
  readonly verified: boolean;
  readonly event: string;
  readonly payment_no: string;
  readonly merchant_order_no: string;
  readonly status: string;
  readonly amount_decimal: string;
  readonly currency: string;
}

/** How it stands with the order of a payer who comes back; `unheard`: he says paid, and PayCore has not said so yet. */
export type Arrival = 'paid' | 'unheard' | 'unpaid';

export function showPage(
  ways: readonly Way[],
  notifications: readonly Notification[],
  arrival: Arrival | null,
): Response {
  const html = renderToString(<Page ways={ways} notifications={notifications} arrival={arrival} />);
  return new Response(`<!doctype html>${html}`, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'self'",
    },
  });
}

const GREETINGS: Readonly<Record<Arrival, { readonly css: string; readonly text: string }>> = {
  paid: { css: 'greeting good', text: 'Thank you. Your order is paid.' },
  unheard: { css: 'greeting', text: 'Thank you. The shop waits for PayCore to say that your order is paid.' },
  unpaid: { css: 'greeting', text: 'Your order is not paid.' },
};

function Page(props: {
  readonly ways: readonly Way[];
  readonly notifications: readonly Notification[];
  readonly arrival: Arrival | null;
}) {
  const { ways, notifications, arrival } = props;
  const greeting = arrival && GREETINGS[arrival];
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="2" />
        <title>Demo shop</title>
        <link rel="stylesheet" href="/shop.css" />
      </head>
      <body>
        <main>
          <h1>Demo shop</h1>
          {greeting && (
            <p class={greeting.css} data-arrival={arrival}>
              {greeting.text}
            </p>
          )}
          <p class="lead">Half a pound of coffee, by every way to pay. The gateways are a simulator: no real money.</p>
          <Ways ways={ways} />
          <Notifications notifications={notifications} />
        </main>
      </body>
    </html>
  );
}

function Ways({ ways }: { readonly ways: readonly Way[] }) {
  const gateways = [...new Set(ways.map((way) => way.gateway))];
  return gateways.map((gateway) => (
    <form class="ways" method="post" action="/buy" key={gateway}>
      <h2>{gateway}</h2>
      <div>
        {ways
          .filter((way) => way.gateway === gateway)
          .map(({ route, title, price }) => (
            <button type="submit" name="route" value={route} key={route}>
              {title} <span class="quiet">{price}</span>
            </button>
          ))}
      </div>
    </form>
  ));
}

function Notifications({ notifications }: { readonly notifications: readonly Notification[] }) {
  return (
    <section>
      <h2>Notifications from PayCore</h2>
      <p class="quiet">Newest first. Each signature is checked with the Standard Webhooks library.</p>
      {notifications.length === 0 && <p class="empty">None yet. Buy something and pay for it.</p>}
      <ul>
        {notifications.map((one) => (
          <li data-verified={String(one.verified)} data-payment-no={one.payment_no}>
            <div class="line">
              <strong>{one.event}</strong>
              <span class={one.verified ? 'good' : 'bad'}>
                {one.verified ? 'signature verified' : 'signature wrong'}
              </span>
            </div>
            <div class="line">
              <span>{one.merchant_order_no}</span>
              <span class="number">
                {one.currency} {one.amount_decimal}
              </span>
            </div>
            <div class="quiet">
              {one.payment_no} · {one.status} · {one.at}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
