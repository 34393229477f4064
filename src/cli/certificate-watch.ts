import { formatInstant } from '../core/time.ts';
import type { Log } from '../log.ts';
import { type Certificate, type CertificateFiles, readCertificate } from './certificate.ts';

export interface WatchParts {
  readonly files: CertificateFiles;
  /** What is served when the watch begins. */
  readonly serving: Certificate;
  readonly take: (certificate: Certificate) => void;
  readonly log: Log;
  readonly now: () => number;
}

export interface CertificateWatch {
  /** Looks now; what is wrong is said again. */
  check(): void;
  stop(): void;
}

const EVERY_MS = 5000;

/**
 * Programs that renew certificates replace two files, which lie behind links, one after the other: so both are read again
 * every few seconds, and a pair that does not fit yet is tried again. What cannot be served changes nothing.
 */
export function watchCertificate({ files, serving, take, log, now }: WatchParts): CertificateWatch {
  let served = serving;
  let told = '';

  const look = (): void => {
    try {
      const found = readCertificate(files);
      if (found.cert !== served.cert || found.key !== served.key) {
        requireValid(found, now());
        take(found);
        served = found;
        log.info('a renewed certificate is served', { valid_until: formatInstant(found.validTo) });
      }
      told = '';
    } catch (error) {
      const reason = (error as Error).message;
      if (reason !== told) log.error('the certificate on the disk cannot be served, the one before stays', { reason });
      told = reason;
    }
  };

  const timer = setInterval(look, EVERY_MS);
  return {
    check() {
      told = '';
      look();
    },
    stop: () => clearInterval(timer),
  };
}

function requireValid({ validFrom, validTo }: Certificate, now: number): void {
  if (now > validTo) throw new Error(`it ended at ${formatInstant(validTo)}`);
  if (now < validFrom) throw new Error(`it is valid from ${formatInstant(validFrom)} only`);
}
