import type { DriverService, DriverSetting, DriverVariables } from './config/drivers.ts';
import {
  type AddressList,
  optional,
  parseAddressList,
  parseClients,
  parseCount,
  parseDatabaseUrl,
  parseHost,
  parseMasterKey,
  parseOrigin,
  parsePort,
  parseRanges,
  parseSwitch,
  parseTimezone,
  parseWord,
  Refusal,
  refuse,
} from './config/values.ts';
import { isLocale, LOCALES, type Locale } from './core/locale.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';

export type { DriverVariables } from './config/drivers.ts';
export type { AddressList } from './config/values.ts';

/** What the environment says, checked and with defaults filled in. */
export interface Config {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** An origin without trailing slash; null = `http://localhost:PORT`, once the port is known. */
  readonly publicUrl: string | null;
  readonly dataDir: string;
  /** `postgres://…`; null = SQLite in the data directory. */
  readonly databaseUrl: string | null;
  /** Connections that this process holds to PostgreSQL at most, one more besides. */
  readonly databasePool: number;
  /** 32 bytes; null = the file in the data directory. */
  readonly masterKey: Uint8Array | null;
  /** IANA name. */
  readonly timezone: string;
  readonly locale: Locale;
  /** ISO 4217. */
  readonly currency: string;
  readonly notifyAllow: AddressList;
  /** CIDR notation. */
  readonly trustedProxies: readonly string[];
  readonly metricsToken: string | null;
  /** From where the desk can be reached, in CIDR notation; empty: from everywhere. */
  readonly adminAllow: readonly string[];
  readonly publicHome: boolean;
  readonly logLevel: LogLevel;
  readonly rateLimit: boolean;
  /** Of the built-in simulator; null = the usual one, or any that is free. */
  readonly simulatorPort: number | null;
  /** Where payers' browsers find the built-in simulator; null = the public URL's host, and its port. */
  readonly simulatorUrl: string | null;
  /** Paths of PEM files. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** Gateway origins that replace the real ones, by gateway and service. */
  readonly origins: Readonly<Record<string, string>>;
  /** What the operator chose for single gateways, by gateway and setting. */
  readonly gatewaySettings: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The message is one line: variable, what was expected, what came, an example. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly variable: string;

  constructor(variable: string, problem: string, example: string) {
    super(`${variable} ${problem}. Example: ${variable}=${example}`);
    this.variable = variable;
  }
}

export interface ConfigVariable<T = unknown> {
  readonly name: string;
  /** Text that is read when the variable is unset or empty; '' = nothing. */
  readonly fallback: string;
  readonly meaning: string;
  readonly example: string;
  /** Its value is shown nowhere. */
  readonly secret?: true;
  /** Throws `Refusal`. `''` comes only from `fallback`. */
  readonly parse: (text: string) => T;
}

