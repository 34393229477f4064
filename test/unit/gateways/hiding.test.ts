import { describe, expect, test } from 'bun:test';
import type { Attempt } from '../../../src/core/attempt.ts';
import type { Payment } from '../../../src/core/payment.ts';
import { ecpay } from '../../../src/gateways/ecpay/index.ts';
import { GatewayRefusal } from '../../../src/gateways/gateway.ts';
import { guardGateway } from '../../../src/gateways/guard.ts';
import { hideIn, hideInBytes, hideInError, makeHider, makeNameHider } from '../../../src/gateways/hiding.ts';
import { smilepay } from '../../../src/gateways/smilepay/index.ts';
import { START } from '../../support/clock.ts';
import { contextOf, createInputOf, methodOf, paymentOf } from '../../support/driver.ts';
import { createInput, ecpayContext, SECRETS } from '../../support/ecpay.ts';
import { requireGateway } from '../../support/gateways.ts';
import { rejection } from '../../support/parts.ts';
import { answerInTurn, type Said } from '../../support/quoting.ts';

const { credentials } = smilepay;
const SET = { dcvc: '2109', rvg2c: '1', verify_key: 'FACE0FF1CE00FACE', default_cvs_type: 'barcode', mid: '8642' };
const hider = makeHider(credentials, [SET]);

describe('what a gateway says', () => {
  test('is cut only after the secrets in it are hidden', () => {
    const padded = (length: number) => `${'x'.repeat(length)}${SET.verify_key}`;
    expect(hideIn({ code: padded(95), message: padded(495), channel: padded(95) }, hider)).toEqual({
      code: `${'x'.repeat(95)}***`,
      message: `${'x'.repeat(495)}***`,
      channel: `${'x'.repeat(95)}***`,
    });
    expect(hideIn({ code: 'x'.repeat(101), message: 'x'.repeat(501) }, hider)).toEqual({
      code: 'x'.repeat(100),
      message: 'x'.repeat(500),
    });
  });

  test('keeps what is no secret of the set: merchant, kind of code, amounts, addresses of any length', () => {
    const facts = [
      { type: 'paid', amount: 8642, tradeNo: '2109', url: `https://a.example/${'x'.repeat(900)}`, code: 'barcode' },
    ];
    expect(hideIn(facts, hider)).toBe(facts);
  });

  test('has a short secret hidden in sentences, as a word: numbers may hold the same digits by chance', () => {
    const said = { message: 'parameter 8642, not 18642', virtualAccount: '8642', code: '8642' };
    expect(hideIn(said, hider)).toEqual({ ...said, message: 'parameter ***, not 18642' });
  });

  test('has keys hidden that are others than those of the call', () => {
    const message = 'No pi_3Abc_secret_XyZ123, sk_live_51Other; whsec_zz.';
    expect(hideIn({ message }, hider)).toEqual({ message: 'No pi_3Abc_secret_***, sk_live_***; whsec_***' });
    // What the payer's browser pays with stays as it is.
    const instructions = { type: 'element', clientSecret: 'pi_3Abc_secret_XyZ123' };
    expect(hideIn(instructions, hider)).toBe(instructions);
  });

  test('names nothing by a secret either', () => {
    expect(hideIn({ data: [{ [SET.verify_key]: 1 }] } as object, hider)).toEqual({ data: [{ '***': 1 }] });
  });

  test('is the same error afterwards, with another text, down to its cause', () => {
    const error = new GatewayRefusal('REFUND_REFUSED', `c ${SET.verify_key}`, `m ${SET.verify_key}`, 'account');
    error.cause = new Error(SET.verify_key);
    // Whoever looked at it before has made its text for good.
    for (const one of [error, error.cause as Error]) expect(one.stack).toContain(SET.verify_key);
    hideInError(error, hider);
    expect(error).toBeInstanceOf(GatewayRefusal);
    expect(error).toMatchObject({
      gatewayCode: 'c ***',
      message: 'm ***',
      about: 'account',
      errorCode: 'REFUND_REFUSED',
    });
    expect([error.stack, (error.cause as Error).message, (error.cause as Error).stack].join()).not.toContain(
      SET.verify_key,
    );
  });
});

