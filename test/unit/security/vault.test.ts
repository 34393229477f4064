import { describe, expect, test } from 'bun:test';
import { createVault, equalInConstantTime, hashApiKey } from '../../../src/security/vault.ts';
import { seedRandom } from '../../support/clock.ts';
import { testVault } from '../../support/parts.ts';

describe('sealing', () => {
  const vault = testVault();

  for (const text of ['', 'a', 'v77hoKGq4kWxNNIS', '茶壺 🍵 \u0000', 'x'.repeat(100_000)]) {
    test(`what was sealed opens again (${text.length} characters)`, () => {
      expect(vault.open('use', vault.seal('use', text))).toBe(text);
    });
  }

  test('the same text never looks the same twice, and never in clear', () => {
    const [one, two] = [vault.seal('use', 'secret secret'), vault.seal('use', 'secret secret')];
    expect(Buffer.from(one).equals(two)).toBe(false);
    expect(Buffer.from(one).includes('secret')).toBe(false);
  });

  test('a change of any bit of any byte is refused', () => {
    const sealed = vault.seal('use', 'HashKey');
    for (let at = 0; at < sealed.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = Uint8Array.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(() => vault.open('use', changed)).toThrow();
      }
    }
  });

  test('cut short or lengthened at any place, it is refused', () => {
    const sealed = vault.seal('use', 'HashKey');
    for (let length = 0; length < sealed.length; length++) {
      expect(() => vault.open('use', sealed.subarray(0, length))).toThrow();
    }
    expect(() => vault.open('use', Buffer.concat([sealed, Buffer.alloc(1)]))).toThrow();
  });

  test('for one purpose it does not open for another', () => {
    const sealed = vault.seal('credentials ecpay', 'secret');
    for (const purpose of ['credentials smilepay', 'credentials ecpay ', '']) {
      expect(() => vault.open(purpose, sealed)).toThrow();
    }
  });

  test('another master key is told apart by a text that says so', () => {
    expect(() => testVault(8).open('use', vault.seal('use', 'secret'))).toThrow(/another master key/);
  });

  test('a second vault of the same key opens what the first sealed, also from a view into a larger buffer', () => {
    const sealed = vault.seal('use', 'secret');
    const padded = new Uint8Array(sealed.length + 10);
    padded.set(sealed, 5);
    expect(testVault().open('use', padded.subarray(5, 5 + sealed.length))).toBe('secret');
  });

  test('a key of any other length than 32 bytes is refused', () => {
    for (const length of [0, 16, 31, 33]) {
      expect(() => createVault(new Uint8Array(length), seedRandom('paycore'))).toThrow(/32 bytes/);
    }
  });
});

describe('what is derived from the master key', () => {
  const [one, two] = [testVault(1), testVault(2)];

  test('its id is constant and tells keys apart', () => {
    expect(one.keyId).toMatch(/^[0-9a-f]{16}$/);
    expect(testVault(1).keyId).toBe(one.keyId);
    expect(two.keyId).not.toBe(one.keyId);
  });

  test('fingerprints are equal for equal texts under one key and differ otherwise', () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    expect(hex(one.fingerprint('a'))).toBe(hex(testVault(1).fingerprint('a')));
    expect(one.fingerprint('a')).toHaveLength(32);
    expect(hex(one.fingerprint('a'))).not.toBe(hex(one.fingerprint('b')));
    expect(hex(one.fingerprint('a'))).not.toBe(hex(two.fingerprint('a')));
    expect(hex(one.fingerprint('a'))).not.toBe(hex(hashApiKey('a')));
  });
});