const SETTINGS = {
  host: {
    name: 'PAYCORE_HOST',
    fallback: '127.0.0.1',
    meaning: 'Address to listen on.',
    example: '0.0.0.0',
    parse: parseHost,
  },
  port: {
    name: 'PAYCORE_PORT',
    fallback: '8080',
    meaning: 'Port to listen on; 0 picks a free one.',
    example: '8080',
    parse: parsePort,
  },
  publicUrl: {
    name: 'PAYCORE_PUBLIC_URL',
    fallback: '',
    meaning: 'What payers and gateways see; http://localhost:PORT when unset.',
    example: 'https://pay.example.com',
    parse: optional(parseOrigin),
  },
  dataDir: {
    name: 'PAYCORE_DATA_DIR',
    fallback: './paycore-data',
    meaning: 'Database, master key, backups and log.',
    example: '/var/lib/paycore',
    parse: (text) => (text.includes('\0') ? refuse('must be a path') : text),
  },
  databaseUrl: {
    name: 'PAYCORE_DATABASE_URL',
    fallback: '',
    meaning: 'PostgreSQL to keep everything in; SQLite in the data directory when unset.',
    example: 'postgres://paycore:password@db.example.com:5432/paycore',
    secret: true as const,
    parse: optional(parseDatabaseUrl),
  },
  databasePool: {
    name: 'PAYCORE_DATABASE_POOL',
    fallback: '16',
    meaning: 'Connections to PostgreSQL that one process works through; it keeps one more beside them.',
    example: '16',
    parse: parseCount(2, 200),
  },
  masterKey: {
    name: 'PAYCORE_MASTER_KEY',
    fallback: '',
    meaning: 'Key that encrypts credentials; a file in the data directory when unset.',
    example: '"$(head -c 32 /dev/urandom | base64)"',
    secret: true as const,
    parse: optional(parseMasterKey),
  },
  timezone: {
    name: 'PAYCORE_TIMEZONE',
    fallback: 'Asia/Taipei',
    meaning: "The merchant's day.",
    example: 'Asia/Taipei',
    parse: parseTimezone,
  },
  locale: {
    name: 'PAYCORE_LOCALE',
    fallback: 'zh-tw',
    meaning: 'Default language of payer pages.',
    example: 'zh-tw',
    parse: (text) => (isLocale(text) ? text : refuse(`must be one of ${LOCALES.join(', ')}`)),
  },
  currency: {
    name: 'PAYCORE_CURRENCY',
    fallback: 'TWD',
    meaning: 'Main currency of the overview.',
    example: 'TWD',
    parse: (text) => (/^[A-Z]{3}$/.test(text) ? text : refuse('must be an ISO 4217 code of three upper-case letters')),
  },
  notifyAllow: {
    name: 'PAYCORE_NOTIFY_ALLOW',
    fallback: '',
    meaning: 'Hosts, addresses and CIDR ranges that notifications may reach besides public ones, any port.',
    example: 'localhost,192.168.1.0/24,shop.lan',
    parse: parseAddressList,
  },
  trustedProxies: {
    name: 'PAYCORE_TRUSTED_PROXIES',
    fallback: '',
    meaning: 'Proxies whose X-Forwarded-For counts.',
    example: '127.0.0.1,10.0.0.0/8',
    parse: parseRanges,
  },
  metricsToken: {
    name: 'PAYCORE_METRICS_TOKEN',
    fallback: '',
    meaning: 'Bearer token that opens /metrics; closed when unset.',
    example: 'a-long-random-text',
    secret: true as const,
    parse: optional((text) =>
      /^[\x21-\x7e]{1,200}$/.test(text)
        ? text
        : refuse('must be at most 200 printable ASCII characters without spaces'),
    ),
  },
  adminAllow: {
    name: 'PAYCORE_ADMIN_ALLOW',
    fallback: '',
    meaning: 'Addresses and CIDR ranges that may reach /admin; every one when unset.',
    example: '203.0.113.7,192.168.1.0/24,localhost',
    parse: parseClients,
  },
  publicHome: {
    name: 'PAYCORE_PUBLIC_HOME',
    fallback: 'off',
    meaning: 'Show figures to everybody on the home overview.',
    example: 'off',
    parse: parseSwitch,
  },
  logLevel: {
    name: 'PAYCORE_LOG_LEVEL',
    fallback: 'info',
    meaning: 'Lowest level that is logged.',
    example: 'info',
    parse: parseWord(LOG_LEVELS),
  },
  rateLimit: {
    name: 'PAYCORE_RATE_LIMIT',
    fallback: 'on',
    meaning: 'Limit requests per address and key.',
    example: 'on',
    parse: parseSwitch,
  },
  simulatorPort: {
    name: 'PAYCORE_SIMULATOR_PORT',
    fallback: '',
    meaning: 'Port of the built-in simulator, which runs while a project practises; 9090, or any free one, when unset.',
    example: '9090',
    parse: optional(parsePort),
  },
  simulatorUrl: {
    name: 'PAYCORE_SIMULATOR_URL',
    fallback: '',
    meaning: 'Where browsers reach the built-in simulator; the host of the public URL with its port when unset.',
    example: 'https://practice.example.com',
    parse: optional(parseOrigin),
  },
  tlsCert: {
    name: 'PAYCORE_TLS_CERT',
    fallback: '',
    meaning: 'PEM file; serves https directly, with PAYCORE_TLS_KEY.',
    example: '/etc/paycore/cert.pem',
    parse: optional(String),
  },
  tlsKey: {
    name: 'PAYCORE_TLS_KEY',
    fallback: '',
    meaning: 'PEM file with the private key of PAYCORE_TLS_CERT.',
    example: '/etc/paycore/key.pem',
    parse: optional(String),
  },
} satisfies Record<string, ConfigVariable>;

