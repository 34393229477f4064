<?php

/** Runs blocks one after the other: [{file, env}] on standard input, a line of JSON for each on standard output. */

require __DIR__.'/laravel.php';

set_error_handler(fn (int $level, string $message) => error_reporting() & $level ? throw new ErrorException($message) : true);

function run_block(string $file): string
{
    try {
        (fn () => require $file)();
        return '';
    } catch (Throwable $reason) {
        return get_class($reason).': '.$reason->getMessage();
    }
}

foreach (json_decode(stream_get_contents(STDIN), true) as $block) {
    foreach ($block['env'] as $name => $value) {
        $_SERVER[$name] = $_ENV[$name] = $value;
    }
    ob_start();
    $error = run_block($block['file']);
    $output = ob_get_clean();
    echo json_encode(['output' => $output, 'error' => $error], JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE)."\n";
}
