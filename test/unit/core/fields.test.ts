import { describe, expect, test } from 'bun:test';
import { checkFields, type Field, type FieldType, isPlainObject, isWebUrl } from '../../../src/core/fields.ts';
import { costOf } from '../../support/cost.ts';

const field = (type: FieldType, rest: Partial<Field> = {}): Field => ({ name: 'x', type, description: '', ...rest });

const check = (given: unknown, one: Field, prefix?: string) => checkFields({ x: given }, [one], prefix);

/** The value that came through, or the one text about it. */
function judge(given: unknown, one: Field): unknown {
  const { values, errors } = check(given, one);
  return 'x' in errors ? errors.x?.[0] : values.x;
}

const AMOUNT = field('amount', { required: true, min: 1, max: 1_000_000 });
const NO_INTEGER = 'The x field must be an integer.';

describe('a decimal amount', () => {
  const DECIMAL = field('decimal', { required: true, min: 0.01, max: 1_000_000 });
  const NO_DECIMAL = 'The x field must be an integer or a decimal text like "10.99".';

  test('is an integer or a text of digits with a point, and stays the text that was written', () => {
    expect(judge(980, DECIMAL)).toBe('980');
    expect(judge('980', DECIMAL)).toBe('980');
    expect(judge('10.99', DECIMAL)).toBe('10.99');
    expect(judge('10.90', DECIMAL)).toBe('10.90');
    expect(judge('0.01', DECIMAL)).toBe('0.01');
  });

  for (const wrong of [
    '10.',
    '.5',
    '1.23456',
    '1e3',
    '-1',
    '+1',
    ' 1',
    '1 ',
    '1,5',
    '1.2.3',
    '９.５',
    '9'.repeat(16),
    'NaN',
  ]) {
    test(`is not ${JSON.stringify(wrong)}`, () => expect(judge(wrong, DECIMAL)).toBe(NO_DECIMAL));
  }
  // As a floating number 10.99 is not what was written.
  for (const wrong of [10.99, 2 ** 53, 1e21, Number.NaN, true, [], ['10.99'], { valueOf: 1 }]) {
    test(`is not ${String(wrong)} (${typeof wrong})`, () => expect(judge(wrong, DECIMAL)).toBe(NO_DECIMAL));
  }

  test('has a smallest and a largest value, both allowed', () => {
    expect(judge('1000000', DECIMAL)).toBe('1000000');
    expect(judge('1000000.00', DECIMAL)).toBe('1000000.00');
    expect(judge('1000000.01', DECIMAL)).toBe('The x field must not be greater than 1000000.');
    for (const small of [0, '0', '0.00', '0.009'])
      expect(judge(small, DECIMAL)).toBe('The x field must be at least 0.01.');
    expect(judge(-1, DECIMAL)).toBe(NO_DECIMAL);
  });

  test('is missed when it is needed', () => {
    for (const nothing of [undefined, null, '']) expect(judge(nothing, DECIMAL)).toBe('The x field is required.');
  });
});

describe('an amount', () => {
  test('is an integer or a string of digits', () => {
    expect(judge(980, AMOUNT)).toBe(980);
    expect(judge('980', AMOUNT)).toBe(980);
    expect(judge('007', AMOUNT)).toBe(7);
    expect(judge(980.0, AMOUNT)).toBe(980);
  });

  for (const wrong of [
    '1e3',
    '0x10',
    ' 5',
    '5 ',
    '+5',
    '-5',
    '1.0',
    '1,000',
    '９８０',
    'NaN',
    'Infinity',
    1.5,
    1e21,
    2 ** 53,
  ]) {
    test(`is not ${JSON.stringify(wrong)}`, () => expect(judge(wrong, AMOUNT)).toBe(NO_INTEGER));
  }
  for (const wrong of [true, [], [980], {}, { valueOf: 980 }, Number.NaN, Number.POSITIVE_INFINITY, '9'.repeat(16)]) {
    test(`is not ${String(wrong)} (${typeof wrong})`, () => expect(judge(wrong, AMOUNT)).toBe(NO_INTEGER));
  }

  test('has a smallest and a largest value, both allowed', () => {
    expect(judge(1, AMOUNT)).toBe(1);
    expect(judge(1_000_000, AMOUNT)).toBe(1_000_000);
    for (const small of [0, '0', -1, -0]) expect(judge(small, AMOUNT)).toBe('The x field must be at least 1.');
    expect(judge(1_000_001, AMOUNT)).toBe('The x field must not be greater than 1000000.');
    expect(judge('999999999999999', AMOUNT)).toBe('The x field must not be greater than 1000000.');
  });
});

