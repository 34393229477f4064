import { renderToString } from 'preact-render-to-string';
import { CHECKOUT, type Way } from './ways.ts';

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

/** What the payer who comes back is told. */
export interface News {
  readonly arrival: Arrival;
  readonly paymentNo: string;
  /** Null: the shop does not know the order. */
  readonly orderNo: string | null;
  /** Where he may go on paying. */
  readonly paymentUrl: string | null;
}

interface Shown {
  readonly ways: readonly Way[];
  readonly notifications: readonly Notification[];
  readonly news: News | null;
}

export function showPage(ways: readonly Way[], notifications: readonly Notification[], news: News | null): Response {
  const html = renderToString(<Page ways={ways} notifications={notifications} news={news} />);
  return new Response(`<!doctype html>${html}`, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    },
  });
}

const TITLES: Readonly<Record<Arrival, string>> = {
  paid: 'Thank you',
  unheard: 'Thank you',
  unpaid: 'Not paid yet',
};

function Page({ ways, notifications, news }: Shown) {
  const ofThis = notifications.filter((one) => one.payment_no === news?.paymentNo);
  const others = notifications.filter((one) => !ofThis.includes(one));
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{news ? `${TITLES[news.arrival]} · Demo shop` : 'Demo shop'}</title>
        <link rel="stylesheet" href="/shop.css" />
        <script src="/shop.js" defer />
        {/* Only while there is something to wait for: loading anew takes the focus and the place away. */}
        {news?.arrival === 'unheard' && (
          <noscript>
            <meta http-equiv="refresh" content="3" />
          </noscript>
        )}
      </head>
      <body>
        <main>
          <p class="brand">
            <a href="/">Demo shop</a>
          </p>
          <div data-live="news">{news && <Greeting news={news} notifications={ofThis} />}</div>
          <Product />
          <h2>Or straight to one way to pay</h2>
          <p class="quiet">Each gateway is the simulator: no real money.</p>
          <Ways ways={ways} />
          <section>
            <h2>{news ? 'Other notifications' : 'Notifications from PayCore'}</h2>
            <p class="quiet">Newest first. Each signature is checked with the Standard Webhooks library.</p>
            <div data-live="notifications">
              {others.length === 0 && <p class="empty">None yet. Buy something and pay for it.</p>}
              <Notifications notifications={others} />
            </div>
          </section>
        </main>
      </body>
    </html>
  );
}

/** The thing itself; its button is the shop's first and largest. */
function Product() {
  return (
    <form class="product" method="post" action="/buy">
      <h1>手沖咖啡豆 半磅</h1>
      <p class="quiet">Half a pound of coffee beans</p>
      <button type="submit" name="route" value={CHECKOUT.route}>
        {CHECKOUT.title} <span class="price">{CHECKOUT.price}</span>
      </button>
      <p class="quiet">The payer chooses how on PayCore’s page.</p>
    </form>
  );
}

function Greeting({ news, notifications }: { readonly news: News; readonly notifications: readonly Notification[] }) {
  const { arrival, orderNo, paymentUrl } = news;
  const order = orderNo === null ? 'Your order' : `Your order ${orderNo}`;
  const text: Readonly<Record<Arrival, string>> = {
    paid: `${order} is paid.`,
    unheard: 'The shop waits for PayCore to say that it is paid.',
    unpaid: `${order} is not paid yet.`,
  };
  return (
    <div class="greeting" role="status" data-arrival={arrival}>
      <p class={arrival === 'paid' ? 'state good' : 'state'}>{TITLES[arrival]}</p>
      <p>{text[arrival]}</p>
      {paymentUrl && arrival === 'unpaid' && (
        <p>
          <a class="onward" href={paymentUrl}>
            Go on paying
          </a>
        </p>
      )}
      <Notifications notifications={notifications} />
    </div>
  );
}

function Ways({ ways }: { readonly ways: readonly Way[] }) {
  const gateways = [...new Set(ways.map((way) => way.gateway))];
  return gateways.map((gateway) => (
    <form class="ways" method="post" action="/buy" key={gateway}>
      <h3>{gateway}</h3>
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
  if (notifications.length === 0) return null;
  return (
    <ul>
      {notifications.map((one) => (
        <li data-verified={String(one.verified)} data-payment-no={one.payment_no} key={one.webhook_id + one.at}>
          <div class="line">
            <strong>{one.event}</strong>
            <span class={one.verified ? 'good' : 'bad'}>{one.verified ? 'signature verified' : 'signature wrong'}</span>
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
  );
}
