# What PayCore knows: data.status is pending, paid, failed or expired.
curl -sS --fail-with-body "http://localhost:8080/api/paycore/payments/$PAYMENT_NO" \
  -H "X-API-KEY: $PAYCORE_API_KEY"

# Still pending, and the payer says otherwise: have PayCore ask the gateway now.
curl -sS --fail-with-body -X POST "http://localhost:8080/api/paycore/payments/$PAYMENT_NO/sync" \
  -H "X-API-KEY: $PAYCORE_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{}'
