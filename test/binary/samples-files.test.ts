import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSamples, SAMPLE_SETS } from '../../src/developers/samples/index.ts';
import { LANGUAGES, type Language } from '../../src/developers/types.ts';
import { ROOT } from './support/binary.ts';
import { RUNTIMES, runBlock } from './support/blocks.ts';
import { type Demo, startDemo } from './support/demo.ts';
import { text } from './support/json.ts';
import { run, stopAll } from './support/process.ts';

/** Samples that are files, and the blocks that stand in the guides, run as they are pasted against `paycore demo`. */

setDefaultTimeout(60_000);

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(stopAll);

const there = LANGUAGES.filter((language) => RUNTIMES[language].isThere);
const environment = () => ({
  PAYCORE_API_KEY: text(demo.facts, 'api_key'),
  PAYCORE_NOTIFICATION_SECRET: text(demo.facts, 'notification_secret'),
  PAYMENT_NO: demo.payment('atm').payment_no,
});

function codeOf(name: string, language: Language): string {
  const found = findSamples(name, demo.publicUrl).find((sample) => sample.language === language);
  if (!found) throw new Error(`${name} has no sample in ${language}`);
  return found.code;
}

describe.each(there)('in %s', (language) => {
  test('the first payment is made', async () => {
    const { output, error } = await runBlock(language, { code: codeOf('first-payment', language), env: environment() });
    expect([error, output]).toEqual(['', expect.stringMatching(/PAY\d+[A-Z]+[\s\S]*pending[\s\S]*\/pay\/PAY/)]);
  });

  test('a payment is asked for when in doubt', async () => {
    const block = { code: codeOf('query-when-in-doubt', language), env: environment() };
    const { output, error } = await runBlock(language, block);
    expect([error, output]).toEqual(['', expect.stringContaining('pending')]);
  });
});

test('each file can be downloaded, with the address of this installation in it', async () => {
  for (const name of SAMPLE_SETS) {
    for (const { file = '', code } of findSamples(name, demo.publicUrl)) {
      const answer = await fetch(`${demo.publicUrl}/developers/${file}`);
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${file.split('/').at(-1)}"`);
      expect((await answer.text()).trimEnd()).toBe(code);
    }
  }
});

describe('the guides', () => {
  const folder = join(ROOT, 'web/developers');
  const guides = ['en', 'zh-tw'].flatMap((locale) =>
    readdirSync(join(folder, locale))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${locale}/${name}`),
  );
  const WORDS: Readonly<Record<string, Language>> = {
    sh: 'curl',
    bash: 'curl',
    js: 'node',
    javascript: 'node',
    php: 'php',
    python: 'python',
  };
  const blocksOf = (file: string) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
      ([, word = '', code = '']) => ({ word, code: code.replaceAll('{{url}}', demo.publicUrl) }),
    );

  test.each(guides)('%s: every block works as it is pasted', async (file) => {
    const failed: string[] = [];
    for (const { word, code } of blocksOf(file)) {
      const language = WORDS[word];
      if (language === undefined || !RUNTIMES[language].isThere) continue;
      const { error, output } = await runBlock(language, { code, env: environment() });
      // Plain curl takes a refusal for an answer like any other.
      if (error !== '' || output.includes('"success":false')) failed.push(`${code}\n${error}${output}`);
    }
    expect(failed).toEqual([]);
  });

  test('every command of the console is one of the program, with options that it has', async () => {
    const help = (await run(['help'])).stdout;
    const known = new Set(
      [...help.matchAll(/^paycore (\w+)(?: ([a-z|-]+)\b)?/gm)].flatMap(([, first = '', second = '']) => [
        first,
        ...second.split('|').map((one) => `${first} ${one}`),
      ]),
    );
    const consoles = guides.flatMap((file) => blocksOf(file).filter(({ word }) => word === 'console'));
    const lines = consoles.flatMap(({ code }) =>
      [...code.matchAll(/^\$ .*?\bpaycore (.+)$/gm)].map(([, line = '']) => line),
    );
    const unknown = lines.filter((line) => {
      const [command = ''] = /^[a-z]+(?: [a-z][a-z-]*)?/.exec(line) ?? [];
      const options = line.match(/--[a-z-]+/g) ?? [];
      return !known.has(command) || options.some((option) => !help.includes(option));
    });
    expect(unknown).toEqual([]);
  });
});
