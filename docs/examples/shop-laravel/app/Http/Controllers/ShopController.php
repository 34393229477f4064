<?php

namespace App\Http\Controllers;

use Illuminate\Http\Request;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Http;
use Illuminate\Support\Str;
use RuntimeException;

/** A shop that sells one thing. How to run it: README.md beside this folder. */
class ShopController
{
    private const PRICE = ['amount' => 980, 'currency' => 'TWD'];

    public function show()
    {
        return '<form method="post" action="/buy">'.csrf_field().'<button>Buy coffee beans, NT$980</button></form>';
    }

    /** Makes order and payment, and sends the payer on. */
    public function buy()
    {
        $no = 'ORD-'.Str::uuid();
        $urls = ['payok_url' => url('/payok'), 'success_url' => url('/thanks'), 'cancel_url' => url('/')];
        $order = ['merchant_order_no' => $no, 'item_name' => '手沖咖啡豆'] + self::PRICE + $urls;
        $payment = $this->paycore('post', '/checkout', $order, ['Idempotency-Key' => $no]);
        DB::table('shop_orders')->insert(['no' => $no, 'payment_no' => $payment['payment_no']]);
        return redirect()->away($payment['payment_url'], 303);
    }

    public function receive(Request $request)
    {
        abort_unless($this->isSigned($request), 400);
        $id = $request->header('webhook-id');
        $isKnown = DB::table('seen_webhooks')->where('webhook_id', $id)->exists();
        if (! $isKnown && $request->json('event') === 'payment.paid') {
            $this->settle($request->json()->all());
        }
        DB::table('seen_webhooks')->insertOrIgnore(['webhook_id' => $id]);
        return response()->noContent();
    }

    /** The address that brings the payer back proves nothing, so PayCore is asked when no notification has come yet. */
    public function thank(Request $request)
    {
        $find = fn () => DB::table('shop_orders')->where('no', (string) $request->query('merchant_order_no'))->first();
        $order = $find();
        abort_if($order === null, 404);
        if (! $order->paid) {
            $this->settle($this->paycore('get', "/payments/$order->payment_no"));
        }
        return $find()->paid ? '<p>Thank you, your order is paid.</p>' : '<p>We are waiting for your payment.</p>';
    }

    /** Marks an order paid, once, when it is this payment's and all of the money is there, and real where the shop is. */
    private function settle(array $payment): void
    {
        $isWhole = $payment['amount'] === self::PRICE['amount'] && $payment['currency'] === self::PRICE['currency'];
        $isOfOurMode = $payment['livemode'] === Str::startsWith(env('PAYCORE_API_KEY'), 'pc_live_');
        if (! $isWhole || ! $isOfOurMode || $payment['status'] !== 'paid') {
            return;
        }
        $order = ['no' => $payment['merchant_order_no'], 'payment_no' => $payment['payment_no'], 'paid' => false];
        if (DB::table('shop_orders')->where($order)->update(['paid' => true]) === 1) {
            logger("{$payment['merchant_order_no']} is paid: ship it");
        }
    }

    /** Whether PayCore signed this body within the last five minutes. */
    private function isSigned(Request $request): bool
    {
        $timestamp = (string) $request->header('webhook-timestamp');
        // The key is what stands after "whsec_", in base64. Without at least 16 bytes of it anybody could sign.
        $key = (string) base64_decode(Str::after((string) env('PAYCORE_NOTIFICATION_SECRET'), 'whsec_'), true);
        throw_if(strlen($key) < 16, RuntimeException::class, 'PAYCORE_NOTIFICATION_SECRET is not a secret of PayCore');
        $signed = "{$request->header('webhook-id')}.$timestamp.{$request->getContent()}";
        $right = 'v1,'.base64_encode(hash_hmac('sha256', $signed, $key, true));
        $isRight = collect(explode(' ', (string) $request->header('webhook-signature')))
            ->contains(fn (string $one) => hash_equals($right, $one));
        return $isRight && ctype_digit($timestamp) && abs(time() - (int) $timestamp) <= 300;
    }

    private function paycore(string $verb, string $path, array $body = [], array $headers = []): array
    {
        $response = Http::withHeaders(['X-API-KEY' => env('PAYCORE_API_KEY')] + $headers)
            ->$verb(env('PAYCORE_URL', 'http://localhost:8080')."/api/paycore$path", $body);
        if ($response->failed()) {
            throw new RuntimeException($response->json('error.error_code').': '.$response->json('message'));
        }
        return $response->json('data');
    }
}
