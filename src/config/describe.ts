import { type Config, type ConfigVariable, type DriverVariables, listVariables } from '../config.ts';

/** What the program runs with, for people: never a secret. */

export interface DescribedVariable {
  readonly name: string;
  /** Empty: nothing. Of a secret only whether it is set. */
  readonly value: string;
  /** It is not what it would be unless configured. */
  readonly isChanged: boolean;
  readonly isSecret: boolean;
  /** In English. */
  readonly meaning: string;
  readonly example: string;
  /** Whose origin it replaces; null: it is about something else. */
  readonly replaces: string | null;
}

type Value = string | number | boolean | Uint8Array | readonly string[] | null | undefined;

const VALUES: Readonly<Record<string, (config: Config) => Value>> = {
  PAYCORE_HOST: ({ host }) => host,
  PAYCORE_PORT: ({ port }) => port,
  PAYCORE_PUBLIC_URL: ({ publicUrl }) => publicUrl,
  PAYCORE_DATA_DIR: ({ dataDir }) => dataDir,
  PAYCORE_DATABASE_URL: ({ databaseUrl }) => databaseUrl,
  PAYCORE_DATABASE_POOL: ({ databasePool }) => databasePool,
  PAYCORE_MASTER_KEY: ({ masterKey }) => masterKey,
  PAYCORE_TIMEZONE: ({ timezone }) => timezone,
  PAYCORE_LOCALE: ({ locale }) => locale,
  PAYCORE_CURRENCY: ({ currency }) => currency,
  PAYCORE_NOTIFY_ALLOW: ({ notifyAllow: { hosts, ranges } }) => [...hosts, ...ranges],
  PAYCORE_TRUSTED_PROXIES: ({ trustedProxies }) => trustedProxies,
  PAYCORE_METRICS_TOKEN: ({ metricsToken }) => metricsToken,
  PAYCORE_ADMIN_ALLOW: ({ adminAllow }) => adminAllow,
  PAYCORE_PUBLIC_HOME: ({ publicHome }) => publicHome,
  PAYCORE_LOG_LEVEL: ({ logLevel }) => logLevel,
  PAYCORE_RATE_LIMIT: ({ rateLimit }) => rateLimit,
  PAYCORE_SIMULATOR_PORT: ({ simulatorPort }) => simulatorPort,
  PAYCORE_SIMULATOR_URL: ({ simulatorUrl }) => simulatorUrl,
  PAYCORE_TLS_CERT: ({ tls }) => tls?.certFile,
  PAYCORE_TLS_KEY: ({ tls }) => tls?.keyFile,
};

/** Every variable in the order of the documentation. */
export function describeConfig(config: Config, drivers: DriverVariables): readonly DescribedVariable[] {
  const ofDrivers = new Map<string, Value>([
    ...drivers.settings.map(
      ({ gateway, name, variable }) => [variable, config.gatewaySettings[gateway]?.[name]] as const,
    ),
    ...drivers.services.map(({ key }) => [nameOf(key), config.origins[key]] as const),
  ]);
  const services = new Map(drivers.services.map(({ key, name }) => [nameOf(key), name]));
  return listVariables(drivers).map((variable) => ({
    ...describe(variable, VALUES[variable.name]?.(config) ?? ofDrivers.get(variable.name)),
    replaces: services.get(variable.name) ?? null,
  }));
}

const nameOf = (key: string) => `PAYCORE_${key.toUpperCase()}_URL`;

function describe({ name, fallback, meaning, example, secret }: ConfigVariable, value: Value) {
  const isSecret = secret === true;
  const text = isSecret ? '' : write(value);
  const isChanged = isSecret ? value !== null && value !== undefined : text !== fallback;
  return { name, value: text, isChanged, isSecret, meaning, example };
}

function write(value: Value): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}
