import { type Signing, signFields } from '../../src/simulator/plus/sign.ts';
import type { Change, Post, Say, Target } from './contract.ts';

/** PLUS's callbacks, signed by the simulator, which has read the contract for itself. */
export const OURS = { appid: 'PLUS_APPID', secret_key: 'PLUS_SECRET_KEY' } as const;
/** Another shop of the same gateway. */
export const THEIRS = { appid: 'THEIR_APPID', secret_key: 'THEIR_SECRET_KEY' } as const;

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';

export type Fields = Readonly<Record<string, string>>;

/** Unsigned. The same payment in other words has another word for "paid". */
export function noticeFields(target: Target, say: Say, appid: string = OURS.appid): Fields {
  return {
    appid,
    order_no: target.orderNo,
    plat_no: target.tradeNo ?? '',
    money: String(say.amount ?? target.amount),
    status: say.fact !== 'paid' ? '2' : say.again ? 'paid' : '1',
  };
}

export function sign(fields: Fields, secret: string = OURS.secret_key, signing: Signing = 'md5-key'): Fields {
  return signFields(fields, secret, signing);
}

/** How one kind of callback stands on the wire: its body, and the token of its address or none. */
export interface Wire {
  pack(fields: Fields, target: Target): Post;
}

const addressOf = (target: Target) => ({ query: `t=${target.token}` });

/** A form at the address that the gateway was given. */
export const form: Wire = {
  pack: (fields, target) => ({ type: FORM, body: new URLSearchParams(fields).toString(), ...addressOf(target) }),
};

/** JSON, money a number, at an address that somebody set up by hand. */
export const bareJson: Wire = {
  pack: (fields) => {
    const { money = '' } = fields;
    return {
      type: JSON_TYPE,
      body: JSON.stringify(/^\d+$/.test(money) ? { ...fields, money: Number(money) } : fields),
    };
  },
};

/** What a body means to a reader in his right mind: empty fields are not signed, and hex has no case. */
export function meaningOf(body: Buffer, type: string): string {
  const text = body.toString('utf8');
  try {
    const pairs: [string, unknown][] =
      type === JSON_TYPE ? Object.entries(JSON.parse(text)) : [...new URLSearchParams(text)];
    const told = pairs.filter(([, value]) => value !== '' && value !== null);
    return JSON.stringify(
      told.map(([name, value]) => [name, name === 'sign' ? String(value).toLowerCase() : String(value)]).sort(),
    );
  } catch {
    return text;
  }
}

/** Only changes after which the body means something else. */
export function* meaningful(post: Post, changes: Iterable<Change>): Generator<Change> {
  const meaning = meaningOf(Buffer.from(post.body), post.type);
  for (const change of changes) {
    if (meaningOf(Buffer.from(change.post.body), post.type) !== meaning) yield change;
  }
}
