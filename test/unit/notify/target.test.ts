import { describe, expect, test } from 'bun:test';
import { checkTargetUrl, type Lookup, resolveTarget, type TargetPolicy } from '../../../src/notify/target.ts';

const NOTHING: TargetPolicy = { hosts: [], ranges: [] };
const EVERYTHING: TargetPolicy = {
  hosts: ['metadata.google.internal', 'metadata.lan', '169.254.169.254', 'shop.lan', 'localhost'],
  ranges: ['0.0.0.0/0', '::/0'],
};

function answer(...addresses: string[]): Lookup {
  return async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
}

const never: Lookup = async () => {
  throw new Error('nobody may be asked');
};

describe('checkTargetUrl', () => {
  test.each([
    'https://shop.example/notify?a=1',
    'http://shop.example:8443/',
    'http://8.8.8.8/',
    'https://[2606:4700::1111]/',
  ])('accepts %s', (url) => expect(checkTargetUrl(url, NOTHING)).toBeNull());

  test.each([
    'shop.example/notify',
    '/notify',
    'ftp://shop.example/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'http://me:pw@shop.example/',
    'http://shop.example:0/',
    'http://',
    `https://shop.example/${'a'.repeat(3000)}`,
  ])('calls %s invalid', (url) => expect(checkTargetUrl(url, NOTHING)?.kind).toBe('invalid'));

  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://127.0.0.1./',
    'http://0.0.0.0/',
    'http://0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://169.254.1.1/',
    'http://224.0.0.1/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
    'http://192.0.2.1/',
    'http://198.18.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[fe80::1]/',
    'http://[fc00::1]/',
    'http://[fd12::1]/',
    'http://[ff02::1]/',
    'http://[2001:db8::1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::a00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001::1]/',
    'http://[fec0::1]/',
    'http://localhost/',
    'http://LOCALHOST:3000/',
    'http://localhost./',
    'http://shop.localhost/',
    'http://１２７.０.０.１/',
  ])('forbids %s and names the setting', (url) => {
    const problem = checkTargetUrl(url, NOTHING);
    expect(problem?.kind).toBe('forbidden');
    expect(problem?.message).toContain('PAYCORE_NOTIFY_ALLOW');
  });

  test.each(['http://shop.example:25/', 'http://8.8.8.8:22/', 'https://shop.example:6667/'])(
    'forbids %s, which is no web port',
    (url) => expect(checkTargetUrl(url, NOTHING)?.kind).toBe('forbidden'),
  );

  test('opens what the merchant allows, on any port', () => {
    const policy: TargetPolicy = { hosts: ['localhost', 'fd12::1'], ranges: ['10.0.0.0/8', '127.0.0.1/32'] };
    for (const url of [
      'http://localhost:25/',
      'http://10.9.8.7:22/',
      'http://2130706433/',
      'http://[::ffff:10.0.0.1]/',
    ]) {
      expect(checkTargetUrl(url, policy)).toBeNull();
    }
    expect(checkTargetUrl('http://192.168.0.1/', policy)?.kind).toBe('forbidden');
  });

  test('localhost is open when its address is', () => {
    expect(checkTargetUrl('http://localhost/', { hosts: [], ranges: ['127.0.0.0/8'] })).toBeNull();
    expect(checkTargetUrl('http://localhost/', { hosts: [], ranges: ['10.0.0.0/8'] })?.kind).toBe('forbidden');
  });

  test.each([
    'http://169.254.169.254/latest/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:a9fe:a9fe::]/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://metadata.google.internal/',
    'http://METADATA.google.internal./',
  ])('never opens %s', (url) => {
    expect(checkTargetUrl(url, NOTHING)?.kind).toBe('forbidden');
    expect(checkTargetUrl(url, EVERYTHING)?.message).toContain('never');
  });
});

describe('resolveTarget', () => {
  test('gives every public address of a name', async () => {
    expect(await resolveTarget('https://shop.example/', NOTHING, answer('8.8.8.8', '2606:4700::1'))).toEqual({
      addresses: [
        { address: '8.8.8.8', family: 4 },
        { address: '2606:4700::1', family: 6 },
      ],
    });
  });

  test('asks nobody for a literal address or localhost', async () => {
    expect(await resolveTarget('https://8.8.8.8/', NOTHING, never)).toEqual({
      addresses: [{ address: '8.8.8.8', family: 4 }],
    });
    expect(await resolveTarget('http://localhost/', { hosts: [], ranges: ['::1/128'] }, never)).toEqual({
      addresses: [{ address: '::1', family: 6 }],
    });
    expect(await resolveTarget('http://[::1]/', NOTHING, never)).toMatchObject({ kind: 'forbidden' });
  });

  test('forbids a name of which one address is private', async () => {
    expect(await resolveTarget('https://shop.example/', NOTHING, answer('8.8.8.8', '10.0.0.1'))).toEqual({
      kind: 'forbidden',
      message: expect.stringContaining('shop.example resolves to 10.0.0.1'),
    });
    expect(await resolveTarget('https://shop.example/', NOTHING, answer('::ffff:10.0.0.1'))).toMatchObject({
      kind: 'forbidden',
    });
  });

  test('allows private addresses by name or range', async () => {
    const found = { addresses: [{ address: '10.0.0.1', family: 4 }] };
    const byName = { hosts: ['shop.lan'], ranges: [] };
    expect(await resolveTarget('http://Shop.LAN./', byName, answer('10.0.0.1'))).toEqual(found as never);
    expect(await resolveTarget('http://other.lan/', byName, answer('10.0.0.1'))).toMatchObject({ kind: 'forbidden' });
    expect(await resolveTarget('http://a.lan/', { hosts: [], ranges: ['10.0.0.0/24'] }, answer('10.0.0.1'))).toEqual(
      found as never,
    );
  });

  test('never a metadata address, whatever is allowed', async () => {
    for (const address of ['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254', '100.100.100.200']) {
      expect(await resolveTarget('http://metadata.lan/', EVERYTHING, answer(address))).toMatchObject({
        kind: 'forbidden',
      });
    }
  });

  test('a name that does not resolve may do so later', async () => {
    const gone: Lookup = async () => {
      throw Object.assign(new Error('x'), { code: 'ENOTFOUND' });
    };
    expect(await resolveTarget('http://shop.example/', NOTHING, gone)).toEqual({
      kind: 'unresolved',
      message: 'shop.example could not be resolved (ENOTFOUND).',
    });
    expect(await resolveTarget('http://shop.example/', NOTHING, answer())).toMatchObject({ kind: 'unresolved' });
  });
});
