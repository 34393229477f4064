const response = await fetch('http://localhost:8080/api/paycore/pay/ecpay/atm', {
  method: 'POST',
  headers: { 'X-API-KEY': process.env.PAYCORE_API_KEY, 'Content-Type': 'application/json' },
  body: JSON.stringify({
    merchant_order_no: `FIRST-${Date.now()}`,
    amount: 980,
    item_name: '手沖咖啡豆',
    metadata: { cart: '42' },
  }),
  signal: AbortSignal.timeout(30_000),
});
const answer = await response.json();
if (!response.ok) throw new Error(`${answer.error.error_code}: ${answer.message}`);
console.log(answer.data.payment_no, answer.data.status);
console.log('Send the payer to', answer.data.payment_url);
