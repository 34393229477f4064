import { type Entry, openJournal } from './journal.ts';
import { limits, type SimulatorAccount } from './options.ts';
import { keyOf, type Order, orderKey } from './order.ts';

/** Every order and account the simulator knows, in memory and in the data file. */
export interface Ledger {
  find(merchantId: string, merchantTradeNo: string): Order | undefined;
  findByKey(key: string): Order | undefined;
  /** The newest order of that number, whichever account it belongs to. */
  findByNo(merchantTradeNo: string): Order | undefined;
  findByPaymentNo(paymentNo: string): Order | undefined;
  /** A MerchantTradeNo is spent for ever, also when its order was dropped from memory. */
  isUsed(merchantId: string, merchantTradeNo: string): boolean;
  newest(count: number): Order[];
  put(order: Order): Order;
  /** Changes what is stored now, which may be newer than what the caller holds. */
  change(order: Order, edit: (current: Order) => Order): Order;
  account(merchantId: string): SimulatorAccount | undefined;
  accounts(): SimulatorAccount[];
  addAccount(account: SimulatorAccount): void;
  reset(): void;
}

const COMPACT_FACTOR = 10;
const COMPACT_BASE = 10_000;

class MemoryLedger implements Ledger {
  readonly #orders = new Map<string, Order>();
  readonly #used = new Set<string>();
  readonly #accounts = new Map<string, SimulatorAccount>();
  readonly #given: readonly SimulatorAccount[];
  readonly #journal: ReturnType<typeof openJournal>;
  #lines = 0;

  constructor(accounts: readonly SimulatorAccount[], dataFile: string | undefined) {
    this.#given = accounts;
    this.#journal = openJournal(dataFile);
    for (const account of accounts) this.#accounts.set(account.merchantId, account);
    for (const entry of this.#journal.read()) this.#restore(entry);
    this.#compact();
  }

  find(merchantId: string, merchantTradeNo: string): Order | undefined {
    return this.#orders.get(keyOf(merchantId, merchantTradeNo));
  }

  findByKey(key: string): Order | undefined {
    return this.#orders.get(key);
  }

  findByNo(merchantTradeNo: string): Order | undefined {
    return this.accounts()
      .flatMap((account) => this.find(account.merchantId, merchantTradeNo) ?? [])
      .sort((left, right) => right.createdAt - left.createdAt)[0];
  }

  findByPaymentNo(paymentNo: string): Order | undefined {
    for (const order of this.#orders.values()) if (order.info.PaymentNo === paymentNo) return order;
    return undefined;
  }

  isUsed(merchantId: string, merchantTradeNo: string): boolean {
    const key = keyOf(merchantId, merchantTradeNo);
    return this.#orders.has(key) || this.#used.has(key);
  }

  newest(count: number): Order[] {
    return [...this.#orders.values()].slice(-count).reverse();
  }

  put(order: Order): Order {
    this.#orders.set(orderKey(order), order);
    this.#append({ type: 'order', order });
    this.#dropOldest();
    return order;
  }

  change(order: Order, edit: (current: Order) => Order): Order {
    const current = this.#orders.get(orderKey(order));
    // After a reset a callback may still be on its way; it must not bring the order back.
    return current ? this.put(edit(current)) : edit(order);
  }

  account(merchantId: string): SimulatorAccount | undefined {
    return this.#accounts.get(merchantId);
  }

  accounts(): SimulatorAccount[] {
    return [...this.#accounts.values()];
  }

  addAccount(account: SimulatorAccount): void {
    this.#accounts.set(account.merchantId, account);
    this.#append({ type: 'account', account });
  }

  reset(): void {
    this.#orders.clear();
    this.#used.clear();
    this.#accounts.clear();
    for (const account of this.#given) this.#accounts.set(account.merchantId, account);
    this.#compact();
  }

  #restore(entry: Entry): void {
    if (entry.type === 'account') this.#accounts.set(entry.account.merchantId, entry.account);
    else if (entry.type === 'used') this.#used.add(entry.key);
    else this.#orders.set(orderKey(entry.order), entry.order);
  }

  #append(entry: Entry): void {
    this.#journal.append(entry);
    this.#lines += 1;
    if (this.#lines > this.#orders.size * COMPACT_FACTOR + COMPACT_BASE) this.#compact();
  }

  #compact(): void {
    const entries: Entry[] = [
      ...[...this.#accounts.values()].map((account): Entry => ({ type: 'account', account })),
      ...[...this.#used].map((key): Entry => ({ type: 'used', key })),
      ...[...this.#orders.values()].map((order): Entry => ({ type: 'order', order })),
    ];
    this.#journal.rewrite(entries);
    this.#lines = entries.length;
  }

  #dropOldest(): void {
    if (this.#orders.size <= limits.orders) return;
    const oldest = this.#orders.keys().next().value;
    if (oldest === undefined) return;
    this.#orders.delete(oldest);
    if (this.#used.size >= limits.usedNumbers) return;
    this.#used.add(oldest);
    this.#append({ type: 'used', key: oldest });
  }
}

export function openLedger(accounts: readonly SimulatorAccount[], dataFile: string | undefined): Ledger {
  return new MemoryLedger(accounts, dataFile);
}
