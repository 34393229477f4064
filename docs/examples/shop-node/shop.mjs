// A shop that sells one thing. How to run it: README.md beside this folder. Its orders are a Map; keep yours in a database.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const { PAYCORE_URL = 'http://localhost:8080', PAYCORE_API_KEY, PAYCORE_NOTIFICATION_SECRET } = process.env;
if (!PAYCORE_API_KEY || !PAYCORE_NOTIFICATION_SECRET) throw new Error('set PAYCORE_API_KEY and PAYCORE_NOTIFICATION_SECRET');
// The key is what stands after "whsec_", in base64. Without at least 16 bytes of it anybody could sign.
const KEY = Buffer.from(/^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(PAYCORE_NOTIFICATION_SECRET)?.[1] ?? '', 'base64');
if (KEY.length < 16) throw new Error('PAYCORE_NOTIFICATION_SECRET is not a secret of PayCore');
const { PORT = '3000', SHOP_URL = `http://127.0.0.1:${PORT}` } = process.env;
const PRICE = { amount: 980, currency: 'TWD' };
const orders = new Map(); // order number: { paymentNo, isPaid }
const seen = new Set(); // webhook-id of every notification that was handled

async function paycore(path, { headers, ...options } = {}) {
  const response = await fetch(`${PAYCORE_URL}/api/paycore${path}`, {
    ...options,
    headers: { 'X-API-KEY': PAYCORE_API_KEY, 'Content-Type': 'application/json', ...headers },
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.error.error_code}: ${answer.message}`);
  return answer.data;
}

/** Makes order and payment; the payer goes on at the address that comes back. */
async function buy() {
  const orderNo = `ORD-${randomUUID()}`;
  const urls = { payok_url: `${SHOP_URL}/payok`, success_url: `${SHOP_URL}/thanks`, cancel_url: SHOP_URL };
  const order = { merchant_order_no: orderNo, ...PRICE, item_name: '手沖咖啡豆', ...urls };
  const headers = { 'Idempotency-Key': orderNo };
  const payment = await paycore('/checkout', { method: 'POST', headers, body: JSON.stringify(order) });
  orders.set(orderNo, { paymentNo: payment.payment_no, isPaid: false });
  return payment.payment_url;
}

/** Marks an order paid, once, when it is this payment's and all of the money is there, and real where the shop is. */
function settle(payment) {
  const order = orders.get(payment.merchant_order_no);
  const isOurs = order?.paymentNo === payment.payment_no;
  const isWhole = payment.amount === PRICE.amount && payment.currency === PRICE.currency;
  const isOfOurMode = payment.livemode === PAYCORE_API_KEY.startsWith('pc_live_');
  if (!isOurs || !isWhole || !isOfOurMode || payment.status !== 'paid' || order.isPaid) return;
  order.isPaid = true;
  console.log(`${payment.merchant_order_no} is paid: ship it`);
}

/** Whether PayCore signed this body within the last five minutes. */
function isSigned(body, { 'webhook-id': id = '', 'webhook-timestamp': time = '', 'webhook-signature': given = '' }) {
  const right = Buffer.from(`v1,${createHmac('sha256', KEY).update(`${id}.${time}.`).update(body).digest('base64')}`);
  const signatures = given.split(' ').map((one) => Buffer.from(one));
  const isRecent = /^\d+$/.test(time) && Math.abs(Date.now() / 1000 - Number(time)) <= 300;
  return isRecent && signatures.some((one) => one.length === right.length && timingSafeEqual(one, right));
}

async function receive(request) {
  const chunks = [];
  for await (const chunk of request) if (chunks.push(chunk) > 1000) return 413;
  const body = Buffer.concat(chunks);
  if (!isSigned(body, request.headers)) return 400;
  const notification = JSON.parse(body);
  if (!seen.has(request.headers['webhook-id']) && notification.event === 'payment.paid') settle(notification);
  seen.add(request.headers['webhook-id']);
  return 204;
}

/** The address that brings the payer back proves nothing, so PayCore is asked when no notification has come yet. */
async function thank(orderNo) {
  const order = orders.get(orderNo);
  if (!order) return '<p>There is no such order.</p>';
  if (!order.isPaid) settle(await paycore(`/payments/${order.paymentNo}`));
  return order.isPaid ? '<p>Thank you, your order is paid.</p>' : '<p>We are waiting for your payment.</p>';
}

async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, SHOP_URL);
  const show = (html) => response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
  const route = `${request.method} ${pathname}`;
  if (route === 'GET /') show('<form method="post" action="/buy"><button>Buy coffee beans, NT$980</button></form>');
  else if (route === 'POST /buy') response.writeHead(303, { Location: await buy() }).end();
  else if (route === 'POST /payok') response.writeHead(await receive(request)).end();
  else if (route === 'GET /thanks') show(await thank(searchParams.get('merchant_order_no')));
  else response.writeHead(404).end();
}

createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.writeHead(502).end('Something went wrong. Please try again.');
  });
}).listen(Number(PORT), '127.0.0.1', () => console.log(`Shop: ${SHOP_URL}`));