describe('page tokens', () => {
  const vault = testVault();
  const token = vault.makePageToken('PAY202606220001ABCDEFGH');

  test('are constant, 22 characters of an address, and different for every payment and key', () => {
    expect(token).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(testVault().makePageToken('PAY202606220001ABCDEFGH')).toBe(token);
    expect(testVault(9).makePageToken('PAY202606220001ABCDEFGH')).not.toBe(token);
    const many = Array.from({ length: 2000 }, (_, index) => vault.makePageToken(`PAY${index}`));
    expect(new Set(many).size).toBe(2000);
    // Neighbours share no more than chance allows at any place.
    const letters = new Set(many.map((one) => one[0]));
    expect(letters.size).toBe(64);
  });

  test('are accepted whole and for their own payment only', () => {
    expect(vault.checkPageToken('PAY202606220001ABCDEFGH', token)).toBe(true);
    expect(vault.checkPageToken('PAY202606220001ABCDEFGI', token)).toBe(false);
    for (const wrong of ['', token.slice(0, 21), `${token}A`, token.toLowerCase(), ` ${token}`, 'A'.repeat(22)]) {
      expect(vault.checkPageToken('PAY202606220001ABCDEFGH', wrong)).toBe(false);
    }
  });
});

describe('tokens of callback addresses', () => {
  const vault = testVault();
  const token = vault.makeCallbackToken('smilepay', 'PC260622ABCDEFGHIJKL');

  test('name their attempt and are read back, for every kind of number', () => {
    expect(token).toMatch(/^PC260622ABCDEFGHIJKL-[A-Za-z0-9_-]{22}$/);
    for (const orderNo of ['PC260622ABCDEFGHIJKL', 'A1', 'a-b-c', '茶', '-'.repeat(30), 'x'.repeat(100)]) {
      expect(vault.readCallbackToken('plus', vault.makeCallbackToken('plus', orderNo))).toBe(orderNo);
    }
  });

  test('are constant, and others for every attempt, gateway and key', () => {
    expect(testVault().makeCallbackToken('smilepay', 'PC260622ABCDEFGHIJKL')).toBe(token);
    const proofs = [
      token,
      vault.makeCallbackToken('plus', 'PC260622ABCDEFGHIJKL'),
      vault.makeCallbackToken('smilepay', 'PC260622ABCDEFGHIJKM'),
      testVault(9).makeCallbackToken('smilepay', 'PC260622ABCDEFGHIJKL'),
      // The two parts cannot be shifted against each other.
      vault.makeCallbackToken('smilepay PC260622', 'ABCDEFGHIJKL'),
    ].map((one) => one.slice(-22));
    expect(new Set(proofs).size).toBe(proofs.length);
    expect(vault.makePageToken('PC260622ABCDEFGHIJKL')).not.toBe(token.slice(-22));
  });

  test('prove nothing when one character is another, missing or too many', () => {
    for (let at = 0; at < token.length; at++) {
      for (const bit of [1, 0x20]) {
        const flipped = String.fromCharCode(token.charCodeAt(at) ^ bit);
        expect(vault.readCallbackToken('smilepay', token.slice(0, at) + flipped + token.slice(at + 1))).toBeNull();
      }
      expect(vault.readCallbackToken('smilepay', token.slice(0, at))).toBeNull();
      expect(vault.readCallbackToken('smilepay', token.slice(at + 1))).toBeNull();
    }
    for (const wrong of [`${token}A`, ` ${token}`, `${token}=`, token.toLowerCase(), 'x'.repeat(100_000)]) {
      expect(vault.readCallbackToken('smilepay', wrong)).toBeNull();
    }
    expect(vault.readCallbackToken('plus', token)).toBeNull();
    expect(testVault(9).readCallbackToken('smilepay', token)).toBeNull();
  });

  test('without a number name nothing, although they are made', () => {
    expect(vault.readCallbackToken('plus', vault.makeCallbackToken('plus', ''))).toBeNull();
  });
});

test('texts are compared whole', () => {
  expect(equalInConstantTime('abc', 'abc')).toBe(true);
  expect(equalInConstantTime('', '')).toBe(true);
  for (const [a, b] of [
    ['abc', 'abd'],
    ['abc', 'ab'],
    ['abc', 'abcd'],
    ['', 'a'],
    ['é', 'e\u0301'],
  ] as const) {
    expect(equalInConstantTime(a, b)).toBe(false);
  }
});

test('an API key is stored as the SHA-256 of its text', () => {
  expect(Buffer.from(hashApiKey('abc')).toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
