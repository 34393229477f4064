<?php

use Illuminate\Support\Facades\Http;

$payment = 'http://localhost:8080/api/paycore/payments/'.env('PAYMENT_NO');
$paycore = Http::withHeaders(['X-API-KEY' => env('PAYCORE_API_KEY')]);

// What PayCore knows: pending, paid, failed or expired.
$response = $paycore->get($payment);

// Still pending, and the payer says otherwise: have PayCore ask the gateway now.
if ($response->json('data.status') === 'pending') {
    $response = $paycore->withBody('{}', 'application/json')->post("$payment/sync");
}

if ($response->failed()) {
    throw new RuntimeException($response->json('error.error_code').': '.$response->json('message'));
}

echo $response->json('data.status').' '.$response->json('data.amount_decimal').' '.$response->json('data.currency')."\n";
