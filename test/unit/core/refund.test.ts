import { describe, expect, test } from 'bun:test';
import { deriveRefundNo } from '../../../src/core/ids.ts';
import { CALL_LIMIT } from '../../../src/core/lifecycle/schedule.ts';
import {
  advances,
  isCallOver,
  isRefundWaitLong,
  leftToRefund,
  matchRefunds,
  planRefundSync,
  type Refund,
  type RefundStatus,
  type ReportedRefund,
} from '../../../src/core/refund.ts';
import { START } from '../../support/clock.ts';

const refund = (change: Partial<Refund> = {}): Refund => ({
  id: 1,
  refundNo: 'RF1',
  paymentId: 1,
  attemptId: 1,
  credentialId: 1,
  amount: 100,
  reason: '',
  status: 'unknown',
  gatewayRefundNo: null,
  message: '',
  source: 'api',
  notFoundCount: 0,
  createdAt: START,
  updatedAt: START,
  ...change,
});
const reported = (change: Partial<ReportedRefund> = {}): ReportedRefund => ({
  refundNo: null,
  gatewayRefundNo: 're_1',
  amount: 100,
  status: 'succeeded',
  ...change,
});
const LATER = START + CALL_LIMIT;

describe('what is left', () => {
  test('counts refunds that are under way as done, and failed ones not at all', () => {
    const statuses: RefundStatus[] = ['unknown', 'pending', 'succeeded', 'failed'];
    expect(
      leftToRefund(
        1000,
        statuses.map((status, at) => ({ status, amount: 10 ** at })),
      ),
    ).toBe(1000 - 111);
  });
});

describe('a gateway’s word', () => {
  const words: readonly ReportedRefund['status'][] = ['pending', 'succeeded', 'failed'];
  const moves = (status: RefundStatus, gatewayRefundNo: string | null) =>
    words.filter((word) => advances({ status, gatewayRefundNo }, { status: word }));

  test('moves a refund on and never back', () => {
    expect(moves('unknown', null)).toEqual(['pending', 'succeeded', 'failed']);
    expect(moves('pending', 're_1')).toEqual(['succeeded', 'failed']);
    expect(moves('succeeded', 're_1')).toEqual(['failed']);
    expect(moves('failed', 're_1')).toEqual([]);
  });

  test('may show that one that was refused or never found was made after all', () => {
    expect(moves('failed', null)).toEqual(['pending', 'succeeded']);
  });
});

describe('matching', () => {
  const match = (ours: readonly Refund[], theirs: readonly ReportedRefund[], askedAt = LATER) => {
    const { known, foreign, lost } = matchRefunds(ours, theirs, askedAt);
    return {
      known: known.map((pair) => `${pair.refund.refundNo}=${pair.reported.gatewayRefundNo}`),
      foreign: foreign.map((one) => one.gatewayRefundNo),
      lost: lost.map((one) => one.refundNo),
    };
  };

  test('goes by our number before anything else, in whatever order they are listed', () => {
    const mine = reported({ refundNo: 'RF1', gatewayRefundNo: 're_mine' });
    const desk = reported({ gatewayRefundNo: 're_desk' });
    const expected = { known: ['RF1=re_mine'], foreign: ['re_desk'], lost: [] };
    expect(match([refund()], [desk, mine])).toEqual(expected);
    expect(match([refund()], [mine, desk])).toEqual(expected);
  });

  test('then by theirs', () => {
    const known = refund({ status: 'pending', gatewayRefundNo: 're_1' });
    expect(match([refund({ refundNo: 'RF2' }), known], [reported({ amount: 1 })])).toEqual({
      known: ['RF1=re_1'],
      foreign: [],
      lost: ['RF2'],
    });
  });

  test('then by the amount of one whose answer was lost', () => {
    expect(match([refund({ amount: 99 }), refund({ refundNo: 'RF2' })], [reported()])).toEqual({
      known: ['RF2=re_1'],
      foreign: [],
      lost: ['RF1'],
    });
  });

  test('is left for later when it may be that of a lost answer as well as that of a call under way', () => {
    const lost = refund();
    const underWay = refund({ refundNo: 'RF2', createdAt: START + 1 });
    expect(match([lost, underWay], [reported()])).toEqual({ known: [], foreign: [], lost: [] });
    const answered = { ...underWay, status: 'succeeded', gatewayRefundNo: 're_1' } as const;
    expect(match([lost, answered], [reported()])).toEqual({ known: ['RF2=re_1'], foreign: [], lost: ['RF1'] });
    expect(match([lost, underWay], [reported()], LATER + 1)).toEqual({
      known: ['RF1=re_1'],
      foreign: [],
      lost: ['RF2'],
    });
  });

  test('a refund of the amount of a call that may be under way is left for later, and neither is lost', () => {
    const nothing = { known: [], foreign: [], lost: [] };
    expect(match([refund()], [reported()], LATER - 1)).toEqual(nothing);
    expect(match([refund()], [reported({ amount: 99 })], LATER - 1)).toEqual({ ...nothing, foreign: ['re_1'] });
  });

  test('a number of somebody else’s is never taken for ours', () => {
    expect(match([refund()], [reported({ refundNo: 'RF9' })])).toEqual({ known: [], foreign: ['re_1'], lost: ['RF1'] });
  });

  test('what failed at the gateway’s own desk is nobody’s business, and a refused one is not found by its amount', () => {
    const refused = refund({ status: 'failed' });
    expect(match([refused], [reported({ status: 'failed' })])).toEqual({ known: [], foreign: [], lost: [] });
    expect(match([refused], [reported()])).toEqual({ known: [], foreign: ['re_1'], lost: [] });
  });

  test('two of one amount are two', () => {
    const two = [reported(), reported({ gatewayRefundNo: 're_2' })];
    expect(match([refund(), refund({ refundNo: 'RF2' })], two).known).toEqual(['RF1=re_1', 'RF2=re_2']);
    expect(match([refund()], two)).toEqual({ known: ['RF1=re_1'], foreign: ['re_2'], lost: [] });
  });

  test('one that is listed twice is one', () => {
    expect(match([], [reported(), reported()]).foreign).toEqual(['re_1']);
  });
});

describe('the schedule', () => {
  test('asks soon, then patiently, then no more', () => {
    const SECOND = 1000;
    const delays = [0, 1, 2, 3, 4, 5, 99].map((checks) => (planRefundSync(checks, START) ?? 0) - START);
    expect(delays).toEqual([9, 60, 300, 3600, 21_600, 86_400, 86_400].map((seconds) => seconds * SECOND));
    expect(planRefundSync(100, START)).toBeNull();
    expect([4, 5].map(isRefundWaitLong)).toEqual([false, true]);
  });

  test('a call is over when no call can last that long', () => {
    expect([LATER - 1, LATER].map((now) => isCallOver(refund(), now))).toEqual([false, true]);
  });
});

test('the same bytes are the same number, other bytes are another', () => {
  const bytes = (fill: number) => new Uint8Array(32).fill(fill);
  expect(deriveRefundNo(START, bytes(1))).toMatch(/^RF260622[A-Z0-9]{12}$/);
  expect(deriveRefundNo(START, bytes(1))).toBe(deriveRefundNo(START, bytes(1)));
  expect(deriveRefundNo(START, bytes(1))).not.toBe(deriveRefundNo(START, bytes(2)));
  expect(deriveRefundNo(START, bytes(255))).toMatch(/^RF260622[A-Z0-9]{12}$/);
});