describe('a list', () => {
  const list = field('list', { oneOf: ['atm', 'cvs', 'barcode'] });
  test('holds some of the names it may hold, each once', () => {
    expect(judge(['cvs', 'atm'], list)).toEqual(['cvs', 'atm']);
  });
  for (const wrong of [[], ['atm', 'atm'], ['atm', 'x'], [null], 'atm', {}, ['atm', 'cvs', 'barcode', 'atm']]) {
    test(`is not ${JSON.stringify(wrong)}`, () => {
      expect(judge(wrong, list)).toBe('The x field must be a list of: atm, cvs, barcode.');
    });
  }
});

describe('a field that is left out', () => {
  for (const [name, body] of [
    ['absent', {}],
    ['null', { x: null }],
    ['undefined', { x: undefined }],
    ['an empty string', { x: '' }],
    ['inherited', Object.create({ x: 980 })],
  ] as const) {
    test(`by being ${name} is an error when required, and nothing otherwise`, () => {
      expect(checkFields(body, [AMOUNT]).errors).toEqual({ x: ['The x field is required.'] });
      expect(checkFields(body, [field('string')])).toEqual({ values: {}, errors: {} });
    });
  }

  test('is not null and not empty where leaving it out decides about money', () => {
    const blank = 'The x field must not be null or empty. Leave it out if that is what you mean.';
    for (const money of [field('amount'), field('decimal'), field('string', { choosesMoney: true })]) {
      for (const given of [null, '']) expect(judge(given, money)).toBe(blank);
      expect(checkFields({}, [money])).toEqual({ values: {}, errors: {} });
      expect(checkFields(Object.create({ x: null }), [money])).toEqual({ values: {}, errors: {} });
    }
    for (const space of [' ', '\t', '\n', '\u3000', '\u200b']) expect(judge(space, field('amount'))).toBe(NO_INTEGER);
  });

  test('is not false, zero or a space', () => {
    expect(judge(false, field('boolean', { required: true }))).toBe(false);
    expect(judge(0, field('integer', { required: true }))).toBe(0);
    expect(judge(' ', field('string', { required: true }))).toBe(' ');
  });
});

describe('texts', () => {
  for (const [given, one, text] of [
    [5, field('string'), 'The x field must be a string.'],
    ['5.5', field('integer'), NO_INTEGER],
    ['true', field('boolean'), 'The x field must be true or false.'],
    [[1], field('object'), 'The x field must be an object.'],
    [[], field('object', { required: true }), 'The x field must be an object.'],
    ['shop', field('url'), 'The x field must be a valid URL (http or https).'],
    ['a@b', field('email'), 'The x field must be a valid email address.'],
    [
      { a: 1 },
      field('metadata'),
      'The x field must be an object of at most 20 string pairs (keys up to 40, values up to 500 characters).',
    ],
    [0, field('integer', { min: 1 }), 'The x field must be at least 1.'],
    [61, field('integer', { max: 60 }), 'The x field must not be greater than 60.'],
    ['abcd', field('string', { max: 3 }), 'The x field must not be greater than 3 characters.'],
    ['c', field('string', { oneOf: ['a', 'b'] }), 'The x field must be one of: a, b.'],
    [3, field('integer', { oneOf: [1, 2] }), 'The x field must be one of: 1, 2.'],
    ['?', field('string', { pattern: /^\w+$/, expected: 'letters' }), 'The x field must be letters.'],
  ] as const) {
    test(`${text} (${JSON.stringify(given)})`, () => expect(judge(given, one)).toBe(text));
  }

  test('every bad field is reported, under the name of its object', () => {
    const fields = [AMOUNT, { ...field('url'), name: 'y' }, { ...field('string'), name: 'z' }];
    const { values, errors } = checkFields({ y: 'no', z: 'yes', other: 1 }, fields, 'ecpay.');
    expect(values).toEqual({ z: 'yes' });
    expect(errors).toEqual({
      'ecpay.x': ['The ecpay.x field is required.'],
      'ecpay.y': ['The ecpay.y field must be a valid URL (http or https).'],
    });
  });
});

