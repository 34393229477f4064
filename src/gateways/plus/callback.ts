import { timingSafeEqual } from 'node:crypto';
import type { Fact } from '../../core/attempt.ts';
import { failWith, RECEIVED } from '../callback-answers.ts';
import type { CallbackDriver, Located, Message, RawCallback, Verification } from '../gateway.ts';
import { docs } from './docs.ts';
import { readFields } from './fields.ts';
import { PAID_STATUSES } from './query.ts';
import { checkSign, variantOf } from './signature.ts';
import { readMoney, readTradeNo } from './wire.ts';

/**
 * PLUS calling the `callback_url` of an order: a form or JSON, signed like our own calls. The address carries `t`, which
 * names and proves the attempt; it is all the proof there is where PLUS signs nothing. The contract is unverified against
 * the vendor.
 */
type Fields = Readonly<Record<string, string>>;

const UNREADABLE = 'PLUS callback cannot be read.';
const TEXTS = { unknown: 'PLUS transaction not found.', amount: 'PLUS money mismatch.' } as const;
const SIGN_MISMATCH = 'PLUS sign mismatch.';
const APPID_MISMATCH = 'PLUS appid mismatch.';

function locate(raw: RawCallback): Located {
  const fields = readFields(raw);
  const [token = '', ...others] = raw.query.getAll('t');
  if (!fields || others.length > 0) return { type: 'refused', message: UNREADABLE };
  const { order_no: orderNo = '', plat_no: tradeNo = '' } = fields;
  const hints = {
    ...(token === '' ? {} : { token }),
    ...(orderNo === '' ? {} : { orderNo }),
    // Its own number is looked up only where ours is missing: a test and a real PLUS may count alike.
    ...(token === '' && orderNo === '' && tradeNo !== '' ? { tradeNo } : {}),
  };
  return { type: 'clear', message: { kind: 'notice', hints, fields } };
}

/** In the order in which the contract names the checks: whose it is, appid, sign or token, money. */
const verify: CallbackDriver['verify'] = (message, secrets, { payment, attempt, ctx }) => {
  const fields = message.fields as Fields;
  const { callbackToken, settings } = ctx;
  const { token } = message.hints;
  const variant = variantOf({ settings });
  const signed = variant !== 'none' && checkSign(fields, secrets.secret_key ?? '', variant);
  // Every address we give out carries a token. One that came without was set up by hand, which only a sign can make good.
  const tokenFits = token === undefined ? signed : equals(token, callbackToken);
  const proved = tokenFits && (signed || variant === 'none');
  const refuse = (text: string): Verification => ({ ok: false, proved, message: text });
  if (contradicts(fields.order_no, attempt.gatewayOrderNo)) return refuse(TEXTS.unknown);
  if (contradicts(fields.plat_no, attempt.gatewayTradeNo)) return refuse(TEXTS.unknown);
  if (fields.appid !== secrets.appid) return refuse(APPID_MISMATCH);
  if (!proved) return refuse(SIGN_MISMATCH);
  return readMoney(fields.money) === payment.amount ? { ok: true } : refuse(TEXTS.amount);
};

function contradicts(said = '', known: string | null): boolean {
  return said !== '' && known !== null && said !== known;
}

function equals(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A callback without status says that something happened and not what, so PLUS is asked. */
function parse(message: Message): readonly Fact[] | 'ask' {
  const { status = '', money } = message.fields as Fields;
  if (status === '') return 'ask';
  if (!PAID_STATUSES.includes(status)) return [{ type: 'note', code: status, message: '' }];
  return [
    { type: 'paid', amount: readMoney(money) ?? -1, currency: 'TWD', simulated: false, ...readTradeNo(message.fields) },
  ];
}

function describePayload({ fields }: Message): Readonly<Record<string, string>> {
  const { money = '', plat_no = '' } = fields as Fields;
  return { money, plat_no };
}

export const callback: CallbackDriver = {
  locate,
  verify,
  parse,
  hides: ['sign', 't'],
  texts: TEXTS,
  describePayload,
  accept: () => RECEIVED,
  refuse: (message) => failWith(400, 'WEBHOOK_REFUSED', message),
  retry: failWith(503, 'STORAGE_UNAVAILABLE', 'Database unavailable, please send again.'),
  docs: docs({ [UNREADABLE]: 'unreadable', [APPID_MISMATCH]: 'account', [SIGN_MISMATCH]: 'signature' }),
  setup: { names: ['callback_url'], entered: null },
};
