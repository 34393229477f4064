import { expect, test } from 'bun:test';
import type { Attempt } from '../../../src/core/attempt.ts';
import { findHindrance } from '../../../src/core/hindrance.ts';
import { ATM } from '../../support/payments.ts';

const OPEN: Attempt = {
  ...{ id: 1, paymentId: 1, gateway: 'ecpay', method: 'atm', mode: 'aio', gatewayOrderNo: 'PC1', gatewayTradeNo: null },
  ...{ credentialId: 1, status: 'open', endReason: null, instructions: null, paidDetails: null, deadline: 9 },
  ...{ checkAt: null, syncTries: 0, notFoundCount: 0, declines: 0, heardAt: null, locale: null, used: false },
  ...{ movingSince: null, createdAt: 0, updatedAt: 0 },
};
const explain = (
  status: Parameters<typeof findHindrance>[0]['status'],
  attempt: Attempt | null,
  closeAt: number | null = null,
) => findHindrance({ status, closeAt, reason: status === 'failed' ? 'CANCELLED' : null }, attempt);

test('why a payment is not paid follows from what is known of it, the weightiest first', () => {
  expect(explain('paid', OPEN)).toBeNull();
  expect(explain('failed', OPEN)).toEqual({ why: 'failed', reason: 'CANCELLED' });
  expect(explain('expired', { ...OPEN, declines: 2 })).toEqual({ why: 'expired', at: 9, declines: 2 });
  expect(explain('expired', null, 5)).toEqual({ why: 'expired', at: 5, declines: 0 });
  expect(explain('pending', null, 5)).toEqual({ why: 'choosing', until: 5 });
  expect(explain('pending', OPEN)).toEqual({ why: 'unopened', until: 9 });
  expect(explain('pending', { ...OPEN, used: true })).toEqual({ why: 'begun', until: 9 });
  expect(explain('pending', { ...OPEN, instructions: ATM })).toEqual({ why: 'waiting', until: 9 });
  expect(explain('pending', { ...OPEN, instructions: ATM, declines: 1 })).toEqual({ why: 'declined', times: 1 });
  expect(explain('pending', { ...OPEN, declines: 1, movingSince: 3 })).toEqual({ why: 'moving' });
  expect(explain('pending', { ...OPEN, status: 'unknown', movingSince: 3 })).toEqual({ why: 'unknown' });
  expect(explain('pending', { ...OPEN, status: 'under_review' })).toEqual({ why: 'review' });
});
