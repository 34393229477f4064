<?php

/**
 * What a block of a Laravel application finds there: the facades and env(). Debian's php-laravel-framework and
 * php-guzzlehttp-guzzle, loaded before the block (`auto_prepend_file`).
 */

error_reporting(E_ALL & ~E_DEPRECATED);

require '/usr/share/php/Illuminate/autoload.php';
require '/usr/share/php/GuzzleHttp/autoload.php';

Illuminate\Support\Facades\Facade::setFacadeApplication(new Illuminate\Container\Container());
