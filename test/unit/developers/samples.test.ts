import { describe, expect, test } from 'bun:test';
import { findSamples, SAMPLE_SETS, writeSamples } from '../../../src/developers/samples/index.ts';
import type { Answer, Endpoint, FieldRow, Language } from '../../../src/developers/types.ts';
import { listEndpoints, readTestSite } from '../../support/site.ts';

/** Requests as they are pasted: what stands where, and quoted as each language wants it. */

const URL = 'https://pay.shop.example';

const row = (name: string, more: Partial<FieldRow> = {}): FieldRow => ({
  name,
  place: 'body',
  required: false,
  type: 'string',
  limits: '',
  choices: [],
  default: '',
  text: '',
  example: '',
  ...more,
});
/** What a sample looks at. */
const answer = (status: string): Answer =>
  ({ status, text: '', type: 'application/json', fields: [row('data', { place: 'answer' })] }) as unknown as Answer;

const ENDPOINT: Endpoint = {
  id: 'one',
  kind: 'merchant',
  verb: 'GET',
  path: '/api/things',
  title: '',
  text: [],
  notes: [],
  highlights: [],
  access: 'key',
  fields: [],
  credentials: [],
  bodies: [],
  answers: [answer('200')],
  errors: [],
  refusals: [],
};

function write(language: Language, more: Partial<Endpoint>, url = URL): string {
  const found = writeSamples({ ...ENDPOINT, ...more }, url).find((sample) => sample.language === language);
  return found?.code ?? '';
}

const all = (more: Partial<Endpoint>): readonly string[] =>
  writeSamples({ ...ENDPOINT, ...more }, URL).map(({ code }) => code);

const posting = (value: unknown): Partial<Endpoint> => ({
  verb: 'POST',
  bodies: [{ name: 'direct', title: '', type: 'application/json', value }],
});

/** Everything that any of the languages reads as more than itself. */
const HOSTILE = `It's "手沖" \\ $HOME \${x} {y} \`z\` <?php %s\n\u2028`;

describe('a text', () => {
  test('stands in JSON between single quotes of a shell', () => {
    const json = JSON.stringify(HOSTILE).replaceAll("'", "'\\''");
    expect(write('curl', posting({ a: HOSTILE }))).toContain(`-d '{\n  "a": ${json}\n}'`);
  });

  test('is read by a shell as it was', () => {
    const code = write('curl', posting({ [HOSTILE]: HOSTILE })).replace(/^curl/, "printf '%s\\0'");
    const args = Bun.spawnSync(['sh', '-c', code]).stdout.toString().split('\0');
    expect(JSON.parse(args.at(-2) ?? '')).toEqual({ [HOSTILE]: HOSTILE });
  });

  test('is read by a script as it was', () => {
    const code = write('node', posting({ [HOSTILE]: HOSTILE }));
    const [, literal = ''] = /JSON\.stringify\(([\s\S]+?)\),\n {2}signal/.exec(code) ?? [];
    expect(new Function(`return ${literal}`)()).toEqual({ [HOSTILE]: HOSTILE });
  });

  test('stands between single quotes in PHP, where only they and the backslash are more than themselves', () => {
    const text = `'It\\'s "手沖" \\\\ $HOME \${x} {y} \`z\` <?php %s\n\u2028'`;
    expect(write('php', posting({ a: HOSTILE }))).toContain(`'a' => ${text},`);
  });

  test('stands in Python as in JSON', () => {
    expect(write('python', posting({ a: HOSTILE }))).toContain(`"a": ${JSON.stringify(HOSTILE)},`);
  });

  test('of an address is nothing else', () => {
    const [curl, node, php, python] = all({ path: '/a\'b"c$d`e\\f/{paymentNo}x' });
    expect(curl).toContain(`"${URL}/a'b\\"c\\$d\\\`e\\\\f/\${PAYMENT_NO}x"`);
    expect(node).toContain(`\`${URL}/a'b"c$d\\\`e\\\\f/\${process.env.PAYMENT_NO}x\``);
    expect(php).toContain(`'${URL}/a\\'b"c$d\`e\\\\f/'.env('PAYMENT_NO').'x'`);
    expect(python).toContain(`f"${URL}/a'b\\"c$d\`e\\\\f/{os.environ['PAYMENT_NO']}x"`);
  });
});

test('values are written as the language writes them', () => {
  const value = { yes: true, no: false, none: null, list: [1, 2.5], empty: {}, nothing: [], inner: { deep: ['x'] } };
  const [curl, node, php, python] = all(posting(value));
  expect(curl).toContain('"yes": true,\n  "no": false,\n  "none": null,\n  "list": [1, 2.5],\n  "empty": {}');
  expect(node).toContain('yes: true,\n    no: false,\n    none: null,\n    list: [1, 2.5],\n    empty: {}');
  expect(node).toContain("nothing: [],\n    inner: { deep: ['x'] },\n  }");
  expect(php).toContain("'none' => null,\n    'list' => [1, 2.5],\n    'empty' => (object) [],\n    'nothing' => []");
  expect(python).toContain('"yes": True,\n        "no": False,\n        "none": None,\n        "list": [1, 2.5],');
});

test('an object that is too long for a line has a line for each member', () => {
  const inner = { first: 'x'.repeat(30), second: 'y'.repeat(30) };
  expect(write('php', posting({ inner }))).toContain(
    `'inner' => [\n        'first' => '${inner.first}',\n        'second'`,
  );
});

test('an empty body is an object in every language', () => {
  const [curl, node, php, python] = all(posting({}));
  expect(curl).toContain("-d '{}'");
  expect(node).toContain("body: '{}'");
  expect(php).toContain("withBody('{}', 'application/json')->post(");
  expect(python).toContain('data=b"{}"');
});

