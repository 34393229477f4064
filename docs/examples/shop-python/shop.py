"""A shop that sells one thing. How to run it: README.md beside this folder. Its orders are a dict; keep yours in a database."""
import base64
import hashlib
import hmac
import json
import os
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAYCORE_URL = os.environ.get("PAYCORE_URL", "http://localhost:8080")
API_KEY = os.environ["PAYCORE_API_KEY"]
# The key is what stands after "whsec_", in base64. Without at least 16 bytes of it anybody could sign.
SECRET = re.fullmatch("whsec_([A-Za-z0-9+/]+={0,2})", os.environ["PAYCORE_NOTIFICATION_SECRET"])
KEY = base64.b64decode(SECRET[1]) if SECRET else b""
if len(KEY) < 16:
    raise SystemExit("PAYCORE_NOTIFICATION_SECRET is not a secret of PayCore")
PORT = int(os.environ.get("PORT", "3000"))
SHOP_URL = os.environ.get("SHOP_URL", f"http://127.0.0.1:{PORT}")
PRICE = {"amount": 980, "currency": "TWD"}
orders = {}  # order number: {"payment_no", "paid"}
seen = set()  # webhook-id of every notification that was handled
lock = threading.Lock()


def paycore(path, body=None, headers=None):
    request = urllib.request.Request(
        f"{PAYCORE_URL}/api/paycore{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"X-API-KEY": API_KEY, "Content-Type": "application/json", **(headers or {})},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)["data"]
    except urllib.error.HTTPError as error:
        answer = json.load(error)
        raise RuntimeError(f"{answer['error']['error_code']}: {answer['message']}") from None


def buy():
    """Makes order and payment; the payer goes on at the address that comes back."""
    order_no = f"ORD-{uuid.uuid4()}"
    urls = {"payok_url": f"{SHOP_URL}/payok", "success_url": f"{SHOP_URL}/thanks", "cancel_url": SHOP_URL}
    order = {"merchant_order_no": order_no, **PRICE, "item_name": "手沖咖啡豆", **urls}
    payment = paycore("/checkout", order, {"Idempotency-Key": order_no})
    orders[order_no] = {"payment_no": payment["payment_no"], "paid": False}
    return payment["payment_url"]


def settle(payment):
    """Marks an order paid, once, when it is this payment's and all of the money is there, and real where the shop is."""
    with lock:
        order = orders.get(payment["merchant_order_no"])
        is_ours = order is not None and order["payment_no"] == payment["payment_no"]
        is_whole = all(payment[name] == value for name, value in PRICE.items())
        is_of_our_mode = payment["livemode"] is API_KEY.startswith("pc_live_")
        if not is_ours or not is_whole or not is_of_our_mode or payment["status"] != "paid" or order["paid"]:
            return
        order["paid"] = True
    print(f"{payment['merchant_order_no']} is paid: ship it", flush=True)


def is_signed(body, headers):
    """Whether PayCore signed this body within the last five minutes."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(time.time() - int(timestamp)) > 300:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    right = b"v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest())
    return any(hmac.compare_digest(one, right) for one in headers.get("webhook-signature", "").encode().split(b" "))


def thank(order_no):
    """The address that brings the payer back proves nothing, so PayCore is asked when no notification has come yet."""
    order = orders.get(order_no)
    if order is None:
        return "<p>There is no such order.</p>"
    if not order["paid"]:
        settle(paycore(f"/payments/{order['payment_no']}"))
    return "<p>Thank you, your order is paid.</p>" if order["paid"] else "<p>We are waiting for your payment.</p>"


class Shop(BaseHTTPRequestHandler):
    def answer(self, status, html="", headers=None):
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(html.encode())

    def route(self):
        url = urllib.parse.urlsplit(self.path)
        match f"{self.command} {url.path}":
            case "GET /":
                self.answer(200, '<form method="post" action="/buy"><button>Buy coffee beans, NT$980</button></form>')
            case "POST /buy":
                self.answer(303, headers={"Location": buy()})
            case "POST /payok":
                self.answer(self.receive())
            case "GET /thanks":
                self.answer(200, thank(dict(urllib.parse.parse_qsl(url.query)).get("merchant_order_no")))
            case _:
                self.answer(404)

    def do_GET(self):
        try:
            self.route()
        except Exception as error:
            self.log_error("%s", error)
            self.answer(502, "Something went wrong. Please try again.")

    do_POST = do_GET

    def receive(self):
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 1_000_000))
        if not is_signed(body, self.headers):
            return 400
        notification = json.loads(body)
        if self.headers["webhook-id"] not in seen and notification["event"] == "payment.paid":
            settle(notification)
        seen.add(self.headers["webhook-id"])
        return 204


print(f"Shop: {SHOP_URL}", flush=True)
ThreadingHTTPServer(("127.0.0.1", PORT), Shop).serve_forever()
