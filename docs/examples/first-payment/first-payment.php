<?php

use Illuminate\Support\Facades\Http;

$response = Http::withHeaders(['X-API-KEY' => env('PAYCORE_API_KEY')])->post('http://localhost:8080/api/paycore/pay/ecpay/atm', [
    'merchant_order_no' => 'FIRST-'.hrtime(true),
    'amount' => 980,
    'item_name' => '手沖咖啡豆',
    'metadata' => ['cart' => '42'],
]);

if ($response->failed()) {
    throw new RuntimeException($response->json('error.error_code').': '.$response->json('message'));
}

$payment = $response->json('data');
echo "{$payment['payment_no']} {$payment['status']}\n";
echo "Send the payer to {$payment['payment_url']}\n";
