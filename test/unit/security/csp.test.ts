import { describe, expect, test } from 'bun:test';
import { type PageNeeds, pageHeaders } from '../../../src/security/csp.ts';

/** Directives of the policy by name. */
function policyOf(needs?: PageNeeds): Record<string, string> {
  const parts = (pageHeaders(needs)['content-security-policy'] ?? '').split('; ');
  return Object.fromEntries(parts.map((part) => part.split(/ (.*)/s).slice(0, 2)));
}

const BARE = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'form-action': "'self'",
};

const JS = 'https://js.stripe.com';
const API = 'https://api.stripe.com';
const HOOKS = 'https://hooks.stripe.com';

describe('the policy of a page', () => {
  test('lets in nothing but our own files unless the page needs more', () => expect(policyOf()).toEqual(BARE));

  test('lets in a gateway’s origins, each for what the driver named it for', () => {
    expect(policyOf({ vendor: { script: [JS], frame: [JS, HOOKS], connect: [API] } })).toEqual({
      ...BARE,
      'script-src': `'self' ${JS}`,
      'connect-src': `'self' ${API}`,
      'frame-src': `${JS} ${HOOKS}`,
    });
  });

  test('lets in pictures, letters and styles of a gateway only where it has any', () => {
    const vendor = { script: [], frame: [], connect: [], img: [JS], font: [API], style: [HOOKS] };
    expect(policyOf({ vendor })).toEqual({
      ...BARE,
      'img-src': `'self' data: ${JS}`,
      'font-src': `'self' ${API}`,
      'style-src': `'self' ${HOOKS}`,
    });
    expect(policyOf({ vendor: { script: [], frame: [], connect: [] } })).toEqual(BARE);
  });

  test('lets in the shop’s pictures from where they are, as pictures only', () => {
    const pictures = ['https://shop.example'];
    expect(policyOf({ pictures })).toEqual({ ...BARE, 'img-src': "'self' data: https://shop.example" });
    const vendor = { script: [], frame: [], connect: [], img: [JS] };
    expect(policyOf({ pictures, vendor })['img-src']).toBe(`'self' data: https://shop.example ${JS}`);
    expect(policyOf({ pictures: [] })).toEqual(BARE);
  });

  test('takes styles that a script sets only from a gateway that needs it, and never scripts of that kind', () => {
    const vendor = { script: [JS], frame: [], connect: [], inlineStyle: true } as const;
    expect(policyOf({ vendor })).toEqual({
      ...BARE,
      'script-src': `'self' ${JS}`,
      'style-src': "'self' 'unsafe-inline'",
    });
  });

  test('lets a page that leads to a gateway post to every https address and the operator’s own, once each', () => {
    const own = 'http://127.0.0.1:9090';
    expect(policyOf({ postsToGateway: [] })).toEqual({ ...BARE, 'form-action': "'self' https:" });
    expect(policyOf({ postsToGateway: [own, own] })['form-action']).toBe(`'self' https: ${own}`);
  });
});

test('a page is not kept, framed, indexed, guessed at, or told about to others', () => {
  expect(pageHeaders()).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex',
  });
});