const NO_DRIVERS: DriverVariables = { settings: [], services: [] };

function describeSetting({ variable, words, fallback, meaning }: DriverSetting): ConfigVariable<string> {
  return { name: variable, fallback, meaning, example: fallback, parse: parseWord(words) };
}

function describeOrigin({ key, name }: DriverService): ConfigVariable<string | null> {
  return {
    name: `PAYCORE_${key.toUpperCase()}_URL`,
    fallback: '',
    meaning: `Origin that replaces ${name} in every environment; paths stay.`,
    example: 'http://127.0.0.1:9090',
    parse: optional(parseOrigin),
  };
}

/** Names of the variables that replace gateways' origins. */
export function listOriginVariables({ services }: DriverVariables): readonly string[] {
  return services.map((service) => describeOrigin(service).name);
}

/** Every variable that is read, in the order of the documentation. */
export function listVariables({ settings, services }: DriverVariables = NO_DRIVERS): readonly ConfigVariable[] {
  return [...Object.values(SETTINGS), ...settings.map(describeSetting), ...services.map(describeOrigin)];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** `PAYCORE_…` variables that nothing reads: most likely misspelt. */
export function listUnknownVariables(env: Environment, drivers: DriverVariables = NO_DRIVERS): readonly string[] {
  const known = new Set(listVariables(drivers).map(({ name }) => name));
  return Object.keys(env).filter((name) => name.startsWith('PAYCORE_') && !known.has(name));
}

type Settings = { readonly [Key in keyof typeof SETTINGS]: ReturnType<(typeof SETTINGS)[Key]['parse']> };

/** Reads the environment; an empty variable counts as unset. Throws `ConfigError` for the first wrong one. */
export function readConfig(env: Environment, drivers: DriverVariables = NO_DRIVERS): Config {
  const entries = Object.entries(SETTINGS).map(([key, row]) => [key, readVariable<unknown>(row, env)]);
  const { tlsCert, tlsKey, ...settings } = Object.fromEntries(entries) as Settings;
  return {
    ...settings,
    tls: readTls(tlsCert, tlsKey),
    origins: readOrigins(env, drivers),
    gatewaySettings: readGatewaySettings(env, drivers),
  };
}

function readVariable<T>(row: ConfigVariable<T>, env: Environment): T {
  const text = env[row.name]?.trim() ?? '';
  try {
    return row.parse(text === '' ? row.fallback : text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const came = row.secret ? 'but is something else' : `but is ${quote(text)}`;
    throw new ConfigError(row.name, `${error.message}, ${came}`, row.example);
  }
}

/** One line whatever came, without the password of an address. */
function quote(text: string): string {
  const short = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return JSON.stringify(short.replace(/\/\/[^/@]*@/, '//…@'));
}

function readTls(certFile: string | null, keyFile: string | null): Config['tls'] {
  if (certFile && keyFile) return { certFile, keyFile };
  if (!certFile && !keyFile) return null;
  const [missing, given] = certFile ? [SETTINGS.tlsKey, SETTINGS.tlsCert] : [SETTINGS.tlsCert, SETTINGS.tlsKey];
  throw new ConfigError(missing.name, `must be set too, since ${given.name} is`, missing.example);
}

function readOrigins(env: Environment, { services }: DriverVariables): Config['origins'] {
  const origins: Record<string, string> = {};
  for (const service of services) {
    const origin = readVariable(describeOrigin(service), env);
    if (origin !== null) origins[service.key] = origin;
  }
  return origins;
}

function readGatewaySettings(env: Environment, { settings }: DriverVariables): Config['gatewaySettings'] {
  const chosen: Record<string, Record<string, string>> = {};
  for (const setting of settings) {
    const value = readVariable(describeSetting(setting), env);
    chosen[setting.gateway] = { ...chosen[setting.gateway], [setting.name]: value };
  }
  return chosen;
}
