import { describe, expect, test } from 'bun:test';
import type { Attempt, Instructions } from '../../../src/core/attempt.ts';
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts';
import { explainUnpaid, type UnpaidEvent, type UnpaidSubject } from '../../../src/core/unpaid.ts';
import { START } from '../../support/clock.ts';

/** The one thing that a shop's owner asks first: why is this one not paid? */

const DEADLINE = START + 3 * DAY;
const GRACE = DAY;

const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  ...{ id: 1, paymentId: 1, gateway: 'ecpay', method: 'all', mode: 'aio', gatewayOrderNo: 'PC1', gatewayTradeNo: null },
  ...{ credentialId: 1, status: 'open', endReason: null, instructions: null, paidDetails: null, deadline: DEADLINE },
  ...{ checkAt: START + HOUR, syncTries: 0, notFoundCount: 0, declines: 0, heardAt: null, locale: null, used: false },
  ...{ movingSince: null, createdAt: START, updatedAt: START },
  ...change,
});

const ATM: Instructions = { type: 'atm', virtualAccount: '9103522212345678', expireAt: '' };

interface Change extends Partial<Omit<UnpaidSubject, 'payment'>> {
  readonly payment?: Partial<UnpaidSubject['payment']>;
}

const explain = ({ payment, ...change }: Change = {}) =>
  explainUnpaid({
    payment: {
      ...{ status: 'pending', reason: null, flags: [], livemode: true, attemptId: 1, closeAt: null },
      ...payment,
    },
    attempts: [attempt()],
    events: [],
    graceMs: GRACE,
    now: START + MINUTE,
    ...change,
  });

let at = START;
const event = (type: string, data: UnpaidEvent['data']): UnpaidEvent => ({ type, attemptId: 1, data, at: at++ });
const declined = (message: string) =>
  event('callback.accepted', { fact: 'declined', code: '10100058', message, verdict: 'noted' });

