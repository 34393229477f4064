curl -sS --fail-with-body "http://localhost:8080/api/paycore/pay/ecpay/atm" \
  -H "X-API-KEY: $PAYCORE_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{
  "merchant_order_no": "FIRST-'"$(date +%s)"'",
  "amount": 980,
  "item_name": "手沖咖啡豆",
  "metadata": { "cart": "42" }
}'
