<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up()
    {
        Schema::create('shop_orders', function (Blueprint $table) {
            $table->string('no')->primary();
            $table->string('payment_no')->nullable();
            $table->boolean('paid')->default(false);
        });
        Schema::create('seen_webhooks', function (Blueprint $table) {
            $table->string('webhook_id')->primary();
        });
    }

    public function down()
    {
        Schema::dropIfExists('seen_webhooks');
        Schema::dropIfExists('shop_orders');
    }
};
