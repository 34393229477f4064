import { describeObject } from './schema.ts';
import type { Schema } from './types.ts';

/** Names that gateways share in `payment_info`. */
const KNOWN: Readonly<Record<string, Schema>> = {
  bank_code: { type: 'string', description: 'Three-digit code of the bank the payer transfers to.' },
  bank_name: { type: 'string', description: 'Chinese name of that bank; empty when PayCore does not know the code.' },
  virtual_account: { type: 'string', description: 'Account number made for this one payment.' },
  payment_code: { type: 'string', description: 'Code the payer types in at the machine in the store.' },
  payment_code_url: { type: ['string', 'null'], description: 'The gateway’s page that shows the code as a barcode.' },
  expire_at: {
    type: 'string',
    pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}$',
    description: 'Last moment to pay, in Taipei time (UTC+8).',
  },
  selected_payment_method: { type: 'string', description: 'What the payer was given.' },
  barcode1: { type: 'string', description: 'First of the three Code 39 barcodes.' },
  barcode2: { type: 'string', description: 'Second barcode.' },
  barcode3: { type: 'string', description: 'Third barcode.' },
  barcode_user_copy_url: {
    type: 'string',
    description: 'What to hand to the payer: the page that shows the barcodes.',
  },
  barcode_segments_copyable: {
    const: false,
    description: 'The store scans the page; the three numbers alone are of no use.',
  },
  barcode_user_action: { type: 'string', description: 'What the payer has to do, for programs.' },
  barcode_intro_url: { type: ['string', 'null'], description: 'The gateway’s guide to paying with barcodes.' },
};

/** Schema of `payment_info` from its example: known names by the table, others by what the example holds. */
export function describeInfo(example: Readonly<Record<string, unknown>>): Schema {
  const properties = Object.entries(example).map(([name, value]) => [name, KNOWN[name] ?? guess(value)] as const);
  return describeObject(Object.fromEntries(properties));
}

function guess(value: unknown): Schema {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return describeInfo(value as Readonly<Record<string, unknown>>);
  }
  if (Array.isArray(value)) return { type: 'array' };
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  return { type: value === null ? ['string', 'null'] : 'string' };
}
