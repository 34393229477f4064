import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** Where a PostgreSQL is and how it is spoken to, read from an address as managed databases hand it out. */
export interface Address {
  /** Tried in turn, until one takes writes. */
  readonly hosts: readonly Host[];
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: Tls | null;
  /** What the session is begun with. */
  readonly startup: Readonly<Record<string, string>>;
}

export interface Host {
  readonly name: string;
  readonly port: number;
  /** A Unix socket instead of name and port. */
  readonly path?: string;
}

export interface Tls {
  /** Without TLS, where the server has none. */
  readonly isOptional: boolean;
  /** Speaks TLS at once, without asking first. */
  readonly isDirect: boolean;
  readonly verify: 'nothing' | 'chain' | 'chain and name';
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

const PORT = 5432;

/** Of the address itself, never with its password. */
class AddressError extends Error {
  override readonly name = 'AddressError';
}

const refuse = (message: string): never => {
  throw new AddressError(message);
};

/** Throws with one sentence for people. */
export function readAddress(text: string): Address {
  const { url, hosts } = split(text);
  const given = new Map(url.searchParams);
  const known = new Set<string>();
  const take = (name: string): string | undefined => {
    known.add(name);
    return given.get(name) || undefined;
  };
  const socket = take('host');
  const tls = readTls(take);
  const startup = readStartup(take);
  for (const name of IGNORED) take(name);
  const strange = [...given.keys()].filter((name) => !known.has(name));
  if (strange.length > 0) {
    refuse(`the parameter ${strange.join(', ')} of its address means nothing here; known are ${[...known].join(', ')}`);
  }
  return {
    hosts: socket ? [socketAt(socket, hosts[0]?.port ?? PORT)] : hosts,
    user: decode(url.username) || userInfo().username,
    password: decode(url.password),
    database: decode(url.pathname.slice(1)),
    tls: socket ? null : tls,
    startup,
  };
}

/** Several hosts may stand in one address, separated by commas, which no URL knows of. */
function split(text: string): { readonly url: URL; readonly hosts: readonly Host[] } {
  const [, scheme = '', user = '', places = '', rest = ''] =
    /^(postgres(?:ql)?:\/\/)([^/?]*@)?([^/?]*)(.*)$/s.exec(text) ?? [];
  const names = places.split(',');
  const probe = `${scheme}${user}${names[0]}${rest}`;
  if (scheme === '' || !URL.canParse(probe)) refuse('its address cannot be read');
  return { url: new URL(probe), hosts: names.map(readHost) };
}

function readHost(text: string): Host {
  const [, name = '', port = String(PORT)] = /^(\[[^\]]+\]|[^:]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (name === '') refuse('the host of its address cannot be read');
  return { name: decode(name.replace(/^\[(.*)\]$/, '$1')), port: Number(port) };
}

const socketAt = (folder: string, port: number): Host =>
  folder.startsWith('/')
    ? { name: folder, port, path: `${folder}/.s.PGSQL.${port}` }
    : refuse('the parameter host of its address must be the folder of a socket');

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('in user, password, host and database of its address % must be written as %25');
  }
}

type Take = (name: string) => string | undefined;

/** Of libpq and of other programs' pools: nothing follows from them here. */
const IGNORED = [
  ...[
    'application_name',
    'connect_timeout',
    'gssencmode',
    'krbsrvname',
    'client_encoding',
    'fallback_application_name',
  ],
  ...['keepalives', 'keepalives_idle', 'keepalives_interval', 'keepalives_count', 'tcp_user_timeout'],
];

function readStartup(take: Take): Record<string, string> {
  // The answer to a password is bound to no channel here: who insists on it is told.
  if (take('channel_binding') === 'require')
    refuse('channel_binding=require is not known here: take it out, and set sslmode=verify-full');
  const wanted = take('target_session_attrs');
  if (wanted && !['any', 'read-write', 'primary'].includes(wanted)) {
    refuse(`target_session_attrs=${wanted} leads to a server that takes no writes: use read-write, or leave it out`);
  }
  const options = take('options');
  return options ? { options } : {};
}

type Mode = Pick<Tls, 'isOptional' | 'verify'>;
const MODES: Readonly<Record<string, Mode | null>> = {
  disable: null,
  allow: null,
  prefer: { isOptional: true, verify: 'nothing' },
  require: { isOptional: false, verify: 'nothing' },
  'verify-ca': { isOptional: false, verify: 'chain' },
  'verify-full': { isOptional: false, verify: 'chain and name' },
};

function readTls(take: Take): Tls | null {
  const ssl = take('ssl');
  const word = take('sslmode') ?? (ssl === 'true' || ssl === '1' ? 'require' : undefined);
  const root = take('sslrootcert');
  const [cert, key] = [take('sslcert'), take('sslkey')];
  const isDirect = take('sslnegotiation') === 'direct';
  const name = word ?? (root === undefined ? 'disable' : 'verify-full');
  const mode = Object.hasOwn(MODES, name) ? MODES[name] : undefined;
  if (mode === undefined) return refuse(`sslmode=${name} is none of ${Object.keys(MODES).join(', ')}`);
  if (mode === null) return null;
  return {
    ...mode,
    // As libpq has it: who names a root means it to be looked at, and the roots of the system only with the name.
    verify: root === 'system' ? 'chain and name' : mode.verify === 'nothing' && root ? 'chain' : mode.verify,
    isDirect,
    ...(root && root !== 'system' ? { ca: readPem('sslrootcert', root) } : {}),
    ...(cert ? { cert: readPem('sslcert', cert) } : {}),
    ...(key ? { key: readPem('sslkey', key) } : {}),
  };
}

function readPem(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    return refuse(`${parameter}=${path} of its address cannot be read: ${(cause as Error).message}`);
  }
}
