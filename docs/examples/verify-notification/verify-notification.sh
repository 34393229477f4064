#!/bin/sh
# The notification's body, byte by byte, on standard input; its three headers and the secret in the environment:
#   WEBHOOK_ID WEBHOOK_TIMESTAMP WEBHOOK_SIGNATURE PAYCORE_NOTIFICATION_SECRET
# Ends with 0 when PayCore signed exactly this within the last five minutes, else with 1.
set -eu
export LC_ALL=C
: "${PAYCORE_NOTIFICATION_SECRET:?is missing}"

case $WEBHOOK_TIMESTAMP in '' | *[!0-9]*) echo "not a timestamp" >&2; exit 1 ;; esac
age=$(($(date +%s) - WEBHOOK_TIMESTAMP))
if [ "$age" -gt 300 ] || [ "$age" -lt -300 ]; then echo "too old, or of the future" >&2; exit 1; fi

# The key is what stands after "whsec_", in base64; what is signed is id.timestamp.body.
# Without at least 16 bytes of key anybody could sign.
secret=${PAYCORE_NOTIFICATION_SECRET#whsec_}
case $secret in *[!A-Za-z0-9+/=]*) secret= ;; esac
key=$(printf %s "$secret" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
if [ "${#key}" -lt 32 ]; then echo "PAYCORE_NOTIFICATION_SECRET is not a secret of PayCore" >&2; exit 1; fi
expected=$({ printf %s "$WEBHOOK_ID.$WEBHOOK_TIMESTAMP."; cat; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
if [ -z "$expected" ]; then echo "openssl did not compute a signature" >&2; exit 1; fi

# Two signatures, separated by a blank, while the secret is being replaced: one has to be right. Digests of both are
# compared, so that the time it takes tells nothing about the signature.
digest() { printf %s "$1" | openssl dgst -sha256 -binary | openssl base64 -A; }
set -f
for signature in $WEBHOOK_SIGNATURE; do
  if [ "$(digest "$signature")" = "$(digest "v1,$expected")" ]; then exit 0; fi
done
echo "not signed with this secret" >&2
exit 1
