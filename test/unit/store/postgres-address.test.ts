import { describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { parseDatabaseUrl } from '../../../src/config/values.ts';
import { readAddress } from '../../../src/store/engines/postgres-address.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { makeFolder } from '../../support/store.ts';

/** Addresses as managed databases hand them out. */

const at = (query: string, hosts = 'db.example.com') => readAddress(`postgres://shop:p%40ss@${hosts}/paycore${query}`);

describe('an address of a PostgreSQL', () => {
  test('has user, password, host, port and database, and no TLS unless it says so', () => {
    expect(at('', 'db.example.com:6432')).toEqual({
      hosts: [{ name: 'db.example.com', port: 6432 }],
      ...{ user: 'shop', password: 'p@ss', database: 'paycore', tls: null, startup: {} },
    });
    expect(at('', '[::1]:6432').hosts).toEqual([{ name: '::1', port: 6432 }]);
  });

  test('may name several hosts, of which one takes writes', () => {
    const hosts = 'one.example:6432,two.example';
    expect(parseDatabaseUrl(`postgres://shop:p@${hosts}/paycore`)).toContain(hosts);
    expect(at('?target_session_attrs=read-write', hosts).hosts).toEqual([
      { name: 'one.example', port: 6432 },
      { name: 'two.example', port: 5432 },
    ]);
  });

  test('may lead to the socket of this machine', () => {
    expect(at('?host=/run/postgresql').hosts).toEqual([
      { name: '/run/postgresql', port: 5432, path: '/run/postgresql/.s.PGSQL.5432' },
    ]);
  });

  test.each([
    ['disable', null],
    ['prefer', { isOptional: true, verify: 'nothing' }],
    ['require', { isOptional: false, verify: 'nothing' }],
    ['verify-ca', { isOptional: false, verify: 'chain' }],
    ['verify-full', { isOptional: false, verify: 'chain and name' }],
  ])('with sslmode=%s is spoken to as libpq does', (word, tls) => {
    expect(at(`?sslmode=${word}`).tls).toEqual(tls && ({ ...tls, isDirect: false } as never));
  });

  test('with roots of its own has them looked at, and the system’s with the name', () => {
    using folder = makeFolder();
    const { cert } = makeCertificate('db.example.com');
    writeFileSync(folder.file('ca.pem'), cert);
    expect(at(`?sslmode=require&sslrootcert=${folder.file('ca.pem')}`).tls).toMatchObject({
      verify: 'chain',
      ca: cert,
    });
    expect(at('?sslmode=require&sslrootcert=system').tls).toMatchObject({ verify: 'chain and name' });
    expect(() => at('?sslmode=verify-full&sslrootcert=/nowhere/ca.pem')).toThrow('sslrootcert=/nowhere/ca.pem');
  });

  test('brings options of the session; what other programs’ pools want is left alone', () => {
    expect(at('?options=project%3Dgreen-sea&channel_binding=prefer&connect_timeout=10&keepalives=1').startup).toEqual({
      options: 'project=green-sea',
    });
  });

  test.each([
    ['?channel_binding=require', 'channel_binding=require'],
    ['?sslmode=sometimes', 'sslmode=sometimes is none of'],
    ['?target_session_attrs=standby', 'takes no writes'],
    ['?pgbouncer=true&schema=shop', 'pgbouncer, schema'],
  ])('that cannot be followed is refused in one sentence, without its password: %s', (query, sentence) => {
    const refused = (() => {
      try {
        return String(at(query).user);
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(refused).toContain(sentence);
    expect(refused).not.toContain('p@ss');
    expect(refused).not.toContain('\n');
  });
});
