import { describe, expect, test } from 'bun:test';
import type { RawCallback, Secrets } from '../../../../src/gateways/gateway.ts';
import { smilepay } from '../../../../src/gateways/smilepay/index.ts';
import vectors from '../../../vectors/smilepay-wire.json';
import {
  FORM,
  form,
  JSON_TYPE,
  json,
  judge,
  located,
  ORDER_NO,
  PAID_FORM,
  PAID_JSON,
  rawCallback,
  SECRETS,
  TOKEN,
  TRADE_NO,
} from './support.ts';

const PAID = {
  type: 'paid',
  amount: 98_000,
  currency: 'TWD',
  simulated: false,
  tradeNo: TRADE_NO,
  paidAt: '2026-06-23T22:07:36+08:00',
  channel: 'ATM',
} as const;
const { paidAt: _, channel: __, ...PAID_PLAIN } = PAID;
const OK = { ok: true } as const;
const refused = (message: string, proved = true) => ({ ok: false, proved, message }) as const;
const DCVC = 'SmilePay Dcvc mismatch.';
const AMOUNT = 'SmilePay amount mismatch.';
const verdict = (raw: RawCallback, secrets?: Secrets) => judge(raw, secrets).verification as unknown;
const facts = (raw: RawCallback, secrets?: Secrets) => judge(raw, secrets).facts as unknown;

describe('a callback says whose it is', () => {
  const hints = (raw: RawCallback) => {
    const message = located(raw);
    return typeof message === 'string' ? message : message.hints;
  };
  const merchantOrder = { merchantId: '107', orderNo: ORDER_NO };
  const all = { tradeNo: TRADE_NO, token: TOKEN, orderNo: ORDER_NO, merchantOrder };

  test('by trade number, token, order number, and the shop’s number with its merchant', () => {
    expect(hints(form(PAID_FORM))).toEqual(all);
    expect(hints(json(PAID_JSON))).toEqual(all);
    expect(hints(form(PAID_FORM, ''))).toEqual({ tradeNo: TRADE_NO, orderNo: ORDER_NO });
    expect(hints(json(PAID_JSON, ''))).toEqual({ tradeNo: TRADE_NO, orderNo: ORDER_NO, merchantOrder });
    expect(hints(json({ Dcvc: '107', Data_id: ORDER_NO }, ''))).toEqual({ orderNo: ORDER_NO, merchantOrder });
  });

  test('by Od_sob where there is no Data_id', () => {
    expect(hints(form({ Classif: 'B', Od_sob: ORDER_NO }, ''))).toEqual({ orderNo: ORDER_NO });
    expect(hints(form({ Classif: 'B', Od_sob: 'tea', Data_id: ORDER_NO }, ''))).toEqual({ orderNo: ORDER_NO });
  });

  test('or nothing, and is refused', () => {
    for (const raw of [
      form({ Classif: 'B', Amount: '980' }, 'Dcvc=107'),
      rawCallback(''),
      rawCallback('{', '', JSON_TYPE),
    ]) {
      expect(hints(raw)).toBe('SmilePay callback cannot be read.');
    }
  });

  test('in the shape that its names tell, not its content type', () => {
    const kind = (raw: RawCallback) => (located(raw) as { kind?: string }).kind;
    expect([form(PAID_FORM), json(PAID_FORM), form({ Smseid: TRADE_NO })].map(kind)).toEqual(Array(3).fill('roturl'));
    const asForm = form({ ...PAID_JSON, Amount: '980' });
    expect([json(PAID_JSON), asForm, form({ Data_id: 'A' })].map(kind)).toEqual(Array(3).fill('catalogue'));
  });
});

