<?php

use App\Http\Controllers\ShopController;
use Illuminate\Foundation\Http\Middleware\VerifyCsrfToken;
use Illuminate\Support\Facades\Route;

Route::get('/', [ShopController::class, 'show']);
Route::post('/buy', [ShopController::class, 'buy']);
Route::get('/thanks', [ShopController::class, 'thank']);
// PayCore has no session of yours: its signature is checked instead of a form's token.
Route::post('/payok', [ShopController::class, 'receive'])->withoutMiddleware([
    VerifyCsrfToken::class,
    // What checks forms since Laravel 13; a text, since earlier ones have no such class.
    'Illuminate\\Foundation\\Http\\Middleware\\PreventRequestForgery',
]);
