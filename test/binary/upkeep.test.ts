import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { X509Certificate } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { canMakeCertificates, makeCertificate } from '../support/certificate.ts';
import { makeFolder } from './support/binary.ts';
import { at } from './support/json.ts';
import { createKey, serve } from './support/parties.ts';
import { poll, run, stopAll } from './support/process.ts';

/** What a person does beside a server that goes on. */

setDefaultTimeout(60_000);
afterAll(stopAll);

test('doctor and backup work beside the server, which nobody else on the machine can lock out', async () => {
  const dataDir = join(makeFolder('data'), 'paycore-data');
  const env = { PAYCORE_DATA_DIR: dataDir };
  const server = await serve(dataDir);
  await createKey(dataDir);
  expect((statSync(join(dataDir, 'serve.lock')).mode & 0o777).toString(8)).toBe('600');
  const copy = join(makeFolder(), 'copy.db');
  const made = await run(['backup', copy, '--json'], { env });
  expect([made.code, at(JSON.parse(made.stdout), 'broken')]).toEqual([0, []]);
  expect(statSync(copy).size).toBe(Number(at(JSON.parse(made.stdout), 'bytes')));
  const again = await run(['backup', copy], { env });
  expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/^paycore: .*is there already\n$/)]);
  const told = await run(['doctor', '--json'], { env });
  expect([told.code, at(JSON.parse(told.stdout), 'ok')]).toEqual([0, true]);
  expect(await server.process.kill('SIGTERM')).toMatchObject({ code: 0, signal: null });
});

test.skipIf(!canMakeCertificates)('SIGHUP makes a renewed certificate the one that is served', async () => {
  const dataDir = join(makeFolder('data'), 'paycore-data');
  const folder = makeFolder('tls');
  const env = { PAYCORE_TLS_CERT: join(folder, 'cert.pem'), PAYCORE_TLS_KEY: join(folder, 'key.pem') };
  const renew = () => {
    const { cert, key } = makeCertificate('localhost');
    writeFileSync(env.PAYCORE_TLS_CERT, cert);
    writeFileSync(env.PAYCORE_TLS_KEY, key);
    return new X509Certificate(cert).fingerprint256;
  };
  const first = renew();
  const server = await serve(dataDir, env);
  expect(await fingerprintAt(server.port)).toBe(first);
  const second = renew();
  server.process.hangUp();
  // Sooner than it would look by itself.
  const isRenewed = async () => ((await fingerprintAt(server.port)) === second ? true : null);
  expect(await poll('the renewed certificate', isRenewed, 4000)).toBe(true);
  expect(await server.process.kill('SIGTERM')).toMatchObject({ code: 0, signal: null });
});

function fingerprintAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    }).once('error', reject);
  });
}
