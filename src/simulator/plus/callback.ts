import { isRecord } from '../http.ts';
import type { Callback } from '../sender.ts';
import type { World } from '../world.ts';
import { keepRecord, type Outgoing, type PlusOrder } from './order.ts';
import { type Signing, signFields } from './sign.ts';

export const shapes = ['form', 'json'] as const;
export type Shape = (typeof shapes)[number];

export interface Wording {
  readonly shape: Shape;
  readonly signing: Signing;
  readonly secretKey: string;
}

type Fields = Readonly<Record<string, string>>;

/** Unsigned fields of the callback of a paid order. */
export function paidFields(order: PlusOrder): Fields {
  return {
    appid: order.appid,
    order_no: order.orderNo,
    plat_no: order.platNo,
    money: String(order.money),
    status: '1',
  };
}

/** Fields that have their sign, or deliberately none, as a body. JSON writes money as a number. */
export function packFields(url: string, fields: Fields, shape: Shape): Outgoing {
  if (shape === 'form') {
    const body = new URLSearchParams(fields).toString();
    return { url, contentType: 'application/x-www-form-urlencoded', body };
  }
  return { url, contentType: 'application/json', body: JSON.stringify({ ...fields, money: Number(fields.money) }) };
}

export function paidCallback(order: PlusOrder, wording: Wording): Outgoing {
  const fields = signFields(paidFields(order), wording.secretKey, wording.signing);
  return packFields(order.callbackUrl, fields, wording.shape);
}

function isSuccess(answer: string): boolean {
  try {
    const value: unknown = JSON.parse(answer);
    return isRecord(value) && value.success === true;
  } catch {
    return false;
  }
}

/** Received when the shop answers 200 with JSON that says `success: true`. */
export function asCallback(world: World, order: PlusOrder, kind: string, outgoing: Outgoing): Callback {
  return {
    kind,
    url: outgoing.url,
    headers: { 'content-type': outgoing.contentType },
    body: outgoing.body,
    isAcknowledged: (status, answer) => status === 200 && isSuccess(answer),
    record: (record) => keepRecord(world, order.platNo, record),
  };
}
