import { describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Payment } from '../../../../src/core/payment.ts';
import { buildForm } from '../../../../src/gateways/ecpay/aio.ts';
import { callback } from '../../../../src/gateways/ecpay/callback.ts';
import { parseForm } from '../../../../src/gateways/ecpay/form.ts';
import { checkSignature, encodeDotNet, signFields } from '../../../../src/gateways/ecpay/signature.ts';
import { sameRuns } from '../../../support/clock.ts';
import {
  createInput,
  ecpayContext,
  formCallback,
  parseMessage,
  resultFields,
  SECRETS,
  verifyMessage,
} from '../../../support/ecpay.ts';
import { present } from '../../../support/parts.ts';
import vectors from '../../../vectors/ecpay.json';

interface Vector {
  readonly name: string;
  readonly key: string;
  readonly iv: string;
  readonly input: Readonly<Record<string, string>>;
  readonly expected: string;
  readonly form_body?: string;
  readonly raw_body?: string;
  readonly preimage_encoded?: string;
}

const VECTORS = vectors['cmv-sha256'] as unknown as readonly Vector[];
const secretsOf = ({ key, iv }: Vector) => ({ hash_key: key, hash_iv: iv });

describe('CheckMacValue', () => {
  for (const [at, vector] of VECTORS.entries()) {
    test(`vector ${at}: ${vector.name}`, () => {
      const secrets = secretsOf(vector);
      expect(signFields(vector.input, secrets)).toBe(vector.expected);
      const reversed = Object.fromEntries(Object.entries(vector.input).reverse());
      expect(signFields({ ...reversed, CheckMacValue: 'ignored' }, secrets)).toBe(vector.expected);
      expect(checkSignature({ ...vector.input, CheckMacValue: vector.expected }, secrets)).toBe(true);
    });
    if (vector.preimage_encoded) {
      test(`vector ${at}: its text before hashing`, () => {
        expect(
          createHash('sha256')
            .update(vector.preimage_encoded ?? '')
            .digest('hex')
            .toUpperCase(),
        ).toBe(vector.expected);
      });
    }
    if (vector.form_body) {
      test(`vector ${at}: as it comes over the wire`, () => {
        const fields = present(parseForm(Buffer.from(vector.form_body ?? '')));
        const { CheckMacValue, ...rest } = fields;
        expect(rest).toEqual(vector.input);
        expect(CheckMacValue).toBe(vector.expected);
        expect(checkSignature(fields, secretsOf(vector))).toBe(true);
      });
    }
  }

  test('all vectors were there', () => expect(VECTORS.length).toBe(44));
});

