import { describe, expect, test } from 'bun:test';
import { readAsset } from '../../../src/assets.ts';
import sheets from '../../../web/sheets.json';
import { findTooNew } from '../../support/old-css.ts';

/** Payers come with the phones they have: Safari 14.0 and Android WebView 80 are the oldest that the pages work on. */

const SCRIPTS = ['checkout.js', 'insite.js', 'stripe.js', 'submit.js', 'link.js', 'developers.js'] as const;

/** What they lack, with the first Safari and Chrome that have it. */
const LACKING: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['AbortSignal.timeout, .any (16, 103)', /AbortSignal\.(any|timeout)\b/],
  ['requestSubmit (16, 76)', /\.requestSubmit\b/],
  ['Array.at, findLast, with, toSorted, toSpliced (15.4, 92)', /\.(at|findLast|findLastIndex|toSorted|toSpliced)\(/],
  ['String.replaceAll (13.1, 85)', /\.replaceAll\(/],
  ['Object.hasOwn, groupBy (15.4, 93)', /Object\.(hasOwn|groupBy)\b/],
  ['Promise.any, withResolvers (14, 85)', /Promise\.(any|withResolvers)\b/],
  ['structuredClone (15.4, 98)', /\bstructuredClone\b/],
  ['crypto.randomUUID (15.4, 92)', /\brandomUUID\b/],
  ['replaceChildren (14, 86)', /\.replaceChildren\b/],
  ['checkVisibility, showPopover (17.4, 105)', /\.(checkVisibility|showPopover|togglePopover)\b/],
  ['BroadcastChannel (15.4)', /\bBroadcastChannel\b/],
  ['requestIdleCallback (never in Safari)', /\brequestIdleCallback\b/],
  ['WeakRef (14.1, 84)', /\bWeakRef\b/],
  ['Intl.ListFormat, Segmenter, DurationFormat', /Intl\.(ListFormat|Segmenter|DurationFormat)\b/],
  ['logical assignment (14, 85)', /\?\?=|\|\|=|&&=/],
  ['numbers with separators', /\b\d+_\d/],
  ['lookbehind (16.4)', /\(\?<[=!]/],
  ['private members, static blocks', /\bthis\.#|\bstatic\s*\{/],
];

/** What may be used where the page goes on without it: every use has to look like one of these. */
const GUARDED: readonly (readonly [what: string, use: RegExp, guarded: RegExp])[] = [
  ['SubmitEvent.submitter (15.4, 81)', /\bsubmitter\b/g, /\bsubmitter\s*=\s*\w|\.submitter\s*\?\?|\bsubmitter\?\./g],
  [
    'navigator.clipboard (13.1, 66; not on plain http)',
    /navigator\.clipboard/g,
    /try\s*\{\s*await navigator\.clipboard/g,
  ],
  ['Intl style unit (14.1, 77)', /style:\s*["']unit["']/g, /try\s*\{\s*return[^;]*style:\s*["']unit["']/g],
  [
    'dialog.showModal (15.4, 37)',
    /\.showModal\b/g,
    /\.showModal\?\.|\bif\s*\([^;{}]*\.showModal\b[^;{}]*\.showModal\b/g,
  ],
  ['the way of a navigation (15, 57)', /getEntriesByType\(/g, /getEntriesByType\("navigation"\);\s*return visit\s*\?/g],
];

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

describe.each(SCRIPTS)('%s', (name) => {
  test('calls nothing that they lack', async () => {
    const script = await readAsset(`assets/${name}`);
    expect(LACKING.filter(([, pattern]) => pattern.test(script)).map(([what]) => what)).toEqual([]);
  });

  test('goes on without what some of them lack', async () => {
    const script = await readAsset(`assets/${name}`);
    // Each place is a guarded one; what is asked for before it is called may be named twice.
    const bare = GUARDED.filter(([, use, guarded]) => count(script, use) > 0 && count(script, guarded) === 0);
    expect(bare.map(([what]) => what)).toEqual([]);
  });

  test('does not wait outside of a function', async () => {
    const script = await readAsset(`assets/${name}`);
    expect(() => new Function(script)).not.toThrow();
  });
});

/** Without them a page is as usable: they only make it prettier. */
const EXTRAS: readonly string[] = [
  // What was not pressed fades.
  'form:has([data-label]) > .choice:not(:has([data-label]))',
  // The frame of a wrong field is red, beside the words that say so.
  '.box:has([aria-invalid])',
  // The band of a test payment touches the top.
  'header:has(.band)',
];

describe('the style sheet', () => {
  test('says nothing that they would drop, but what makes it prettier', async () => {
    const parts = await Promise.all(sheets['checkout.css'].map((part) => Bun.file(`web/${part}`).text()));
    const found = findTooNew(parts.join('\n'), EXTRAS);
    expect(found).toEqual([]);
  });

  test('of the developer centre says nothing that they would drop either', async () => {
    const parts = await Promise.all(sheets['developers.css'].map((part) => Bun.file(`web/${part}`).text()));
    expect(findTooNew(parts.join('\n'))).toEqual([]);
  });

  test.each([
    ['.a { inset: 0 }', 'inset'],
    ['.a { margin-block: 4px }', 'margin-block'],
    ['.a { display: flex; gap: 4px }', 'gap'],
    ['@media print { .a { min-height: 100dvh } }', '100dvh'],
    ['.a:is(b, c) { color: red }', 'drops the rule'],
    ['.a, .b:has(c) { color: red }', 'drops the rule'],
    [':focus-visible { outline: 1px solid }', 'drops the rule'],
    ['.a { .b { color: red } }', 'a rule within a rule'],
    ['@layer x { .a { color: red } }', 'an at-rule'],
    ['@media (width < 400px) { .a { color: red } }', 'an at-rule'],
    ['.a { background: color-mix(in srgb, red, blue) }', 'color-mix'],
  ])('%s is found', (css, what) => {
    expect(findTooNew(css).join()).toContain(what);
  });

  test.each([
    '.a { min-height: 100vh; min-height: 100dvh }',
    '.a { display: grid; gap: 4px }',
    ':focus:not(:focus-visible) { outline: none }',
    '.a { margin-block-start: 4px; text-wrap: balance }',
  ])('%s is not', (css) => {
    expect(findTooNew(css)).toEqual([]);
  });
});
