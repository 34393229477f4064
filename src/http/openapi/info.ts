import { type TSchema, t } from 'elysia';
import { nullable, text } from '../schema/build.ts';

/** Names that gateways share in `payment_info`. */
const KNOWN: Readonly<Record<string, TSchema>> = {
  bank_code: text('Three-digit code of the bank the payer transfers to.'),
  bank_name: text('Chinese name of that bank; empty when PayCore does not know the code.'),
  virtual_account: text('Account number made for this one payment.'),
  payment_code: text('Code the payer types in at the machine in the store.'),
  payment_code_url: nullable(text('The gateway’s page that shows the code as a barcode.')),
  expire_at: t.String({
    pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}$',
    description: 'Last moment to pay, in Taipei time (UTC+8).',
  }),
  selected_payment_method: text('What the payer was given.'),
  barcode1: text('First of the three Code 39 barcodes.'),
  barcode2: text('Second barcode.'),
  barcode3: text('Third barcode.'),
  barcode_user_copy_url: text('What to hand to the payer: the page that shows the barcodes.'),
  barcode_segments_copyable: t.Literal(false, {
    description: 'The store scans the page; the three numbers alone are of no use.',
  }),
  barcode_user_action: text('What the payer has to do, for programs.'),
  barcode_intro_url: nullable(text('The gateway’s guide to paying with barcodes.')),
};

/** What the names of one gateway mean. */
type Meanings = Readonly<Record<string, string>>;

/** Schema of `payment_info` from its example: known names by the table, the gateway's own by what it says and shows. */
export function infoSchema(example: Readonly<Record<string, unknown>>, meanings: Meanings = {}): TSchema {
  const properties = Object.entries(example).map(
    ([name, value]) => [name, KNOWN[name] ?? guess(value, meanings, meanings[name])] as const,
  );
  return t.Object(Object.fromEntries(properties));
}

function guess(value: unknown, meanings: Meanings, description?: string): TSchema {
  const notes = description === undefined ? {} : { description };
  if (Array.isArray(value)) return t.Unsafe<readonly unknown[]>({ type: 'array', ...notes });
  if (value === null) return nullable(text(description));
  if (typeof value === 'object') {
    const members = infoSchema(value as Readonly<Record<string, unknown>>, meanings);
    return { ...members, description: description ?? 'What this gateway issued.' };
  }
  if (typeof value === 'boolean') return t.Boolean(notes);
  if (typeof value === 'number') return Number.isInteger(value) ? t.Integer(notes) : t.Number(notes);
  return text(description);
}
