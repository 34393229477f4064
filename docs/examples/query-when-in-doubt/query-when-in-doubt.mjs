const payment = `http://localhost:8080/api/paycore/payments/${process.env.PAYMENT_NO}`;
const headers = { 'X-API-KEY': process.env.PAYCORE_API_KEY, 'Content-Type': 'application/json' };

async function ask(url, options = {}) {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000), ...options });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.error.error_code}: ${answer.message}`);
  return answer.data;
}

// What PayCore knows: pending, paid, failed or expired.
let { status, amount_decimal, currency } = await ask(payment);
// Still pending, and the payer says otherwise: have PayCore ask the gateway now.
if (status === 'pending') ({ status } = await ask(`${payment}/sync`, { method: 'POST', body: '{}' }));
console.log(status, amount_decimal, currency);