describe('a proved callback', () => {
  for (const { name, parameter, body, paidAt, paymentNo } of vectors.roturl) {
    test(`is taken: ${name}`, () => {
      const text = body.replace(/(Data_id)=\w+/, `$1=${ORDER_NO}`).replaceAll('=1570', '=980');
      const withMid = parameter === '1111' && !body.includes('1570') ? { ...SECRETS, mid: parameter } : SECRETS;
      expect(verdict(rawCallback(text), withMid)).toEqual(OK);
      expect(facts(rawCallback(text))).toMatchObject([{ type: 'paid', amount: 98_000, paidAt }]);
      const message = located(rawCallback(text));
      if (typeof message === 'string') throw new Error(message);
      expect(smilepay.callback.describePayload?.(message)).toMatchObject({ payload_payment_no: paymentNo });
    });
  }

  test('is paid with time, channel and SmilePay’s number', () => {
    expect(judge(form(PAID_FORM))).toEqual({ verification: OK, facts: [PAID] });
  });

  test('is paid in the names of the catalogue, as JSON and as a form', () => {
    for (const raw of [
      json(PAID_JSON),
      json({ ...PAID_JSON, Status: 1, Amount: '980' }),
      form({ ...PAID_JSON, Amount: '980' }),
    ]) {
      expect(judge(raw)).toEqual({ verification: OK, facts: [PAID_PLAIN] });
    }
  });

  test('may come as JSON in SmilePay’s own names', () => {
    expect(judge(json({ ...PAID_FORM, Amount: 980 }))).toEqual({ verification: OK, facts: [PAID] });
  });

  for (const [classif, channel] of Object.entries({ B: 'ATM', C: 'BARCODE', E: 'IBON', F: 'FAMIPORT' })) {
    for (const Response_id of ['0', '1', '']) {
      test(`with Classif ${classif} is paid, Response_id ${JSON.stringify(Response_id)} or not`, () => {
        expect(judge(form({ ...PAID_FORM, Classif: classif, Response_id }))).toEqual({
          verification: OK,
          facts: [{ ...PAID, channel }],
        });
      });
    }
  }

  for (const classif of ['A', 'D', 'I', 'O', 'P', 'T', 'V', 'W', '', 'b', 'BB', 'constructor', '__proto__']) {
    test(`with Classif ${JSON.stringify(classif)} is no payment of ours, whatever it says`, () => {
      const said = facts(form({ ...PAID_FORM, Classif: classif, Response_id: '1' }));
      expect(said).toEqual([
        { type: 'note', code: classif, message: `SmilePay reports Classif ${classif}: no payment.` },
      ]);
    });
  }

  test('of a code that was paid at another chain’s machine makes us ask SmilePay', () => {
    expect(judge(form({ ...PAID_FORM, Classif: 'L' }))).toEqual({ verification: OK, facts: 'ask' });
  });

  test('that nothing was received is noted', () => {
    for (const Amount of ['0', '00']) {
      expect(judge(form({ ...PAID_FORM, Amount }))).toMatchObject({ verification: OK, facts: [{ type: 'note' }] });
    }
    for (const Status of ['0', '-1', '', '01', 'paid', '１', ' 1']) {
      expect(judge(json({ ...PAID_JSON, Status }))).toMatchObject({ verification: OK, facts: [{ type: 'note' }] });
    }
  });

  test('with no time that can be read is paid without one', () => {
    const { paidAt, ...rest } = PAID;
    for (const change of [
      { Process_time: '' },
      { Process_date: '' },
      { Process_time: '25:00:00' },
      { Process_date: 'today' },
    ]) {
      expect(facts(form({ ...PAID_FORM, ...change }))).toEqual([rest]);
    }
  });

  test('is in the money it names', () => {
    for (const [Moneytype, currency] of [
      ['TW', 'TWD'],
      ['', 'TWD'],
      ['CN', 'CNY'],
      ['US', 'XXX'],
      ['constructor', 'XXX'],
      ['__proto__', 'XXX'],
    ] as const) {
      expect(facts(form({ ...PAID_FORM, Moneytype }))).toMatchObject([{ currency }]);
    }
  });

  test('may lack its number, and anything that decides nothing', () => {
    const { Smseid, Od_sob, Payment_no, Purchamt, Moneytype, ...rest } = PAID_FORM;
    const { tradeNo, ...paid } = PAID;
    expect(judge(form(rest))).toEqual({ verification: OK, facts: [paid] });
  });
});

describe('the amount', () => {
  const wrong: readonly Readonly<Record<string, string>>[] = [
    { Amount: '981', Purchamt: '981' },
    { Amount: '979' },
    { Purchamt: '981' },
    { Amount: '' },
    { Amount: '980.0' },
    { Amount: '+980' },
    { Amount: ' 980' },
    { Amount: '980,' },
    { Amount: '98000' },
    { Amount: '-980' },
    { Amount: '9.8e2' },
    { Amount: '９８０' },
  ];
  for (const change of wrong) {
    test(`${JSON.stringify(change)} is refused, proved or not`, () => {
      expect(verdict(form({ ...PAID_FORM, ...change }))).toEqual(refused(AMOUNT));
      expect(verdict(form({ ...PAID_FORM, ...change }, ''))).toEqual(refused(AMOUNT, false));
    });
  }

  test('of the catalogue’s shape has to be there and right', () => {
    const { Amount, ...rest } = PAID_JSON;
    for (const raw of [
      json(rest),
      json({ ...rest, Amount: 981 }),
      json({ ...rest, Amount: 980.5 }),
      json({ ...rest, Amount: [980] }),
    ]) {
      expect(verdict(raw)).toEqual(refused(AMOUNT));
    }
  });

  test('that is wrong is logged with what the callback said', () => {
    const describe = (raw: RawCallback) => {
      const message = located(raw);
      return typeof message === 'string' ? message : smilepay.callback.describePayload?.(message);
    };
    const detail = { payload_data_id: ORDER_NO, payload_smilepay_no: TRADE_NO, received_amount: '981' };
    expect(describe(form({ ...PAID_FORM, Amount: '981' }))).toEqual({
      ...detail,
      payload_payment_no: '8011773423689453',
    });
    expect(describe(json({ ...PAID_JSON, Amount: 981 }))).toEqual({ ...detail, payload_payment_no: '' });
  });
});

describe('the answer', () => {
  const { accept, refuse, retry } = smilepay.callback;
  const type = 'text/plain; charset=UTF-8';
  const accepted = (raw: RawCallback) => {
    const message = located(raw);
    return typeof message === 'string' ? message : accept(message);
  };

  test('is what each shape waits for', () => {
    const tagged = { status: 200, contentType: type, body: '<Roturlstatus>OK</Roturlstatus>' };
    expect(accepted(form(PAID_FORM))).toEqual(tagged);
    expect(accepted(rawCallback(JSON.stringify(PAID_FORM), '', FORM))).toEqual(tagged);
    expect(accepted(json(PAID_JSON))).toEqual({ status: 200, contentType: type, body: 'OK' });
    expect(accept(null)).toEqual({ status: 200, contentType: type, body: 'OK' });
  });

  test('of a refusal is its text, and of a broken database that it shall come again', () => {
    expect(refuse(DCVC)).toEqual({ status: 400, contentType: type, body: DCVC });
    expect(retry).toMatchObject({ status: 503, contentType: type });
  });
});
