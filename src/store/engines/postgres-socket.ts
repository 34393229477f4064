import { isIP, Socket } from 'node:net';
import { connect as beginTls, type TLSSocket } from 'node:tls';
import type { Address, Host, Tls } from './postgres-address.ts';
import { Unreachable } from './postgres-errors.ts';

const KEEP_ALIVE_MS = 30_000;
/** The eight bytes that ask a server whether it speaks TLS. */
const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const YES = 83;

/** A socket on which a session can be begun, TLS and all. Rejects, with nothing left open, within `limitMs`. */
export function openSocket({ tls }: Pick<Address, 'tls'>, host: Host, limitMs: number): Promise<Socket> {
  const plain = new Socket();
  // What a socket says after its end is nobody's error.
  plain.on('error', () => {});
  return within(limitMs, plain, async () => {
    await established(plain, host);
    plain.setNoDelay(true);
    plain.setKeepAlive(true, KEEP_ALIVE_MS);
    if (!tls) return plain;
    if (!tls.isDirect && !(await speaksTls(plain))) {
      if (tls.isOptional) return plain;
      throw new Unreachable('the server there speaks no TLS, and sslmode asks for it');
    }
    const secured = await secure(plain, host, tls);
    secured.on('error', () => {});
    return secured;
  });
}

async function within<T>(limitMs: number, socket: Socket, work: () => Promise<T>): Promise<T> {
  let timer: Timer | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Unreachable(`no PostgreSQL answered there within ${Math.round(limitMs / 1000)} s`);
    timer = setTimeout(reject, limitMs, error);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves with the first of these events; rejects when the socket fails or closes before. */
function once<T>(socket: Socket, event: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.off(event, done).off('error', failed).off('close', closed);
      act();
    };
    const done = (value: T) => settle(() => resolve(value));
    const failed = (cause: Error) => settle(() => reject(cause));
    const closed = () => settle(() => reject(new Unreachable('the server there took the connection and hung up')));
    socket.on(event, done).on('error', failed).on('close', closed);
  });
}

async function established(socket: Socket, { name, port, path }: Host): Promise<void> {
  const ready = once(socket, 'connect');
  if (path) socket.connect(path);
  else socket.connect(port, name);
  await ready;
}

async function speaksTls(socket: Socket): Promise<boolean> {
  const answer = once<Buffer>(socket, 'data');
  socket.write(TLS_REQUEST);
  const [first] = await answer;
  return first === YES;
}

async function secure(socket: Socket, { name }: Host, tls: Tls): Promise<TLSSocket> {
  const { verify, isDirect, ca, cert, key } = tls;
  const secured = beginTls({
    socket,
    rejectUnauthorized: verify !== 'nothing',
    ...(isIP(name) ? {} : { servername: name }),
    ...(verify === 'chain and name' ? {} : { checkServerIdentity: () => undefined }),
    ...(isDirect ? { ALPNProtocols: ['postgresql'] } : {}),
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
  });
  await once(secured, 'secureConnect');
  return secured;
}
