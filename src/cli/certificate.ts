import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';

export type CertificateFiles = NonNullable<Config['tls']>;

/** A certificate with its chain, and its key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly validFrom: number;
  readonly validTo: number;
}

/** Throws with one sentence when the files are not a whole certificate and its key. */
export function readCertificate({ certFile, keyFile }: CertificateFiles): Certificate {
  const [cert, key] = [readFile(certFile), readFile(keyFile)];
  const own = parseChain(cert, certFile);
  const privateKey = attempt(() => createPrivateKey(key));
  if (!privateKey) throw new Error(`${keyFile} holds no private key in PEM that opens without a password`);
  if (!own.checkPrivateKey(privateKey)) throw new Error(`${keyFile} is not the key of the certificate in ${certFile}`);
  return { cert, key, validFrom: Date.parse(own.validFrom), validTo: Date.parse(own.validTo) };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`${path} cannot be read: ${(cause as Error).message}`);
  }
}

const BEGIN = '-----BEGIN CERTIFICATE-----';

/** The first is our own; a file that is just being written may end in the middle of a later one. */
function parseChain(text: string, path: string): X509Certificate {
  const [, ...parts] = text.split(BEGIN);
  const chain = parts.map((part) => attempt(() => new X509Certificate(BEGIN + part)));
  const [own] = chain;
  if (!own || chain.includes(null)) throw new Error(`${path} holds no whole certificate in PEM`);
  return own;
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
