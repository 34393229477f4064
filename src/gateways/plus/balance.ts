import { isPlainObject } from '../../core/fields.ts';
import { type GatewayAction, GatewayGarbage, GatewayRefusal, type Secrets } from '../gateway.ts';
import { callPlus, readAnswer } from './wire.ts';

const TIMEOUT_MS = 15_000;
const MASK = '***';

/** What the merchant has at PLUS. */
export const balance: GatewayAction = {
  docs: {
    title: 'Query PLUS balance',
    summary:
      'Asks PLUS for the merchant’s balance. `balance` is an integer, a text where PLUS gives one, or null when its answer names none; `raw_response` is that answer without credentials. PLUS’s documents are not public: this call is unverified against the vendor.',
    example: { balance: 10_000, raw_response: { status: 'ok', balance: 10_000 } },
    answer: {
      balance: { type: ['integer', 'string', 'null'], description: 'What the merchant has; null: PLUS did not say.' },
      raw_response: { description: 'PLUS’s own answer, without credentials.' },
    },
  },
  async run(secrets, ctx) {
    const text = await callPlus(
      { path: '/api/balance', environment: 'production', secrets, fields: {}, timeoutMs: TIMEOUT_MS },
      ctx,
    );
    const raw = parseMasked(text, {});
    const found = isPlainObject(raw) ? findBalance(raw) : null;
    if (isPlainObject(raw)) {
      // Beside a balance, a flat status may be the account's.
      const { verdict, code, message } = readAnswer(text, found === null ? 'call' : 'order');
      if (verdict === 'refused') throw new GatewayRefusal('GATEWAY_ACTION_FAILED', code, message);
    }
    return { balance: found, raw_response: parseMasked(text, secrets) };
  },
};

/** Where the answer may name it: `balance`, `data.balance`, `money`, `data.money`. */
function findBalance(raw: Readonly<Record<string, unknown>>): number | string | null {
  const data = isPlainObject(raw.data) ? raw.data : {};
  for (const value of [raw.balance, data.balance, raw.money, data.money]) {
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return Number.isSafeInteger(value) ? value : String(value);
  }
  return null;
}

/** Fields that hold credentials or what is made from them, whatever they say. */
const SECRET_NAMES = new Set(['appid', 'secret', 'secret_key', 'key', 'sign']);

/** The answer with every credential in it replaced. Throws GatewayGarbage for what is no JSON. */
function parseMasked(text: string, secrets: Secrets): unknown {
  const known = Object.values(secrets);
  const mask = (name: string, value: unknown): unknown => {
    if (typeof value !== 'string' && typeof value !== 'number') return value;
    if (SECRET_NAMES.has(name.toLowerCase()) || known.includes(String(value))) return MASK;
    return value;
  };
  try {
    return JSON.parse(text, mask);
  } catch {
    throw new GatewayGarbage('PLUS’s answer is not JSON');
  }
}
