import json
import os
import time
import urllib.error
import urllib.request

request = urllib.request.Request(
    "http://localhost:8080/api/paycore/pay/ecpay/atm",
    headers={"X-API-KEY": os.environ["PAYCORE_API_KEY"], "Content-Type": "application/json"},
    data=json.dumps({
        "merchant_order_no": f"FIRST-{time.time_ns()}",
        "amount": 980,
        "item_name": "手沖咖啡豆",
        "metadata": {"cart": "42"},
    }).encode(),
)
try:
    with urllib.request.urlopen(request, timeout=30) as response:
        payment = json.load(response)["data"]
except urllib.error.HTTPError as error:
    answer = json.load(error)
    raise SystemExit(f"{answer['error']['error_code']}: {answer['message']}")
print(payment["payment_no"], payment["status"])
print("Send the payer to", payment["payment_url"])
