import { makeValidation } from '../../src/gateways/smilepay/roturl.ts';
import { type encodings, packFields, paidCallback, type shapes } from '../../src/simulator/smilepay/callback.ts';
import type { SmilePayOrder } from '../../src/simulator/smilepay/order.ts';
import { START } from '../support/clock.ts';
import type { Post, Say, Target } from './contract.ts';

/** SmilePay's callbacks, worded by the simulator, which has read its plug-ins for itself. */
export const OURS = { dcvc: '107', rvg2c: '1', verify_key: '0123456789ABCDEF0123456789ABCDEF' } as const;
/** Further accounts of ours: every set of keys that a project has stored for one merchant is tried on his callbacks. */
export const GUARDED = { ...OURS, dcvc: '108', validation_token: 'a-token-of-our-own', mid: '1111' } as const;
export const BARE = { ...OURS, dcvc: '109', validation_token: 'a-token-of-our-own' } as const;
/** Another merchant of SmilePay's. */
export const THEIRS = { dcvc: '2109', rvg2c: '1', verify_key: 'FEDCBA9876543210FEDCBA9876543210' } as const;
export const VALIDATION = GUARDED.validation_token;

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';

export type Fields = Readonly<Record<string, string>>;

/** How one kind of callback stands on the wire. */
export interface Wire {
  readonly shape: (typeof shapes)[number];
  readonly encoding: (typeof encodings)[number];
  /** Query string of the address it comes to. */
  addressOf(target: Target): string;
  readonly validationToken?: string;
  readonly dcvc: string;
}

/** The Roturl that SmilePay was given. */
export const roturlOf =
  ({ dcvc, validation_token: token }: { dcvc: string; validation_token?: string }) =>
  (target: Target): string =>
    `Dcvc=${dcvc}&t=${target.token}${token === undefined ? '' : `&vt=${makeValidation(token, target.orderNo)}`}`;

function orderOf(target: Target, say: Say, dcvc: string): SmilePayOrder {
  return {
    smilePayNo: say.tradeNo ?? target.tradeNo ?? '',
    dcvc,
    rvg2c: OURS.rvg2c,
    payZg: '6',
    dataId: target.orderNo,
    amount: say.amount ?? target.amount,
    deadline: START,
    status: 'paid',
    createdAt: START,
    paidAt: START,
    numbers: { FamiNO: '66012389453000' },
    sent: { od_sob: '手沖咖啡豆', roturl: 'https://pay.example/', remark: say.again ? 'again' : '' },
    fields: {},
    callbacks: [],
    last: null,
  };
}

/** Unpacked fields of a callback; one that says "not paid" says it as SmilePay does of a card that failed. */
export function fieldsOf(target: Target, say: Say, wire: Wire): Fields {
  const wording = { shape: wire.shape, encoding: 'utf8', validationToken: wire.validationToken ?? null } as const;
  const { body } = paidCallback(orderOf(target, say, wire.dcvc), GUARDED.mid, wording, START);
  const fields = wire.shape === 'form' ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body);
  const unpaid = wire.shape === 'form' ? { Classif: 'A', Amount: '0' } : { Status: '0', Amount: '0' };
  const again = wire.shape === 'catalogue' && say.again ? { PayEndDate: '2026/06/30 23:59:59' } : {};
  return { ...fields, ...again, ...(say.fact === 'paid' ? {} : unpaid) };
}

export function pack(target: Target, fields: Fields, wire: Wire, query = wire.addressOf(target)): Post {
  const { shape, encoding, dcvc } = wire;
  const packed = packFields(orderOf(target, { fact: 'paid' }, dcvc), '', fields, {
    shape,
    encoding,
    validationToken: null,
  });
  return { type: packed.contentType, body: packed.body, query };
}

export function make(target: Target, say: Say, wire: Wire): Post {
  return pack(target, fieldsOf(target, say, wire), wire);
}
