import { expect, test } from 'bun:test';
import { chooseEncoding } from '../../../src/http/encoding.ts';

const choose = (accepted: string | null) => chooseEncoding(accepted, ['br', 'gzip']);

test('what browsers send gets the best form there is', () => {
  expect(choose('gzip, deflate, br, zstd')).toBe('br');
  expect(choose('gzip, deflate')).toBe('gzip');
  expect(choose('GZIP')).toBe('gzip');
  expect(choose('*')).toBe('br');
  expect(chooseEncoding('gzip, br', ['gzip'])).toBe('gzip');
});

test('weights are heeded', () => {
  expect(choose('br;q=0.5, gzip;q=0.8')).toBe('gzip');
  expect(choose('br;q=0, gzip')).toBe('gzip');
  expect(choose('br; q=0, *')).toBe('gzip');
  expect(choose('gzip;q=0.3, identity')).toBe(null);
  expect(choose('identity;q=0.5, gzip;q=0.5')).toBe('gzip');
});

test('who takes none of them, or says nothing, gets it as it is', () => {
  for (const accepted of [null, '', 'identity', 'zstd, deflate', 'gzip;q=0', '*;q=0', 'br;q=x', ';;q=,']) {
    expect([accepted, choose(accepted)]).toEqual([accepted, null]);
  }
  expect(chooseEncoding('gzip, br', [])).toBe(null);
});
