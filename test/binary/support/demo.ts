import { at, list, text } from './json.ts';
import { type Running, start } from './process.ts';

export interface DemoPayment {
  readonly gateway: string;
  readonly method: string;
  readonly payment_no: string;
  readonly payment_url: string;
}

/** What `paycore demo --json` prints, and its process. */
export interface Demo {
  readonly process: Running;
  readonly facts: unknown;
  readonly publicUrl: string;
  readonly simulatorUrl: string;
  readonly shopUrl: string;
  readonly auth: Record<string, string>;
  readonly curl: string;
  payment(method: string): DemoPayment;
}

export async function startDemo(env: Record<string, string> = {}): Promise<Demo> {
  const process = start(['demo', '--json'], { env: { PAYCORE_PORT: '0', ...env } });
  const [line] = await process.waitFor(/^\{.*\}$/m);
  const facts: unknown = JSON.parse(line);
  const payments = list(facts, 'payments').map((one) => ({
    gateway: text(one, 'gateway'),
    method: text(one, 'method'),
    payment_no: text(one, 'payment_no'),
    payment_url: text(one, 'payment_url'),
  }));
  return {
    process,
    facts,
    publicUrl: text(facts, 'public_url'),
    simulatorUrl: new URL(text(facts, 'simulator_url')).origin,
    shopUrl: text(facts, 'shop_url'),
    auth: { 'x-api-key': text(facts, 'api_key') },
    curl: text(facts, 'curl'),
    payment(method) {
      const found = payments.find((one) => one.method === method);
      if (!found) throw new Error(`the demo made no ${method} payment: ${JSON.stringify(at(facts, 'payments'))}`);
      return found;
    },
  };
}
