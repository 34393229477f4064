<?php

/**
 * The notification, when PayCore signed exactly this body within the last five minutes. Throws otherwise.
 *
 * @param string $body as it came: file_get_contents('php://input'), or $request->getContent() in Laravel
 * @param array<string, string> $headers names in lower case
 * @return array<string, mixed>
 */
function verify_notification(string $body, array $headers, string $secret): array
{
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 300) {
        throw new RuntimeException('too old, or of the future');
    }

    // The key is what stands after "whsec_", in base64; what is signed is id.timestamp.body.
    // Without at least 16 bytes of key anybody could sign.
    $key = (string) base64_decode(preg_replace('/^whsec_/', '', $secret), true);
    if (strlen($key) < 16) {
        throw new RuntimeException('PAYCORE_NOTIFICATION_SECRET is not a secret of PayCore');
    }
    $expected = 'v1,'.base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));

    // Two signatures, separated by a blank, while the secret is being replaced: one has to be right.
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $signature) {
        if (hash_equals($expected, $signature)) {
            return json_decode($body, true, 512, JSON_THROW_ON_ERROR);
        }
    }
    throw new RuntimeException('not signed with this secret');
}