describe('what is known only at run time stands in the environment', () => {
  test('the key', () => {
    const [curl, node, php, python] = all({});
    expect(curl).toContain('-H "X-API-KEY: $PAYCORE_API_KEY"');
    expect(node).toContain("{ 'X-API-KEY': process.env.PAYCORE_API_KEY }");
    expect(php).toContain("['X-API-KEY' => env('PAYCORE_API_KEY')]");
    expect(python).toContain('{"X-API-KEY": os.environ["PAYCORE_API_KEY"]}');
  });

  test('but not where anybody may ask', () => {
    for (const code of all({ access: 'open' })) expect(code).not.toContain('API_KEY');
  });

  test('numbers of payments and links, and what the payer’s browser got', () => {
    const bodies = [{ name: 'only', title: '', type: 'application/json', value: { PayToken: '6E1F' } }];
    const codes = all({ verb: 'POST', path: '/a/{paymentNo}/b/{linkNo}', bodies });
    for (const code of codes) {
      for (const name of ['PAYMENT_NO', 'LINK_NO', 'PAY_TOKEN']) expect(code).toContain(name);
      expect(code).not.toContain('6E1F');
    }
  });

  test('a path with a part that has no variable has no samples', () => {
    expect(() => all({ path: '/a/{somethingNew}' })).toThrow('{somethingNew}');
  });
});

test('a list is asked for one thing, and for how much', () => {
  const query = (name: string, example: string) => row(name, { place: 'query', example });
  const fields = [query('status', 'a b&c'), query('gateway', 'ecpay'), query('limit', '20'), query('cursor', '')];
  for (const code of all({ fields })) expect(code).toContain(`${URL}/api/things?status=a%20b%26c&limit=20`);
});

describe('Idempotency-Key', () => {
  const once = row('Idempotency-Key', { place: 'header' });
  const makes = { ...posting({ amount: 1 }), path: '/payments/{paymentNo}/refunds', answers: [answer('201 / 200')] };

  test('is sent with what would be made twice', () => {
    expect(write('curl', { ...makes, fields: [once] })).toContain('-H "Idempotency-Key: refunds-1-$PAYMENT_NO"');
  });

  test('is not written where the answer is for a program of its own', async () => {
    const { catalogue } = await readTestSite('en');
    const merchant = listEndpoints(catalogue).filter(({ kind }) => kind === 'merchant');
    const none = merchant.filter((endpoint) => writeSamples(endpoint, URL).length === 0);
    expect(none.map(({ id }) => id)).toEqual(['readMetrics']);
  });

  test('is sent by the catalogue’s refunds and links in every language, with a word on when it is a new one', async () => {
    const { catalogue } = await readTestSite('en');
    const merchant = listEndpoints(catalogue).filter(({ kind }) => kind === 'merchant');
    const told = merchant.map((endpoint) => [endpoint.id, writeSamples(endpoint, URL)] as const);
    const sent = told.filter(([, samples]) => samples.some(({ code }) => code.includes('Idempotency-Key')));
    expect(sent.map(([id]) => id).sort()).toEqual(['createLink', 'createRefund']);
    for (const [id, samples] of sent) {
      const noun = id === 'createLink' ? 'link' : 'refund';
      for (const { language, code } of samples) {
        const mark = language === 'node' || language === 'php' ? '//' : '#';
        expect(code.split('\n').filter((line) => line.startsWith(mark))).toEqual([
          `${mark} Idempotency-Key: a new key for each ${noun}; the same one only to send this ${noun} again.`,
        ]);
        expect(code).toMatch(new RegExp(`Idempotency-Key.{1,6}\\W${noun}s-1`));
      }
    }
  });

  test.each([
    ['has an order number', { fields: [once, row('merchant_order_no')] }],
    ['makes nothing', { fields: [once], answers: [answer('200')] }],
    ['does not take it', { fields: [] }],
  ])('is left out where the request %s', (_, more) => {
    for (const code of all({ ...makes, ...more })) expect(code).not.toContain('Idempotency-Key');
  });
});

test('a refusal is told by its code and sentence, and where there are none as it came', () => {
  for (const code of all({}).slice(1)) expect(code).toContain('error_code');
  const bare = { ...answer('200'), fields: [] };
  for (const code of all({ answers: [bare] })) expect(code).not.toContain('error_code');
});

test('there are samples only of what a shop calls', () => {
  for (const kind of ['callback', 'return', 'notification'] as const) expect(all({ kind })).toEqual([]);
});

describe('samples that are files', () => {
  test.each([...SAMPLE_SETS])('%s: name this installation, and where each can be downloaded', (name) => {
    const samples = findSamples(name, URL);
    expect([...new Set(samples.map(({ language }) => language))].length).toBeGreaterThanOrEqual(3);
    for (const { code, file } of samples) {
      expect(file).toStartWith('examples/');
      expect(code).not.toContain('localhost:8080');
      expect(code).not.toMatch(/pc_(test|live)_\w|whsec_\w/);
    }
  });

  test('the shop of Laravel is whole: its controller, routes and tables', () => {
    const files = findSamples('shop', URL).map(({ file }) => file);
    expect(files.filter((file) => file?.includes('laravel'))).toEqual([
      'examples/shop-laravel/app/Http/Controllers/ShopController.php',
      'examples/shop-laravel/routes/web.php',
      'examples/shop-laravel/database/migrations/2026_01_01_000000_create_shop_tables.php',
    ]);
  });

  test('a name that there is not is told with those there are', () => {
    expect(() => findSamples('none', URL)).toThrow('first-payment, verify-notification');
  });
});
