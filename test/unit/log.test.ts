import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileSink, createLog } from '../../src/log.ts';
import { costOf } from '../support/cost.ts';
import { capture, entryOf } from '../support/log.ts';

describe('createLog', () => {
  test('writes one JSON line with time, level and message first', () => {
    expect(entryOf('hello', { a: 1 }).line).toBe(
      '{"time":"1970-01-01T00:00:00.000Z","level":"info","msg":"hello","a":1}',
    );
  });

  test('drops what is below its level', () => {
    const { lines, log } = capture('warn');
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['c', 'd']);
  });

  test('children add their fields', () => {
    const { lines, log } = capture();
    log.child({ request: 'r1' }).child({ part: 'x' }).info('m', { part: 'y' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ request: 'r1', part: 'y' });
  });

  test('fields cannot pose as time, level or message', () => {
    expect(entryOf('m', { msg: 'forged', level: 'x' }).entry).toMatchObject({
      msg: 'm',
      level: 'info',
      msg_: 'forged',
    });
  });

  test('never throws, neither for the sink nor for a hostile object', () => {
    const log = createLog({
      level: 'debug',
      now: () => 0,
      write: () => {
        throw new Error('disk full');
      },
    });
    expect(() => log.info('m')).not.toThrow();
    const hostile = {
      get boom() {
        throw new Error('no');
      },
    };
    expect(entryOf('m', { hostile }).entry.hostile).toEqual({ boom: '[unreadable]' });
  });
});

describe('size and shape', () => {
  test('errors carry name, message, code, stack and cause', () => {
    const error = Object.assign(new TypeError('broken', { cause: 'why' }), { code: 'EX', config: { password: 'x' } });
    const { entry } = entryOf('m', { error });
    expect(entry.error).toMatchObject({ name: 'TypeError', message: 'broken', code: 'EX', cause: 'why' });
    expect(entry.error).toHaveProperty('stack');
    expect(entry.error).not.toHaveProperty('config');
  });

  test('circles, depth, width, long texts and odd types are bounded', () => {
    const circle: Record<string, unknown> = {
      n: 10n,
      f: () => 1,
      d: new Date(0),
      b: new Uint8Array(9),
      nan: Number.NaN,
    };
    circle.self = circle;
    let deep: unknown = 'end';
    for (let i = 0; i < 20; i += 1) deep = { deep };
    const { entry, line } = entryOf('m', {
      circle,
      deep,
      wide: Array.from({ length: 1000 }, () => 'x'),
      long: 'y'.repeat(9e5),
    });
    expect(entry.circle).toEqual({
      n: '10',
      f: '[function]',
      d: '1970-01-01T00:00:00.000Z',
      b: '[9 bytes]',
      nan: 'NaN',
      self: '[circular]',
    });
    expect(JSON.stringify(entry.deep)).toContain('[too deep]');
    expect(entry.wide).toHaveLength(51);
    expect(line.length).toBeLessThan(5000);
  });

  test('a tree that is wide at every depth stays small', () => {
    const grow = (depth: number): unknown =>
      depth === 0 ? 'x'.repeat(5000) : Array.from({ length: 40 }, () => grow(depth - 1));
    expect(entryOf('m', { tree: grow(3) }).line.length).toBeLessThan(1_500_000);
  });

  test('a line stays a line', () => {
    const { line, entry } = entryOf('a\nb\u0085c\u2028d\u001b[31m');
    expect(line).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(entry.msg).toBe('a\nb\u0085c\u2028d\u001b[31m');
  });

  test('a hostile text is cleaned quickly', async () => {
    const cost = await costOf(() => {
      for (const part of ['token', '"token"', 'secret_', 'Bearer ', 'token:', '?t=', 'apikey='])
        entryOf(part.repeat(50_000));
    });
    expect(cost).toBeLessThan(1000);
  });
});

describe('createFileSink', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'paycore-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('appends lines to a file of its owner', () => {
    const path = join(folder, 'a.log');
    for (const line of ['one', 'two']) {
      const sink = createFileSink(path);
      sink.write(line);
      sink.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('rotates and keeps so many', () => {
    const path = join(folder, 'a.log');
    const sink = createFileSink(path, { maxBytes: 10, keep: 2 });
    for (const line of ['aaaaaa', 'bbbbbb', 'cccccc', 'dddddd']) sink.write(line);
    sink.close();
    const read = (suffix: string) => readFileSync(path + suffix, 'utf8');
    expect([read(''), read('.1'), read('.2')]).toEqual(['dddddd\n', 'cccccc\n', 'bbbbbb\n']);
    expect(existsSync(`${path}.3`)).toBe(false);
  });

  test('keeps none when told so', () => {
    const path = join(folder, 'a.log');
    const sink = createFileSink(path, { maxBytes: 10, keep: 0 });
    for (const line of ['aaaaaa', 'bbbbbb']) sink.write(line);
    sink.close();
    expect(readFileSync(path, 'utf8')).toBe('bbbbbb\n');
    expect(existsSync(`${path}.1`)).toBe(false);
  });

  test('drops lines instead of throwing', () => {
    expect(() => createFileSink(join(folder, 'missing', 'a.log')).write('x')).not.toThrow();
    expect(() => createFileSink('/dev/full').write('no space left on this device')).not.toThrow();
  });
});
