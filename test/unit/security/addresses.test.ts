import { expect, test } from 'bun:test';
import { isInRanges, isMetadata, isPublic, readRange } from '../../../src/security/addresses.ts';

test.each([
  ['10.0.0.1', '10.0.0.1/32'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['[fd00::1]', 'fd00::1/128'],
  ['fd00::/8', 'fd00::/8'],
  ['127.1', null],
  ['0x7f000001', null],
  ['10.0.0.0/33', null],
  ['shop.lan', null],
  ['', null],
])('readRange(%p) is %p', (text, range) => expect(readRange(text)).toBe(range));

test('addresses lie in ranges of their own family, mapped ones in those of IPv4', () => {
  expect(isInRanges('10.2.3.4', ['192.168.0.0/16', '10.0.0.0/8'])).toBe(true);
  expect(isInRanges('::ffff:10.2.3.4', ['10.0.0.0/8'])).toBe(true);
  expect(isInRanges('fd00::1', ['0.0.0.0/0'])).toBe(false);
  expect(isInRanges('shop.lan', ['0.0.0.0/0'])).toBe(false);
  expect(isInRanges('10.2.3.4', [])).toBe(false);
});

test('public is what the internet routes, also behind NAT64', () => {
  for (const address of ['8.8.8.8', '::ffff:8.8.8.8', '2606:4700::1', '64:ff9b::808:808'])
    expect(isPublic(address)).toBe(true);
  for (const address of ['10.0.0.1', '::1', 'fe80::1%eth0', '64:ff9b::a00:1', '5f00::1', '4000::1', 'shop.lan']) {
    expect(isPublic(address)).toBe(false);
  }
});

test('metadata services are known in every spelling', () => {
  for (const address of [
    '169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::a9fe:a9fe',
    'fd00:ec2:0::254',
    'fd00:ec2::254%eth0',
  ]) {
    expect(isMetadata(address)).toBe(true);
  }
  expect(isMetadata('169.254.169.253')).toBe(false);
});
