<?php

namespace Illuminate\Foundation\Http\Middleware;

/** What checks forms in Laravel 13, whose name the framework of Debian does not know yet: the same check. */
class PreventRequestForgery
{
    public function __construct(private VerifyCsrfToken $check)
    {
    }

    public function handle($request, $next)
    {
        return $this->check->handle($request, $next);
    }
}
