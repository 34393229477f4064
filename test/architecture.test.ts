import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The rules of the layout, held by reading the source. */

const ROOT = resolve(import.meta.dir, '..');
const SKIPPED = new Set(['node_modules', 'dist', '.git', 'paycore-data', 'vectors', 'shots']);

function listFiles(folder: string, wanted: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : listFiles(path, wanted);
    return wanted.test(path) ? [path] : [];
  });
}

const CODE = /\.tsx?$/;
interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

interface Source {
  readonly path: string;
  readonly text: string;
  /** Without comments. */
  readonly code: string;
  readonly lines: readonly string[];
  readonly imports: readonly Import[];
}

function readSource(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/(^|\s)\/\/ .*$/gm, '$1');
  return { path, text, code, lines: text.trimEnd().split('\n'), imports: readImports(code) };
}

const STATEMENT =
  /^(?:import|export)\s+(?<type>type\s)?(?<names>[^;'"]*?)\s*from\s+'(?<from>[^']+)'|^import\s+'(?<bare>[^']+)'/gm;

function readImports(code: string): Import[] {
  const fixed = [...code.matchAll(STATEMENT)].map(({ groups }) => ({
    from: groups?.from ?? groups?.bare ?? '',
    typeOnly: groups?.type !== undefined || onlyTypes(groups?.names ?? ''),
  }));
  const lazy = [...code.matchAll(/\bimport\('([^']+)'\)/g)].map(([, from = '']) => ({ from, typeOnly: false }));
  return [...fixed, ...lazy];
}

/** `{ type A, type B }` */
function onlyTypes(names: string): boolean {
  const inner = /^\{([^}]*)\}$/.exec(names.trim())?.[1];
  const parts =
    inner
      ?.split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '') ?? [];
  return parts.length > 0 && parts.every((part) => part.startsWith('type '));
}

const sources = listFiles('src', CODE).map(readSource);
const everything = [...sources, ...['test', 'scripts'].flatMap((folder) => listFiles(folder, CODE)).map(readSource)];

/** Path from the root of what a relative import means; null for packages. */
function target(source: Source, { from }: Import): string | null {
  return from.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(source.path), from)) : null;
}

/** `src/http/api.ts` → `http`; files of `src` itself by their own name. */
function areaOf(path: string): string {
  const [, first = '', second] = path.split('/');
  return second === undefined ? first.replace(/\.tsx?$/, '') : first;
}

/** Written by a script, and read by nobody but the compiler; a test says when it has fallen behind. */
const GENERATED = ['src/client/schema.ts'];

