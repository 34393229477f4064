import json
import os
import urllib.error
import urllib.request

URL = f"http://localhost:8080/api/paycore/payments/{os.environ['PAYMENT_NO']}"
HEADERS = {"X-API-KEY": os.environ["PAYCORE_API_KEY"], "Content-Type": "application/json"}


def ask(url, data=None):
    request = urllib.request.Request(url, headers=HEADERS, data=data)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)["data"]
    except urllib.error.HTTPError as error:
        answer = json.load(error)
        raise SystemExit(f"{answer['error']['error_code']}: {answer['message']}")


# What PayCore knows: pending, paid, failed or expired.
payment = ask(URL)
# Still pending, and the payer says otherwise: have PayCore ask the gateway now.
if payment["status"] == "pending":
    payment = ask(f"{URL}/sync", data=b"{}")
print(payment["status"], payment["amount_decimal"], payment["currency"])
