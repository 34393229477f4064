import { readAssetNow } from '../../assets.ts';
import type { Language, Sample } from '../types.ts';

/** Samples that are files (`docs/examples`), which anybody may download too. */

/** Where `paycore demo` listens: what a file names as the address of the installation. */
const URL_IN_FILES = 'http://localhost:8080';

interface SampleFile {
  readonly language: Language;
  /** Below `docs/examples`. */
  readonly file: string;
  /** Instead of the language's own name. */
  readonly title?: string;
}

/** By the name that a guide gives: `@samples NAME`. */
const SETS = {
  'first-payment': [
    { language: 'curl', file: 'first-payment/first-payment.sh' },
    { language: 'node', file: 'first-payment/first-payment.mjs' },
    { language: 'php', file: 'first-payment/first-payment.php' },
    { language: 'python', file: 'first-payment/first_payment.py' },
  ],
  'verify-notification': [
    { language: 'curl', file: 'verify-notification/verify-notification.sh', title: 'Shell' },
    { language: 'node', file: 'verify-notification/verify-notification.mjs' },
    { language: 'php', file: 'verify-notification/verify-notification.php', title: 'PHP' },
    { language: 'python', file: 'verify-notification/verify_notification.py' },
  ],
  'query-when-in-doubt': [
    { language: 'curl', file: 'query-when-in-doubt/query-when-in-doubt.sh' },
    { language: 'node', file: 'query-when-in-doubt/query-when-in-doubt.mjs' },
    { language: 'php', file: 'query-when-in-doubt/query-when-in-doubt.php' },
    { language: 'python', file: 'query-when-in-doubt/query_when_in_doubt.py' },
  ],
  shop: [
    { language: 'node', file: 'shop-node/shop.mjs' },
    { language: 'php', file: 'shop-php/index.php', title: 'PHP' },
    { language: 'php', file: 'shop-laravel/app/Http/Controllers/ShopController.php', title: 'Laravel' },
    { language: 'php', file: 'shop-laravel/routes/web.php', title: 'Laravel: routes' },
    {
      language: 'php',
      file: 'shop-laravel/database/migrations/2026_01_01_000000_create_shop_tables.php',
      title: 'Laravel: tables',
    },
    { language: 'python', file: 'shop-python/shop.py' },
  ],
} as const satisfies Readonly<Record<string, readonly SampleFile[]>>;

export type SampleSet = keyof typeof SETS;
export const SAMPLE_SETS = Object.keys(SETS) as readonly SampleSet[];

/** Samples of that name, for an installation at this address. Throws when there are none. */
export function findSamples(name: string, url: string): readonly Sample[] {
  if (!isSet(name)) throw new Error(`no samples are called ${name}; there are ${SAMPLE_SETS.join(', ')}`);
  return SETS[name].map(({ file, ...told }) => ({
    ...told,
    file: `examples/${file}`,
    code: readSampleFile(`examples/${file}`, url).trimEnd(),
  }));
}

/** What can be downloaded: all of the samples, and how to start them. */
export function listSampleFiles(): readonly string[] {
  const samples = Object.values(SETS).flatMap((set) => set.map(({ file }) => file));
  return ['README.md', ...samples].map((file) => `examples/${file}`);
}

/** One of `listSampleFiles`, for an installation at this address. */
export function readSampleFile(file: string, url: string): string {
  return readAssetNow(`assets/${file}`).replaceAll(URL_IN_FILES, url);
}

function isSet(name: string): name is SampleSet {
  return Object.hasOwn(SETS, name);
}