const LEAVES = ['security', 'config', 'log', 'scope', 'deps', 'assets'];
/** What each area may import at run time besides itself, `core` and the leaves. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ['cli'],
  cli: ['program', 'metrics', 'simulator', 'demo', 'payments', 'people', 'alerts', 'store', 'gateways', 'notify'],
  program: ['http', 'jobs', 'payments', 'alerts', 'store', 'gateways', 'notify'],
  http: ['payments', 'people', 'alerts', 'store', 'gateways', 'notify', 'developers', 'pages'],
  developers: [],
  client: [],
  people: ['store'],
  alerts: ['store', 'notify'],
  jobs: ['payments', 'alerts', 'store', 'gateways', 'notify'],
  demo: ['payments', 'store', 'gateways', 'notify'],
  metrics: ['payments'],
  payments: ['store', 'gateways', 'notify', 'pages'],
  store: [],
  gateways: [],
  notify: [],
  pages: ['developers'],
  core: [],
  security: [],
  config: [],
  log: [],
  scope: [],
  deps: [],
  assets: [],
};

function listWrongImports(): string[] {
  return sources.flatMap((source) =>
    source.imports
      .filter((one) => !one.typeOnly)
      .flatMap((one) => {
        const path = target(source, one);
        if (path === null || !CODE.test(path)) return [];
        return isAllowed(source.path, path) ? [] : [`${source.path} imports ${path}`];
      }),
  );
}

function isAllowed(from: string, to: string): boolean {
  const [own, other] = [areaOf(from), areaOf(to)];
  // It is published by itself: nothing of the rest is there then.
  if (own === 'client') return other === 'client';
  if (own === 'simulator') return other === 'simulator' || to === 'src/assets.ts';
  if (own === other) return true;
  if (own === 'core') return false;
  if (other === 'core' || LEAVES.includes(other)) return true;
  return MAY_IMPORT[own]?.includes(other) ?? false;
}

describe('imports', () => {
  test('every folder of src has a rule', () => {
    const areas = new Set(sources.map((source) => areaOf(source.path)).filter((area) => area !== 'simulator'));
    expect([...areas].filter((area) => !(area in MAY_IMPORT))).toEqual([]);
  });

  test('go one way: main → cli → program → http, jobs, simulator, demo → payments → store, gateways, notify → core', () => {
    expect(listWrongImports()).toEqual([]);
  });

  test('only the program knows which drivers there are', () => {
    const knowing = sources.filter((source) =>
      source.imports.some((one) => !one.typeOnly && target(source, one) === 'src/gateways/index.ts'),
    );
    expect(knowing.map((source) => source.path)).toEqual(['src/program.ts']);
  });

  test('a type of the simulator or the drivers does not cross over either', () => {
    const crossing = sources.flatMap((source) =>
      source.imports
        .map((one) => target(source, one) ?? '')
        .filter((path) => path !== 'src/assets.ts' && path !== '')
        .filter((path) => areaOf(source.path) === 'simulator' && areaOf(path) !== 'simulator')
        .map((path) => `${source.path} ← ${path}`),
    );
    expect(crossing).toEqual([]);
  });

  test('go in no circle, those of types neither', () => {
    expect(findCycle()).toEqual([]);
  });

  test('of Elysia are in http only, of drizzle in the store only', () => {
    const importing = (name: RegExp) =>
      sources.filter(({ imports }) => imports.some(({ from }) => name.test(from))).map(({ path }) => path);
    const outside = (paths: readonly string[], room: string) =>
      paths.filter((path) => !path.startsWith(`src/${room}/`));
    expect(outside(importing(/^(elysia|@elysiajs\/|@sinclair\/typebox)/), 'http')).toEqual([]);
    expect(outside(importing(/^drizzle-orm/), 'store')).toEqual([]);
  });

  test('of the client are its own files alone, types too, and nothing else imports it', () => {
    const crossing = sources.flatMap((source) =>
      source.imports
        .map((one) => ({ one, to: target(source, one) }))
        .filter(({ to }) => (areaOf(source.path) === 'client') !== (to !== null && areaOf(to) === 'client'))
        .map(({ one }) => `${source.path} imports ${one.from}`),
    );
    expect(crossing).toEqual([]);
  });

  test('of schemas by what answers with them are types alone', () => {
    const wrong = sources.filter(
      (source) =>
        areaOf(source.path) !== 'http' &&
        source.imports.some((one) => !one.typeOnly && target(source, one)?.startsWith('src/http/schema/')),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

function findCycle(): string[] {
  const graph = new Map(
    sources.map((source) => [source.path, source.imports.flatMap((one) => target(source, one) ?? [])]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const walk = (path: string, way: readonly string[]): string[] => {
    if (state.get(path) === 'done') return [];
    if (state.get(path) === 'open') return [...way.slice(way.indexOf(path)), path];
    state.set(path, 'open');
    for (const next of graph.get(path) ?? []) {
      const cycle = walk(next, [...way, path]);
      if (cycle.length > 0) return cycle;
    }
    state.set(path, 'done');
    return [];
  };
  for (const path of graph.keys()) {
    const cycle = walk(path, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

describe('places', () => {
  const offenders = (pattern: RegExp, allowed: (path: string) => boolean) =>
    sources.filter((source) => !allowed(source.path) && pattern.test(source.code)).map((source) => source.path);

  test('Bun itself is called in few files', () => {
    const allowed = (path: string) =>
      ['src/assets.ts', 'src/people/passwords.ts'].includes(path) ||
      path.startsWith('src/store/engines/sqlite') ||
      path.startsWith('src/cli/');
    expect(offenders(/\bBun\.|import\.meta\.(dir|main)\b/, allowed)).toEqual([]);
    const databases = sources.filter((source) =>
      source.imports.some((one) => /^bun(:|$)/.test(one.from) && !one.typeOnly),
    );
    expect(databases.map((source) => source.path).filter((path) => !allowed(path))).toEqual([]);
    const types = sources.filter((source) => source.imports.some((one) => /^bun(:|$)/.test(one.from)));
    expect(types.map((source) => source.path).filter((path) => !path.startsWith('src/store/'))).toEqual([]);
  });

  test('SQL is in the store only', () => {
    const sql =
      /['"`]\s*(SELECT\s[\s\S]+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s|BEGIN\b(?!:)|CREATE\s+TABLE)/;
    expect(offenders(sql, (path) => path.startsWith('src/store/'))).toEqual([]);
  });

  test('the process is ended in main.ts only', () => {
    expect(offenders(/\bprocess\s*\.\s*exit(Code)?\b/, (path) => path === 'src/main.ts')).toEqual([]);
  });

  test('the environment is read in cli only', () => {
    expect(offenders(/\bprocess\s*\.\s*env\b/, (path) => path.startsWith('src/cli/'))).toEqual([]);
  });
});

describe('shape', () => {
  test('no file is longer than 350 lines', () => {
    const long = everything.filter(({ path, lines }) => lines.length > 350 && !GENERATED.includes(path));
    expect(long.map((source) => `${source.path}: ${source.lines.length}`)).toEqual([]);
  });

  test('no function is longer than 70 lines', () => {
    expect(sources.flatMap(listLongFunctions)).toEqual([]);
  });

  test('nothing is typed any', () => {
    const any = /(?::|\bas|<|,|\||&|=>?)\s*any(?:\[\]|\s*[;,)>|&=\]}]|\s*$)/m;
    expect(everything.filter((source) => any.test(source.code)).map((source) => source.path)).toEqual([]);
  });

  test('no script of the browser gets round the checker', () => {
    const scripts = listFiles('web', /\.js$/);
    expect(scripts.filter((path) => /@ts-|\{any\b/.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
    expect(scripts.map(readSource).filter((source) => source.lines.length > 350)).toEqual([]);
  });

  test('nothing but the script of the build server looks outside the repository', () => {
    const outside = ['..', 'shared'].join('/');
    const files = listFiles('', /\.(tsx?|js|json|md|sql|css|toml|sh|ya?ml)$|\/run$|Dockerfile/);
    const naming = files.filter(
      (path) => path !== '.ci/run' && readFileSync(join(ROOT, path), 'utf8').includes(outside),
    );
    expect(naming).toEqual([]);
  });
});

/** The formatter sets indentation, so a function ends at the first line that closes at the indentation it began with. */
const OPENS = /^(?!\s*(?:if|for|while|switch|catch|else|try|do|describe|return)\b).*(?:=> [{(]|\)(?:: [^=]+)? \{)$/;

function listLongFunctions({ path, lines }: Source): string[] {
  return lines.flatMap((line, start) => {
    if (!OPENS.test(line) || /^\s*\}/.test(line)) return [];
    const indent = line.length - line.trimStart().length;
    const closing = new RegExp(`^ {${indent}}[})]`);
    const length = lines.slice(start + 1).findIndex((other) => closing.test(other)) + 2;
    return length > 70 ? [`${path}:${start + 1} has ${length} lines`] : [];
  });
}