describe('a payment is not paid because', () => {
  test('nothing: it is paid', () => {
    expect(explain({ payment: { status: 'paid' } })).toBeNull();
  });

  test('its payer has not chosen how to pay, until the page closes', () => {
    expect(explain({ attempts: [], payment: { attemptId: null, closeAt: DEADLINE } })).toMatchObject({
      ...{ why: 'not_chosen', until: DEADLINE, attempt: null, asked: null, asks: 0, nextAskAt: null },
    });
  });

  test('its payer has not gone on to the gateway, or is there', () => {
    expect(explain()).toMatchObject({ why: 'not_started', until: DEADLINE, nextAskAt: START + HOUR });
    expect(explain({ attempts: [attempt({ used: true })] })).toMatchObject({ why: 'at_gateway', until: DEADLINE });
    expect(explain({ attempts: [attempt({ id: 2 }), attempt()], payment: { attemptId: 2 } })?.why).toBe('at_gateway');
  });

  test('a number waits to be paid at the counter, and after its deadline for what is still on its way', () => {
    const attempts = [attempt({ instructions: ATM })];
    expect(explain({ attempts })).toMatchObject({ why: 'counter', until: DEADLINE });
    expect(explain({ attempts, now: DEADLINE - 1 })).toMatchObject({ why: 'counter' });
    expect(explain({ attempts, now: DEADLINE })).toMatchObject({ why: 'counter_late', until: DEADLINE + GRACE });
  });

  test('the payer’s bank has said no, in the gateway’s last words', () => {
    const attempts = [attempt({ id: 2, declines: 1 }), attempt({ declines: 2, status: 'ended' })];
    const events = [declined('餘額不足'), declined('付款失敗')];
    expect(explain({ attempts, events, payment: { attemptId: 2 } })).toMatchObject({
      ...{ why: 'declined', declines: 3, code: '10100058', message: '餘額不足', until: DEADLINE },
    });
  });

  test('a number that came after a refused card: that is what it waits for', () => {
    const attempts = [attempt({ id: 2, instructions: ATM }), attempt({ declines: 2, status: 'ended' })];
    expect(explain({ attempts, payment: { attemptId: 2 } })).toMatchObject({ why: 'counter', declines: 2 });
  });

  test('the gateway did not answer, in the words of the failure', () => {
    const events = [
      event('gateway.request', { outcome: 'unknown', kind: 'timeout', message: 'no answer within 40 s' }),
    ];
    const attempts = [attempt({ status: 'unknown', syncTries: 3 })];
    expect(explain({ attempts, events })).toMatchObject({
      ...{ why: 'unreachable', message: 'no answer within 40 s', asks: 3 },
    });
  });

  test('a bank looks into it, or the money is moving: nobody can say yet', () => {
    expect(explain({ attempts: [attempt({ status: 'under_review', declines: 1 })] })?.why).toBe('under_review');
    expect(explain({ attempts: [attempt(), attempt({ id: 2, movingSince: START })] })).toMatchObject({
      ...{ why: 'moving', attempt: { id: 2 } },
    });
  });

  test('the last try has ended, and the payer may choose again', () => {
    const events = [event('sync', { fact: 'ended', reason: 'GONE', code: null, message: 'order expired' })];
    const attempts = [attempt({ status: 'ended', endReason: 'GONE', checkAt: null })];
    expect(explain({ attempts, events })).toMatchObject({ why: 'may_choose_again', message: 'order expired' });
  });

  test('another amount came, or only a pretended payment: before everything else', () => {
    const attempts = [attempt({ instructions: ATM })];
    expect(explain({ attempts, payment: { flags: ['mismatch', 'attention'] } })?.why).toBe('mismatch');
    expect(explain({ attempts, payment: { flags: ['simulated'] } })?.why).toBe('simulated');
    expect(explain({ attempts, payment: { flags: ['simulated'], livemode: false } })?.why).toBe('counter');
  });

  test('it was cancelled, and by whom', () => {
    const by = { type: 'person', id: 1, name: '陳美' };
    const events = [event('payment.failed', { reason: 'CANCELLED', flags: [], by })];
    expect(explain({ payment: { status: 'failed', reason: 'CANCELLED' }, events })).toMatchObject({
      ...{ why: 'cancelled', by },
    });
  });

  test('the gateway refused it, was never reached, or knows it no longer', () => {
    const events = [event('gateway.request', { fact: 'ended', reason: 'GATEWAY_REFUSED', code: 'E1', message: 'no' })];
    const failed = (reason: 'GATEWAY_REFUSED' | 'GATEWAY_UNREACHABLE' | 'GONE') =>
      explain({ payment: { status: 'failed', reason }, attempts: [attempt({ status: 'ended' })], events });
    expect(failed('GATEWAY_REFUSED')).toMatchObject({ why: 'refused', code: 'E1', message: 'no' });
    expect(failed('GATEWAY_UNREACHABLE')?.why).toBe('never_reached');
    expect(failed('GONE')?.why).toBe('gone');
  });

  test('its time is over: never chosen, never paid at the counter, declined, or left', () => {
    const expired = (attempts: readonly Attempt[]) =>
      explain({ payment: { status: 'expired', reason: 'EXPIRED' }, attempts })?.why;
    const over = { status: 'ended', endReason: 'EXPIRED', checkAt: null } as const;
    expect(expired([])).toBe('expired_unchosen');
    expect(expired([attempt({ ...over, instructions: ATM })])).toBe('expired_counter');
    expect(expired([attempt({ ...over, declines: 1 })])).toBe('expired_declined');
    expect(expired([attempt(over)])).toBe('expired');
  });
});

describe('when the gateway was asked last', () => {
  test('is told by a person’s question or by one that failed; a question that never went out does not count', () => {
    const asked = (events: readonly UnpaidEvent[]) => explain({ events })?.asked;
    const person = event('admin.sync', { asked: true, result: 'unpaid' });
    expect(asked([person])).toEqual({ at: person.at, isAnswered: true });
    const failed = event('sync', { result: 'failed', message: 'connection refused' });
    expect(asked([failed, person])).toEqual({ at: failed.at, isAnswered: false });
    expect(asked([event('admin.sync', { asked: false, result: 'cooldown' })])).toBeNull();
  });
});
