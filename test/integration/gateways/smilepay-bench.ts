import { expect } from 'bun:test';
import type { Answer, TestApp } from '../../support/app.ts';

/** Any account is taken by the simulator; the first key that comes with a merchant code is its key. */
export const ACCOUNT = { dcvc: '107', rvg2c: '1', verify_key: '0123456789ABCDEF0123456789ABCDEF' } as const;
export const CALL = '/api/SPPayment.asp';
export const QUERY = '/ezpos/roturl.asp';

export interface Opened {
  /** `payment_no`. */
  readonly no: string;
  /** SmilePay's number, by which the simulator is asked to act. */
  readonly tradeNo: string;
  readonly data: Record<string, unknown>;
}

/** What the tests of SmilePay do again and again; `current` is the app of the test that runs. */
export function smilepayBench(current: () => TestApp) {
  const calls = (path: string) => current().gateway.received.filter((request) => request.path === path);
  const create = (path: string, body: object = {}): Promise<Answer> =>
    current().create(`smilepay/${path}`, { gateway_credentials: ACCOUNT, ...body });
  return {
    calls,
    create,
    /** The fields of the last request for a number. */
    lastCall: (): Readonly<Record<string, string>> => Object.fromEntries(new URLSearchParams(calls(CALL).at(-1)?.body)),
    sync: (paymentNo: unknown) => current().call(`/api/paycore/payments/${paymentNo}/sync`, {}),
    /** A payment that stands. */
    async open(path = 'atm', body: object = {}): Promise<Opened> {
      const { status, json } = await create(path, body);
      expect([status, json.data.created]).toEqual([201, true]);
      return { no: String(json.data.payment_no), tradeNo: String(json.data.gateway_trade_no), data: json.data };
    },
  };
}
