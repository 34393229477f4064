import { expect, setDefaultTimeout, test } from 'bun:test';
import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { LANGUAGES, type Language } from '../../src/developers/types.ts';
import { makeFolder, ROOT } from './support/binary.ts';
import { execute, RUNTIMES, runBlock } from './support/blocks.ts';

/** The samples that verify a notification, in four languages, against what the Standard Webhooks library signs. */

setDefaultTimeout(60_000);

const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const FORMER = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const BODY = '{"event":"payment.paid","item":"手沖 \\"$x\\" \\\\ 100%","amount":980}\n';

type Headers = Readonly<Record<string, string>>;
interface Case {
  readonly isRight: boolean;
  readonly headers: Headers;
  readonly body?: string;
  readonly secret?: string;
}

function listCases(): Readonly<Record<string, Case>> {
  const now = new Date();
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  const sign = (secret: string, time = now) => new Webhook(secret).sign('msg_1', time, BODY);
  const headersOf = (signature: string, time = now, id = 'msg_1'): Headers => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(time.getTime() / 1000)),
    'webhook-signature': signature,
  });
  const right = headersOf(sign(SECRET));
  const signed = `msg_1.${right['webhook-timestamp']}.${BODY}`;
  const withEmptyKey = `v1,${createHmac('sha256', '').update(signed).digest('base64')}`;
  const short = Buffer.alloc(15, 3);
  const withShortKey = `v1,${createHmac('sha256', short).update(signed).digest('base64')}`;
  // Nobody's secret, in an environment that was filled in halfway.
  const none = ['', 'whsec_', 'whsec_…', 'whsec_====', 'whsec_$SECRET'].flatMap((secret) =>
    ['v1,', withEmptyKey].map((signature): [string, Case] => [
      `“${signature.slice(0, 6)}” by a shop whose secret is “${secret}”`,
      { isRight: false, headers: headersOf(signature), secret },
    ]),
  );
  return {
    right: { isRight: true, headers: right },
    'two signatures': { isRight: true, headers: headersOf(`${sign(FORMER)} ${sign(SECRET)}`) },
    'two, the other way round': { isRight: true, headers: headersOf(`${sign(SECRET)} ${sign(FORMER)}`) },
    'one of another version too': { isRight: true, headers: headersOf(`v1a,AAAA ${sign(SECRET)}`) },
    'two minutes old': { isRight: true, headers: headersOf(sign(SECRET, later(-120)), later(-120)) },
    'six minutes old': { isRight: false, headers: headersOf(sign(SECRET, later(-360)), later(-360)) },
    'of the future': { isRight: false, headers: headersOf(sign(SECRET, later(1800)), later(1800)) },
    'signed by somebody else': { isRight: false, headers: headersOf(sign(FORMER)) },
    'with another time': { isRight: false, headers: headersOf(sign(SECRET), later(-10)) },
    'with a time that is none': { isRight: false, headers: { ...right, 'webhook-timestamp': '1e9' } },
    'with another id': { isRight: false, headers: headersOf(sign(SECRET), now, 'msg_2') },
    'with another amount': { isRight: false, headers: right, body: BODY.replace('980', '98') },
    'without its last line break': { isRight: false, headers: right, body: BODY.trimEnd() },
    'without its version': { isRight: false, headers: headersOf(sign(SECRET).slice('v1,'.length)) },
    'without a signature': { isRight: false, headers: headersOf('') },
    'cut short': { isRight: false, headers: headersOf(sign(SECRET).slice(0, 20)) },
    ...Object.fromEntries(none),
    'with a key that can be guessed': {
      isRight: false,
      headers: headersOf(withShortKey),
      secret: `whsec_${short.toString('base64')}`,
    },
  };
}

/** What calls each sample: reads the cases on standard input and answers a line for each, `1` when it is taken. */
const CALLERS: Readonly<Record<Exclude<Language, 'curl'>, string>> = {
  node: `import { readFileSync } from 'node:fs';
import { verifyNotification } from './sample.mjs';
for (const { headers, body, secret } of JSON.parse(readFileSync(0, 'utf8'))) {
  try { console.log(Number(verifyNotification(Buffer.from(body), headers, secret).amount === 980)); }
  catch { console.log(0); }
}`,
  php: `<?php require __DIR__.'/sample.php';
foreach (json_decode(stream_get_contents(STDIN), true) as $one) {
  try { echo (int) (verify_notification($one['body'], $one['headers'], $one['secret'])['amount'] === 980), "\\n"; }
  catch (RuntimeException) { echo "0\\n"; }
}`,
  python: `import json, sys
from sample import verify_notification
for one in json.load(sys.stdin):
    try:
        print(int(verify_notification(one["body"].encode(), one["headers"], one["secret"])["amount"] == 980))
    except ValueError:
        print(0)`,
};

const FILES: Readonly<Record<Language, string>> = {
  curl: 'verify-notification.sh',
  node: 'verify-notification.mjs',
  php: 'verify-notification.php',
  python: 'verify_notification.py',
};

type Whole = Required<Case>;

const readSample = (language: Language): string =>
  readFileSync(join(ROOT, 'docs/examples/verify-notification', FILES[language]), 'utf8');

/** The shell has one process for each. */
async function judgeInShell(cases: readonly Whole[]): Promise<readonly boolean[]> {
  const code = readSample('curl');
  const name = (header: string): string => header.toUpperCase().replace('-', '_');
  const ran = cases.map(({ headers, body, secret }) => {
    const told = Object.fromEntries(Object.entries(headers).map(([header, value]) => [name(header), value]));
    return runBlock('curl', { code, env: { ...told, PAYCORE_NOTIFICATION_SECRET: secret } }, body);
  });
  return (await Promise.all(ran)).map(({ error }) => error === '');
}

async function judge(language: Exclude<Language, 'curl'>, cases: readonly Whole[]): Promise<readonly boolean[]> {
  const folder = makeFolder('verify');
  const { end, command } = RUNTIMES[language];
  writeFileSync(join(folder, `sample.${end}`), readSample(language));
  writeFileSync(join(folder, `caller.${end}`), CALLERS[language]);
  const { stdout, stderr } = await execute([...command, join(folder, `caller.${end}`)], {}, JSON.stringify(cases));
  expect(stderr).toBe('');
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line) => line === '1');
}

test.each(LANGUAGES.filter((language) => RUNTIMES[language].isThere))(
  'in %s, what PayCore signed is taken, and nothing else',
  async (language) => {
    const cases = listCases();
    const whole = Object.values(cases).map((one) => ({ body: BODY, secret: SECRET, ...one }));
    const given = await (language === 'curl' ? judgeInShell(whole) : judge(language, whole));
    const told = Object.keys(cases).map((name, index) => [name, given[index]]);
    expect(told).toEqual(Object.entries(cases).map(([name, { isRight }]) => [name, isRight]));
  },
);
