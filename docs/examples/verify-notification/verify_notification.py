import base64
import hashlib
import hmac
import json
import time


def verify_notification(body, headers, secret):
    """The notification, when PayCore signed exactly this body within the last five minutes. Raises ValueError otherwise.

    body: bytes as they came, not parsed and written again; headers: anything with get(name, default).
    """
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(time.time() - int(timestamp)) > 300:
        raise ValueError("too old, or of the future")

    # The key is what stands after "whsec_", in base64; what is signed is id.timestamp.body.
    # Without at least 16 bytes of key anybody could sign. What is not base64 raises a ValueError by itself.
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    if len(key) < 16:
        raise ValueError("PAYCORE_NOTIFICATION_SECRET is not a secret of PayCore")
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())

    # Two signatures, separated by a blank, while the secret is being replaced: one has to be right.
    signatures = headers.get("webhook-signature", "").encode().split(b" ")
    if not any(hmac.compare_digest(one, expected) for one in signatures):
        raise ValueError("not signed with this secret")
    return json.loads(body)
