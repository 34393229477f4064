<?php

/**
 * The Laravel shop of docs/examples inside the smallest application that has what it needs: sessions, the check of forms,
 * a database in a file, a log on standard error. Debian's php-laravel-framework (8.83) brings no skeleton of its own.
 * For PHP's own server: `php -S 127.0.0.1:3000 laravel-shop.php`.
 */

use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Exceptions\Handler;
use Illuminate\Foundation\Http\Kernel;
use Illuminate\Foundation\Http\Middleware\VerifyCsrfToken;
use Illuminate\Support\Facades\Facade;
use Illuminate\Support\Facades\Route;
use Illuminate\Support\Facades\URL;

error_reporting(E_ALL & ~E_DEPRECATED);

require '/usr/share/php/Illuminate/autoload.php';
require '/usr/share/php/GuzzleHttp/autoload.php';

$shop = dirname(__DIR__, 3).'/docs/examples/shop-laravel';
$data = getenv('SHOP_DATA');

require "$shop/app/Http/Controllers/ShopController.php";

$app = new Application($data);
$app->instance('config', new Illuminate\Config\Repository([
    'app' => ['key' => str_repeat('k', 32), 'cipher' => 'AES-256-CBC', 'debug' => false, 'env' => 'testing'],
    'database' => [
        'default' => 'shop',
        'connections' => ['shop' => ['driver' => 'sqlite', 'database' => "$data/shop.sqlite", 'prefix' => '']],
        'migrations' => 'migrations',
    ],
    'session' => [
        'driver' => 'cookie', 'lifetime' => 60, 'expire_on_close' => false, 'encrypt' => false, 'cookie' => 'shop',
        'path' => '/', 'domain' => null, 'secure' => false, 'http_only' => true, 'same_site' => 'lax', 'lottery' => [0, 1],
    ],
    'logging' => ['default' => 'errorlog', 'channels' => ['errorlog' => ['driver' => 'errorlog', 'level' => 'debug']]],
    'view' => ['paths' => [], 'compiled' => $data],
]));
$app->singleton(ExceptionHandler::class, Handler::class);
$app->instance('env', 'testing');
$app->instance('translator', new Illuminate\Translation\Translator(new Illuminate\Translation\ArrayLoader(), 'en'));
Facade::setFacadeApplication($app);

foreach ([
    Illuminate\Database\DatabaseServiceProvider::class,
    Illuminate\Encryption\EncryptionServiceProvider::class,
    Illuminate\Cookie\CookieServiceProvider::class,
    Illuminate\Session\SessionServiceProvider::class,
    Illuminate\Filesystem\FilesystemServiceProvider::class,
    Illuminate\View\ViewServiceProvider::class,
] as $provider) {
    $app->register($provider);
}

if (! file_exists("$data/shop.sqlite")) {
    touch("$data/shop.sqlite");
    $app->boot();
    (require glob("$shop/database/migrations/*.php")[0])->up();
}

$kernel = new class($app, $app['router']) extends Kernel
{
    protected $bootstrappers = [Illuminate\Foundation\Bootstrap\BootProviders::class];

    protected $middlewareGroups = ['web' => [
        Illuminate\Cookie\Middleware\EncryptCookies::class,
        Illuminate\Cookie\Middleware\AddQueuedCookiesToResponse::class,
        Illuminate\Session\Middleware\StartSession::class,
        // As in an application, whose own class extends this one.
        AppVerifyCsrfToken::class,
        Illuminate\Foundation\Http\Middleware\PreventRequestForgery::class,
    ]];
};

class AppVerifyCsrfToken extends VerifyCsrfToken
{
}

require __DIR__.'/prevent-request-forgery.php';

Route::middleware('web')->group("$shop/routes/web.php");

$request = Illuminate\Http\Request::capture();
$app->instance('request', $request);
URL::forceRootUrl(getenv('SHOP_URL'));
$kernel->handle($request)->send();