describe('text', () => {
  test('is measured in characters, not in code units', () => {
    expect(judge('🍵茶茶', field('string', { max: 3 }))).toBe('🍵茶茶');
    expect(judge('🍵茶茶茶', field('string', { max: 3 }))).toContain('greater than 3 characters');
  });

  test('with half a surrogate pair is made well', () => {
    expect(judge('a\ud83cb', field('string'))).toBe('a\ufffdb');
    expect(judge('\udf75', field('string'))).toBe('\ufffd');
  });
});

describe('names that every object has', () => {
  const body = JSON.parse('{"__proto__": {"x": 1}, "constructor": "c", "toString": "t"}');
  test('are ignored where no field has them', () => {
    expect(checkFields(body, [field('integer')])).toEqual({ values: {}, errors: {} });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
  test('are fields like others where one has them', () => {
    const { values } = checkFields(body, [{ ...field('string'), name: 'constructor' }]);
    expect(Object.entries(values)).toEqual([['constructor', 'c']]);
    const { errors } = checkFields({}, [{ ...field('string', { required: true }), name: 'toString' }]);
    expect(Object.entries(errors)).toEqual([['toString', ['The toString field is required.']]]);
  });
  test('are metadata like any other', () => {
    const metadata = JSON.parse('{"__proto__": "a", "constructor": "b"}');
    const { values } = check(metadata, field('metadata'));
    expect(JSON.stringify(values.x)).toBe('{"__proto__":"a","constructor":"b"}');
  });
});

describe('metadata', () => {
  const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
  for (const good of [{}, pairs(20), { ['k'.repeat(40)]: 'v'.repeat(500) }, { '': '' }]) {
    test(`takes ${JSON.stringify(good).slice(0, 40)}`, () => expect(judge(good, field('metadata'))).toEqual(good));
  }
  for (const bad of [
    pairs(21),
    { ['k'.repeat(41)]: '' },
    { k: 'v'.repeat(501) },
    { k: null },
    { k: {} },
    ['a'],
    'a',
    5,
  ]) {
    test(`refuses ${JSON.stringify(bad).slice(0, 40)}`, () =>
      expect(judge(bad, field('metadata'))).toContain('20 string pairs'));
  }
});

describe('addresses', () => {
  for (const good of [
    'https://shop.example',
    'http://a:8080/x?y=1#z',
    'HTTPS://SHOP.EXAMPLE/',
    'https://例え.jp/道',
    'http://[::1]/',
  ]) {
    test(`${good} is one`, () => expect(isWebUrl(good)).toBe(true));
  }
  for (const bad of [
    '',
    'shop.example',
    '//shop.example',
    'ftp://shop.example',
    'javascript:alert(1)',
    'https://',
    'https://a b',
    'https://a\n.b',
    ' https://a.b',
    'https://a.b/\u0001',
    'https://a.b/\u0085',
    'https://a:99999/',
    `https://a.b/${'x'.repeat(2000)}`,
  ]) {
    test(`${JSON.stringify(bad).slice(0, 40)} is none`, () => expect(isWebUrl(bad)).toBe(false));
  }

  for (const good of ['buyer@example.com', 'a+b@shop.co.uk', '王@例え.jp']) {
    test(`${good} is an e-mail address`, () => expect(judge(good, field('email'))).toBe(good));
  }
  for (const bad of [
    'a',
    '@b.c',
    'a@b',
    'a@b.',
    'a@.b',
    'a@b..c',
    'a b@c.d',
    'a@b.c\n',
    '<a@b.c>',
    `${'a'.repeat(65)}@b.c`,
  ]) {
    test(`${JSON.stringify(bad).slice(0, 30)} is none`, () => expect(judge(bad, field('email'))).toContain('email'));
  }

  test('a long text that is almost an address is refused quickly', async () => {
    const cost = await costOf(() => {
      expect(judge(`a@${'b.'.repeat(50_000)}`, field('email'))).toContain('email');
    });
    expect(cost).toBeLessThan(500);
  });
});

test('PHP’s empty list is an empty object where one may be left out', () => {
  for (const type of ['object', 'metadata'] as const)
    expect(check([], field(type))).toEqual({ values: { x: {} }, errors: {} });
});

test('only what JSON calls an object is one', () => {
  expect([{}, Object.create(null)].every(isPlainObject)).toBe(true);
  expect([null, [], 'a', 5, undefined].some(isPlainObject)).toBe(false);
});
