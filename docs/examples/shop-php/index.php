<?php
// A shop that sells one thing. How to run it: README.md beside this folder. Its orders are a file of SQLite.

declare(strict_types=1);

define('PAYCORE_URL', getenv('PAYCORE_URL') ?: 'http://localhost:8080');
define('SHOP_URL', getenv('SHOP_URL') ?: 'http://127.0.0.1:3000');
const PRICE = ['amount' => 980, 'currency' => 'TWD'];

set_exception_handler(function (Throwable $error): void {
    error_log($error->getMessage());
    http_response_code(502);
    echo 'Something went wrong. Please try again.';
});
if (!getenv('PAYCORE_API_KEY') || !getenv('PAYCORE_NOTIFICATION_SECRET')) {
    throw new RuntimeException('set PAYCORE_API_KEY and PAYCORE_NOTIFICATION_SECRET');
}
// The key is what stands after "whsec_", in base64. Without at least 16 bytes of it anybody could sign.
define('KEY', (string) base64_decode(preg_replace('/^whsec_/', '', getenv('PAYCORE_NOTIFICATION_SECRET')), true));
if (strlen(KEY) < 16) {
    throw new RuntimeException('PAYCORE_NOTIFICATION_SECRET is not a secret of PayCore');
}

$db = new PDO('sqlite:'.(getenv('SHOP_DATABASE') ?: sys_get_temp_dir().'/paycore-shop.sqlite'));
$db->exec('CREATE TABLE IF NOT EXISTS orders (no TEXT PRIMARY KEY, payment_no TEXT, paid INTEGER NOT NULL DEFAULT 0)');
$db->exec('CREATE TABLE IF NOT EXISTS seen (webhook_id TEXT PRIMARY KEY)');

function run(string $sql, string ...$values): PDOStatement
{
    $statement = $GLOBALS['db']->prepare($sql);
    $statement->execute($values);
    return $statement;
}

function paycore(string $path, ?array $body = null, string ...$headers): array
{
    $context = stream_context_create(['http' => [
        'method' => $body === null ? 'GET' : 'POST',
        'header' => ['X-API-KEY: '.getenv('PAYCORE_API_KEY'), 'Content-Type: application/json', ...$headers],
        'content' => $body === null ? '' : json_encode($body, JSON_THROW_ON_ERROR),
        'timeout' => 30,
        'ignore_errors' => true,
    ]]);
    $text = file_get_contents(PAYCORE_URL."/api/paycore$path", false, $context);
    $answer = json_decode((string) $text, true, 512, JSON_THROW_ON_ERROR);
    return $answer['data'] ?? throw new RuntimeException("{$answer['error']['error_code']}: {$answer['message']}");
}

/** Makes order and payment; the payer goes on at the address that comes back. */
function buy(): string
{
    $no = 'ORD-'.bin2hex(random_bytes(12));
    $urls = ['payok_url' => SHOP_URL.'/payok', 'success_url' => SHOP_URL.'/thanks', 'cancel_url' => SHOP_URL];
    $order = ['merchant_order_no' => $no, 'item_name' => '手沖咖啡豆'] + PRICE + $urls;
    $payment = paycore('/checkout', $order, "Idempotency-Key: $no");
    run('INSERT INTO orders (no, payment_no) VALUES (?, ?)', $no, $payment['payment_no']);
    return $payment['payment_url'];
}

/** Marks an order paid, once, when it is this payment's and all of the money is there, and real where the shop is. */
function settle(array $payment): void
{
    $isWhole = $payment['amount'] === PRICE['amount'] && $payment['currency'] === PRICE['currency'];
    $isOfOurMode = $payment['livemode'] === (strpos(getenv('PAYCORE_API_KEY'), 'pc_live_') === 0);
    if (!$isWhole || !$isOfOurMode || $payment['status'] !== 'paid') {
        return;
    }
    $mark = 'UPDATE orders SET paid = 1 WHERE no = ? AND payment_no = ? AND paid = 0';
    if (run($mark, $payment['merchant_order_no'], $payment['payment_no'])->rowCount() === 1) {
        error_log("{$payment['merchant_order_no']} is paid: ship it");
    }
}

/** Whether PayCore signed this body within the last five minutes. */
function is_signed(string $body, string $id, string $timestamp, string $signatures): bool
{
    $right = 'v1,'.base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", KEY, true));
    $isRight = array_filter(explode(' ', $signatures), fn (string $one) => hash_equals($right, $one)) !== [];
    return $isRight && ctype_digit($timestamp) && abs(time() - (int) $timestamp) <= 300;
}

function receive(): int
{
    $header = fn (string $name): string => $_SERVER["HTTP_WEBHOOK_$name"] ?? '';
    $body = file_get_contents('php://input');
    if (!is_signed($body, $header('ID'), $header('TIMESTAMP'), $header('SIGNATURE'))) {
        return 400;
    }
    $notification = json_decode($body, true, 512, JSON_THROW_ON_ERROR);
    $isKnown = run('SELECT 1 FROM seen WHERE webhook_id = ?', $header('ID'))->fetch() !== false;
    if (!$isKnown && $notification['event'] === 'payment.paid') {
        settle($notification);
    }
    run('INSERT OR IGNORE INTO seen VALUES (?)', $header('ID'));
    return 204;
}

/** The address that brings the payer back proves nothing, so PayCore is asked when no notification has come yet. */
function thank(string $no): string
{
    $find = fn (): array|false => run('SELECT * FROM orders WHERE no = ?', $no)->fetch(PDO::FETCH_ASSOC);
    $order = $find();
    if ($order === false) {
        return '<p>There is no such order.</p>';
    }
    if (!$order['paid']) {
        settle(paycore("/payments/{$order['payment_no']}"));
    }
    return $find()['paid'] ? '<p>Thank you, your order is paid.</p>' : '<p>We are waiting for your payment.</p>';
}

header('Content-Type: text/html; charset=utf-8');
switch ($_SERVER['REQUEST_METHOD'].' '.parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case 'GET /':
        echo '<form method="post" action="/buy"><button>Buy coffee beans, NT$980</button></form>';
        break;
    case 'POST /buy':
        header('Location: '.buy(), true, 303);
        break;
    case 'POST /payok':
        http_response_code(receive());
        break;
    case 'GET /thanks':
        echo thank((string) ($_GET['merchant_order_no'] ?? ''));
        break;
    default:
        http_response_code(404);
}
