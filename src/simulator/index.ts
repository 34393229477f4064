/**
 * A stand-in for ECPay, for integrators and for tests. It reads ECPay's documents on its own and shares no code with
 * the drivers, so that a mistake made there is not made here as well.
 *
 * Gateway: `POST /Cashier/AioCheckOut/V5`, `/Cashier/QueryTradeInfo/V5`, `/Cashier/QueryPaymentInfo`,
 * `/1.0.0/Cashier/GenPaymentCode`, `/1.0.0/Cashier/QueryTrade`, `/1.0.0/Cashier/QueryPaymentInfo`,
 * `/Merchant/GetTokenbyTrade`, `/Merchant/CreatePayment`, and `GET /Scripts/sdk-1.0.0.js`, a stand-in for the script
 * ECPay gives to pages that take payments themselves. A payer is sent to `/Merchant/ThreeD/…` or `/Merchant/UnionPay/…`.
 *
 * For a person: `GET /simulator`, `GET /simulator/orders/{MerchantTradeNo}/page`.
 *
 * For a program (JSON; described in full by `GET /simulator/api`):
 * - `GET /simulator/orders?limit=` and `GET /simulator/orders/{MerchantTradeNo}`
 * - `POST /simulator/orders/{MerchantTradeNo}/pay` `{simulated, delay_ms, times, parallel, callback, method}`
 * - `POST …/decline` `{code, message}`, `POST …/expire`, `POST …/issue` `{method}`
 * - `POST …/repeat` `{times, parallel, delay_ms}`, `POST …/forge` `{kind}`
 * - `GET`, `POST`, `DELETE /simulator/faults` `{route, kind, times, seconds}`: what is to go wrong, and how often it did
 * - `GET /simulator/requests?limit=`: the newest gateway calls
 * - `GET` and `POST /simulator/limits` `{queries_per_minute, rest_seconds}`
 * - `GET` and `POST /simulator/accounts` `{merchant_id, hash_key, hash_iv}`, `POST /simulator/reset`
 *
 * An order route takes `?merchant_id=` when two accounts use the same MerchantTradeNo. Errors are
 * `{error:{code,message}}`.
 */

export type { Simulator, SimulatorAccount, SimulatorOptions } from './options.ts';
export { createSimulator } from './simulator.ts';