describe('bytes', () => {
  test('in any encoding lose the secret and nothing else', () => {
    const big5 = Buffer.from([0xa4, 0x55, 0xa4, 0xc8]);
    const body = Buffer.concat([big5, Buffer.from(`&k=${SET.verify_key}&`), big5]);
    expect(Buffer.from(hideInBytes(body, hider.everywhere))).toEqual(
      Buffer.concat([big5, Buffer.from('&k=***&'), big5]),
    );
    expect(hideInBytes(big5, hider.everywhere)).toBe(big5);
  });

  test('of nobody lose what stands under the name of a secret', () => {
    const hide = makeNameHider(credentials);
    expect(hide('Dcvc=2109&validation_token=abc%20d&Verify_key=X')).toBe(
      'Dcvc=2109&validation_token=***&Verify_key=***',
    );
    expect(hide('{"Dcvc":"2109","validation_token" : "a\\"b","mid":"12"}')).toBe(
      '{"Dcvc":"2109","validation_token" : "***","mid":"***"}',
    );
  });
});

test('a form is signed over what is in it, and stays as it was made', async () => {
  const item = `Kaffee ${SECRETS.hash_key}`;
  const input = createInput('aio/credit', { itemName: item });
  const made = await ecpay.create(input, ecpayContext());
  expect(await guardGateway(ecpay).create(input, ecpayContext())).toEqual(made);
});

describe('a call', () => {
  const paypal = requireGateway('paypal');
  const secrets = { client_id: 'CLIENT', client_secret: 'a-client-secret', webhook_id: 'WEBHOOK1' };
  const token = { body: JSON.stringify({ access_token: 'A21AAFtoken', token_type: 'Bearer', expires_in: 900 }) };
  const quoting = (text: string) => ({ status: 422, body: JSON.stringify({ name: text, message: text }) });
  const ctx = (...answers: readonly Said[]) =>
    contextOf('paypal', 'https://gateway.example', { http: answerInTurn(answers) });

  test('is told without the token that it was made with, which is as good as a secret while it lasts', async () => {
    const input = createInputOf({ method: methodOf(paypal, 'checkout'), secrets, deadline: START });
    const error = await rejection(paypal.create(input, ctx(token, quoting('Bearer A21AAFtoken'))));
    expect(error).toMatchObject({ gatewayCode: 'Bearer ***', message: 'Bearer ***' });
  });

  test('for the proof of a callback is told without secrets as well', async () => {
    const names = ['auth-algo', 'cert-url', 'transmission-id', 'transmission-sig', 'transmission-time'];
    const headers = new Headers(names.map((name) => [`paypal-${name}`, 'x']));
    const raw = { contentType: 'application/json', body: Buffer.from('{}'), query: new URLSearchParams(), headers };
    const message = { kind: 'X', hints: {}, fields: {}, raw };
    const answer = { status: 401, body: JSON.stringify({ error: secrets.client_secret, error_description: 'no' }) };
    const subject = { payment: paymentOf() as Payment, attempt: {} as Attempt, ctx: ctx(answer) };
    const error = await rejection(Promise.resolve(paypal.callback.verify(message, secrets, subject)));
    expect(Bun.inspect(error)).toContain('PayPal did not take the question: *** no');
    expect(Bun.inspect(error)).not.toContain(secrets.client_secret);
  });
});

test('only what the set calls public is shown: the merchant, and what is no secret by its nature', () => {
  const show = makeHider(ecpay.credentials, [{ ...SECRETS, platform_id: 'PLATFORM99' }]).everywhere;
  expect(show(`${SECRETS.merchant_id} PLATFORM99 ${SECRETS.hash_key} ${SECRETS.hash_iv}`)).toBe(
    `${SECRETS.merchant_id} PLATFORM99 *** ***`,
  );
});