test('the MD5 variant hashes the same text', () => {
  for (const vector of vectors['cmv-md5']) {
    const pairs = Object.entries(vector.input)
      .sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`);
    const text = [`HashKey=${vector.key}`, ...pairs, `HashIV=${vector.iv}`].join('&');
    expect(createHash('md5').update(encodeDotNet(text)).digest('hex').toUpperCase()).toBe(vector.expected);
  }
});

test('text is encoded as .NET does, and half a surrogate pair does not break it', () => {
  for (const vector of vectors.urlencode) expect(encodeDotNet(vector.input)).toBe(vector.expected.cmv);
  expect(encodeDotNet('a\ud83c')).toBe('a%ef%bf%bd');
});

/** The rule as ECPay's document tells it: join, encode, lower-case, hash. */
function signSlowly(fields: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(fields)
    .filter(([name]) => name !== 'CheckMacValue')
    .map(([name, value]) => ({ order: name.toLowerCase(), pair: `${name}=${value}` }))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
    .map(({ pair }) => pair);
  const text = [`HashKey=${SECRETS.hash_key}`, ...pairs, `HashIV=${SECRETS.hash_iv}`].join('&');
  return createHash('sha256').update(encodeDotNet(text)).digest('hex').toUpperCase();
}

describe('whatever the fields are, they are signed as the rule says', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ maxLength: 12, unit: 'binary' }),
    // Halves of pairs, alone and in wrong order.
    fc.array(fc.constantFrom('\ud83c', '\udf75', '🍵', '茶', 'é', '\u0080', '~', "'", ' ', '%', '+', 'A'), {
      maxLength: 9,
    }),
  );
  const name = fc.oneof(
    fc.constantFrom('a', 'A', 'aB', 'Ab', 'CheckMacValue', '__proto__', 'TradeNo', 'TradeAmt'),
    text,
  );
  const asText = (one: string | readonly string[]) => (typeof one === 'string' ? one : one.join(''));

  test('short ones', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, text), { maxLength: 12 }), (entries) => {
        const fields: Record<string, string> = Object.create(null);
        for (const [key, value] of entries) fields[asText(key)] = asText(value);
        expect(signFields(fields, SECRETS)).toBe(signSlowly(fields));
      }),
      sameRuns(3000),
    );
  });

  test('long ones, and short ones after them', () => {
    for (const sign of ['x', ' ', '茶', '🍵', '\ud83c']) {
      for (const length of [1700, 1820, 5500, 70_000]) {
        const fields = { b: sign.repeat(length), A: 'a'.repeat(length) };
        expect(signFields(fields, SECRETS)).toBe(signSlowly(fields));
        expect(signFields(resultFields(), SECRETS)).toBe(signSlowly(resultFields()));
      }
    }
  });
});

describe('a signature', () => {
  const fields = resultFields();
  const CheckMacValue = signFields(fields, SECRETS);

  test('is right in upper and lower case', () => {
    expect(checkSignature({ ...fields, CheckMacValue }, SECRETS)).toBe(true);
    expect(checkSignature({ ...fields, CheckMacValue: CheckMacValue.toLowerCase() }, SECRETS)).toBe(true);
  });

  for (const wrong of [
    '',
    '0',
    'zz',
    `${CheckMacValue}00`,
    ` ${CheckMacValue}`,
    CheckMacValue.slice(2),
    'x'.repeat(64),
  ]) {
    test(`${JSON.stringify(wrong.slice(0, 12))}… is none`, () => {
      expect(checkSignature({ ...fields, CheckMacValue: wrong }, SECRETS)).toBe(false);
    });
  }

  test('that is missing is wrong', () => expect(checkSignature(fields, SECRETS)).toBe(false));

  test('covers every field, every value, and fields that are added or left out', () => {
    for (const name of Object.keys(fields)) {
      expect(checkSignature({ ...fields, [name]: `${fields[name]}x`, CheckMacValue }, SECRETS)).toBe(false);
      const { [name]: _, ...without } = fields;
      expect(checkSignature({ ...without, CheckMacValue }, SECRETS)).toBe(false);
    }
    expect(checkSignature({ ...fields, Extra: '', CheckMacValue }, SECRETS)).toBe(false);
  });

  test('is bound to both secrets', () => {
    expect(checkSignature({ ...fields, CheckMacValue }, { ...SECRETS, hash_key: 'x'.repeat(16) })).toBe(false);
    expect(checkSignature({ ...fields, CheckMacValue }, { ...SECRETS, hash_iv: 'x'.repeat(16) })).toBe(false);
  });

  test('covers a field that is named like what every object has', () => {
    const odd = Object.assign(Object.create(null), { ...fields, CheckMacValue }) as Record<string, string>;
    Object.defineProperty(odd, '__proto__', { value: 'x', enumerable: true });
    expect(checkSignature(odd, SECRETS)).toBe(false);
  });
});

describe('a genuine result', () => {
  const fields = resultFields({ SimulatePaid: '1' });
  const CheckMacValue = signFields(fields, SECRETS);
  const names = Object.keys(fields).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));

  function prove(changed: Record<string, string>): unknown {
    const located = callback.locate(formCallback({ ...changed, CheckMacValue }));
    if (located.type !== 'clear') return 'refused';
    return verifyMessage(located.message).ok ? parseMessage(located.message) : 'refused';
  }

  test('proves itself as it came', () => expect(prove(fields)).toMatchObject([{ type: 'paid', simulated: true }]));

  test('cannot hide one of its fields in the one before, although the signature would fit', () => {
    for (const [at, name] of names.entries()) {
      const before = names[at - 1];
      if (before === undefined) continue;
      const { [name]: hidden, ...rest } = fields;
      const changed = { ...rest, [before]: `${fields[before]}&${name}=${hidden}` };
      expect(signFields(changed, SECRETS)).toBe(CheckMacValue);
      expect(prove(changed)).toBe('refused');
    }
  });

  test('cannot have the mark of a simulation written in other letters, although the signature would fit', () => {
    const { SimulatePaid: _, ...rest } = fields;
    for (const name of ['simulatepaid', 'SIMULATEPAID', 'SimulatePAID']) {
      const changed = { ...rest, [name]: '1' };
      expect(signFields(changed, SECRETS)).toBe(CheckMacValue);
      expect(prove(changed)).toBe('refused');
    }
  });
});

describe('a result, signed with the right keys,', () => {
  const prove = (fields: Record<string, string>) => {
    const located = callback.locate(formCallback({ ...fields, CheckMacValue: signFields(fields, SECRETS) }));
    return located.type === 'clear' && verifyMessage(located.message).ok;
  };
  const DECISIVE =
    'MerchantID MerchantTradeNo RtnCode RtnMsg TradeNo TradeAmt PaymentDate PaymentType SimulatePaid ExpireDate BankCode vAccount PaymentNo Barcode1 Barcode2 Barcode3 CustomField1 CheckMacValue';

  for (const name of DECISIVE.split(' ')) {
    test(`has ${name} only as ECPay spells it`, () => {
      for (const other of [name.toLowerCase(), name.toUpperCase(), `${name.charAt(0)}${name.slice(1).toUpperCase()}`])
        if (other !== name) expect(prove({ ...resultFields(), [other]: '1' })).toBe(false);
    });
  }

  for (const name of ['EncryptType', 'ReturnURL', 'ChoosePayment', 'TotalAmount', 'MerchantTradeDate']) {
    test(`has no ${name}, however it is spelled`, () => {
      for (const other of [name, name.toLowerCase(), name.toUpperCase()])
        expect(prove({ ...resultFields(), [other]: '1' })).toBe(false);
    });
  }

  test('may have fields that decide nothing, in any letters', () => {
    expect(prove({ ...resultFields(), Remark: '1', remark: '2', STOREID: '3' })).toBe(true);
  });
});

describe('a form that we signed', () => {
  /**
   * Cuts the signed text of a form anew: `Remark` spells a result and the rest disappears in one value. Such a remark is
   * not sent any more; it may have been once.
   */
  function recut(remark: string): Record<string, string> {
    const step = buildForm(createInput('aio/credit'), ecpayContext());
    const { CheckMacValue: _, ...sent } = step.type === 'form' ? step.fields : {};
    const { ReturnURL, TotalAmount, TradeDesc, ...fields } = sent;
    const rest = `&ReturnURL=${ReturnURL}&TotalAmount=${TotalAmount}&TradeDesc=${TradeDesc}`;
    const CheckMacValue = signFields({ ...sent, Remark: remark }, SECRETS);
    return { ...fields, Remark: 'x', RtnCode: '1', TradeAmt: '980', TradeDate: rest, CheckMacValue };
  }

  test('cannot be cut up into a result that ECPay never sent, although the signature would fit', () => {
    const forged = recut('x&RtnCode=1&TradeAmt=980&TradeDate=');
    const { CheckMacValue, ...fields } = forged;
    expect(signFields(fields, SECRETS)).toBe(CheckMacValue ?? '');
    const located = callback.locate(formCallback(forged));
    expect(located.type).toBe('clear');
    if (located.type !== 'clear') return;
    const payment = { paymentNo: fields.CustomField1 } as Payment;
    expect(verifyMessage(located.message, SECRETS, payment)).toMatchObject({ ok: false, proved: false });
  });

  test('cannot be replayed as a result either', () => {
    const step = buildForm(createInput('aio/credit'), ecpayContext());
    const located = callback.locate(formCallback(step.type === 'form' ? step.fields : {}));
    if (located.type !== 'clear') throw new Error('expected a readable form');
    expect(parseMessage(located.message).map((fact) => fact.type)).toEqual(['declined']);
  });
});
