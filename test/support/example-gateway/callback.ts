import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Fact } from '../../../src/core/attempt.ts';
import type { CallbackAnswer, CallbackDriver, Message, Secrets, Verification } from '../../../src/gateways/gateway.ts';
import { docs, REFUSALS, SIGNATURE } from './docs.ts';
import { readPaid } from './query.ts';
import { readObject } from './wire.ts';

/** The bytes are signed as they came: HMAC-SHA256 with the shop's secret, in hex. */
function isSigned({ raw }: Message, { secret = '' }: Secrets): boolean {
  const hmac = createHmac('sha256', secret).update(raw?.body ?? '');
  const [given, wanted] = [Buffer.from(raw?.headers.get(SIGNATURE) ?? ''), Buffer.from(hmac.digest('hex'))];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function verify(message: Message, secrets: Secrets): Verification {
  const proved = isSigned(message, secrets);
  if (message.fields.shop !== secrets.shop) return { ok: false, proved, message: REFUSALS.shop };
  return proved ? { ok: true } : { ok: false, proved, message: REFUSALS.signature };
}

function parse({ fields }: Message): readonly Fact[] {
  const { state } = fields;
  if (state === 'paid') return [readPaid(fields)];
  return [{ type: state === 'declined' ? 'declined' : 'note', code: String(state), message: '' }];
}

const answer = (status: number, body: object): CallbackAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

export const callback: CallbackDriver = {
  locate(raw) {
    const fields = readObject(raw.body);
    if (!fields || typeof fields.order !== 'string') return { type: 'refused', message: REFUSALS.unreadable };
    return { type: 'clear', message: { kind: 'notice', hints: { orderNo: fields.order }, fields, raw } };
  },
  verify,
  parse,
  hides: ['signature'],
  texts: { unknown: 'Example Pay order not found.', amount: 'Example Pay amount mismatch.' },
  accept: () => answer(200, { received: true }),
  refuse: (message) => answer(400, { received: false, message }),
  retry: answer(503, { received: false, message: 'Please send again.' }),
  docs,
  setup: { names: ['notify_url'], entered: null },
};
