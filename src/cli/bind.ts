import type { Config } from '../config.ts';
import { readCertificate } from './certificate.ts';
import { type CertificateWatch, type WatchParts, watchCertificate } from './certificate-watch.ts';
import { CommandFailure } from './failure.ts';
import { type Listener, listen } from './listen.ts';
import { listenTls } from './tls-listen.ts';

export interface Bound {
  readonly listener: Listener;
  /** Over TLS: takes a renewed certificate from then on. */
  readonly watch?: (parts: Pick<WatchParts, 'log' | 'now'>) => CertificateWatch;
}

export type Fetch = (request: Request) => Promise<Response> | Response;

/** What stands in the configuration, on this port. `variable` names it. Throws CommandFailure with what to do. */
export async function bind(
  { host, tls: files }: Pick<Config, 'host' | 'tls'>,
  port: number,
  fetch: Fetch,
  variable: string,
): Promise<Bound> {
  try {
    if (!files) return { listener: listen({ host, port, fetch }) };
    const serving = readCertificate(files);
    const listener = await listenTls({ host, port, fetch, tls: serving });
    return { listener, watch: (parts) => watchCertificate({ ...parts, files, serving, take: listener.renew }) };
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    if (code === 'EADDRINUSE') {
      throw new PortTaken(
        `port ${port} on ${host} is taken. Stop what uses it, or set ${variable}, e.g. ${variable}=${port + 10}.`,
      );
    }
    throw new CommandFailure(`cannot listen on ${host}, port ${port}: ${message}`);
  }
}

export class PortTaken extends CommandFailure {}
